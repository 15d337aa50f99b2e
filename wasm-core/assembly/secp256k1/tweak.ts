/** Tweaked keys by BIP-341: the key with even y, plus the tweak at DIGEST. */
import { fieldAdd } from '../../generated/secp256k1/field'
import { ORDER, SCALAR_ONE, scalarFreeze } from '../../generated/secp256k1/scalar'
import { combMultiply } from './comb'
import { multiplyPublic, SUM } from './ecmult'
import { fromBytes, isBelow, isZero, toBytes } from './field'
import { DIGEST, PUBLIC_KEY, PUBLIC_WORK, SECRET_KEY, SIGNATURE, SIGNING } from './memory'
import { jacobianToAffine } from './points'
import { POINT, readPoint } from './public-key'
import { readScalar } from './scalar'
import { negateIfOdd } from './select'

const SECRET: usize = SIGNING
const TWEAK: usize = SIGNING + 40
const SECRET_POINT: usize = SIGNING + 80 // affine
const PUBLIC_TWEAK: usize = PUBLIC_WORK + 1040

/** What stands in the way; 0 when nothing does. */
const NO_KEY: u32 = 1
const TWEAK_TOO_LARGE: u32 = 2
const NO_RESULT: u32 = 3

/** P + tweak·G for the x-only P at PUBLIC_KEY (a byte 2 and x), to PUBLIC_KEY as 2 or 3 and x. Variable time. */
export function tweakPublicKey(): u32 {
  fromBytes(PUBLIC_TWEAK, DIGEST)
  if (!readPoint(33)) return NO_KEY
  if (isBelow(PUBLIC_TWEAK, ORDER) == 0) return TWEAK_TOO_LARGE
  if (!multiplyPublic(PUBLIC_TWEAK, SCALAR_ONE, POINT)) return NO_RESULT
  jacobianToAffine(SUM, SUM)
  store<u8>(PUBLIC_KEY, 2 | (load<u8>(SUM, 40) & 1))
  toBytes(PUBLIC_KEY + 1, SUM)
  return 0
}

/** The secret key of that: SECRET_KEY, or n less it, plus tweak; to SIGNATURE, 32 bytes. Branches on these answers only. */
export function tweakSecretKey(): u32 {
  if (!readScalar(SECRET, SECRET_KEY)) return NO_KEY
  fromBytes(TWEAK, DIGEST)
  if (isBelow(TWEAK, ORDER) == 0) return TWEAK_TOO_LARGE
  combMultiply(SECRET_POINT, SECRET)
  negateIfOdd(SECRET, SECRET_POINT)
  fieldAdd(SECRET, SECRET, TWEAK)
  scalarFreeze(SECRET, SECRET)
  if (isZero(SECRET)) return NO_RESULT
  toBytes(SIGNATURE, SECRET)
  return 0
}
