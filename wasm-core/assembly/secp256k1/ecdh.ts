/**
 * k·P for secret k and a point P that everybody may know, with the same operations and memory accesses for every k.
 *
 * k is split in halves by the endomorphism. As in libsecp256k1 (ecmult_const), s = (k + K)/2 with
 * K = (2^130 - 2^129 - 1)·(1 + λ) is split instead, and 2^128 is added to both halves, which makes them 129-bit numbers
 * v1, v2: then k·P = Σ (2·v1_i - 31)·32^i·P + Σ (2·v2_i - 31)·32^i·λP, 26 digits each, odd, never zero. Addition and
 * doubling are complete.
 */
import { FIELD_ZERO, fieldAdd } from '../../generated/secp256k1/field'
import { completeAddAffine, completeDouble } from '../../generated/secp256k1/points'
import { ECDH_OFFSET, HALF_OFFSET, R_HALF, scalarFreeze } from '../../generated/secp256k1/scalar'
import { advanceBlinding, STRETCH } from './blinding'
import { toAffine } from './comb'
import { applyLambda } from './ecmult'
import { copyElement, toBytes, toWords } from './field'
import { PUBLIC_KEY, SECRET_KEY, SECRET_WORK, SIGNING } from './memory'
import { oddMultiplesAffine } from './points'
import { POINT, readPoint } from './public-key'
import { multiplyFrozen, readScalar } from './scalar'
import { ENTRIES, fiveBits, lookUp } from './select'
import { HALF_ONE, HALF_TWO, split } from './split'

const WINDOWS: usize = 26
/** 1, 3, …, 31 times P and λP; affine, public. */
const TABLE: usize = memory.data(16 * 80, 16)
const LAMBDA_TABLE: usize = memory.data(16 * 80, 16)

const SECRET: usize = SIGNING
const RESULT: usize = SIGNING + 40
const DIGITS_ONE: usize = SIGNING + 120
const DIGITS_TWO: usize = SIGNING + 152
const ENTRY: usize = SECRET_WORK + 88
const SUM: usize = SECRET_WORK + 168

/** Reads the `keyBytes` (33 or 65) bytes at PUBLIC_KEY and makes the table of the point. False when it is none. */
export function ecdhPoint(keyBytes: u32): bool {
  if (!readPoint(keyBytes)) return false
  oddMultiplesAffine(TABLE, ENTRIES, POINT)
  applyLambda(LAMBDA_TABLE, TABLE, ENTRIES)
  return true
}

/** SECRET_KEY times the point read before, to PUBLIC_KEY, 65 bytes. False when the key is 0 or not below n. */
export function ecdh(): bool {
  if (!readScalar(SECRET, SECRET_KEY)) return false
  fieldAdd(SECRET, SECRET, ECDH_OFFSET)
  multiplyFrozen(SECRET, SECRET, R_HALF)
  split(SECRET)
  positive(DIGITS_ONE, HALF_ONE)
  positive(DIGITS_TWO, HALF_TWO)
  copyElement(SUM, FIELD_ZERO)
  copyElement(SUM + 40, STRETCH)
  copyElement(SUM + 80, FIELD_ZERO)
  for (let i = WINDOWS; i-- > 0; ) {
    for (let j = 0; j < 5; j++) completeDouble(SUM, SUM) // the first five double the identity
    lookUp(ENTRY, TABLE, fiveBits(DIGITS_ONE, 5 * i))
    completeAddAffine(SUM, SUM, ENTRY)
    lookUp(ENTRY, LAMBDA_TABLE, fiveBits(DIGITS_TWO, 5 * i))
    completeAddAffine(SUM, SUM, ENTRY)
  }
  toAffine(RESULT, SUM)
  advanceBlinding()
  store<u8>(PUBLIC_KEY, 4)
  toBytes(PUBLIC_KEY + 1, RESULT)
  toBytes(PUBLIC_KEY + 33, RESULT + 40)
  return true
}

/** Words of a half plus 2^128, which is between 0 and 2^129. */
function positive(words: usize, half: usize): void {
  fieldAdd(half, half, HALF_OFFSET)
  scalarFreeze(half, half)
  toWords(words, half)
}
