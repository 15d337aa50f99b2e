import { fieldAdd } from '../../generated/secp256k1/field'
import { HALF_ORDER, ORDER, scalarFreeze, scalarMul } from '../../generated/secp256k1/scalar'
import { combMultiply } from './comb'
import { assignMasked, fromBytes, isBelow, isZero, subtractLimbs, toBytes } from './field'
import { DIGEST, EXTRA_ENTROPY, PUBLIC_KEY, SECRET_KEY, SIGNATURE, SIGNING } from './memory'
import { nextNonce, rejectNonce, startNonces, V } from './rfc6979'
import { enter, multiplyFrozen, readScalar, scalarInvert, scalarNegate } from './scalar'

const SECRET: usize = SIGNING
const NONCE: usize = SIGNING + 40
const POINT: usize = SIGNING + 80 // affine
const R: usize = SIGNING + 160
const S: usize = SIGNING + 200
const WORK: usize = SIGNING + 240
const REDUCED: usize = SIGNING + 280

/** Public key of SECRET_KEY to PUBLIC_KEY, 65 bytes. False when the key is 0 or not below n. */
export function publicKey(): bool {
  if (!readScalar(SECRET, SECRET_KEY)) return false
  combMultiply(POINT, SECRET)
  store<u8>(PUBLIC_KEY, 4)
  toBytes(PUBLIC_KEY + 1, POINT)
  toBytes(PUBLIC_KEY + 33, POINT + 40)
  return true
}

/**
 * Signs DIGEST with SECRET_KEY, to SIGNATURE. `extraBytes` is 0 or 32. False when the key is 0 or not below n.
 * Branches: on the key being valid, and on a nonce, r or s being unusable, which nobody will ever see.
 */
export function sign(extraBytes: usize): bool {
  if (!readScalar(SECRET, SECRET_KEY)) return false
  fromBytes(WORK, DIGEST) // bits2octets: the digest modulo n, at most one subtraction
  reduceOnce(WORK)
  toBytes(DIGEST, WORK)
  startNonces(SECRET_KEY, DIGEST, EXTRA_ENTROPY, extraBytes)
  while (true) {
    nextNonce()
    if (readScalar(NONCE, V)) {
      combMultiply(POINT, NONCE)
      memory.copy(R, POINT, 40)
      const wrapped = reduceOnce(R)
      if (!isZero(R) && finish(wrapped)) return true
    }
    rejectNonce()
  }
}

/** s = (z + r·d)/k, made low. False when it is zero. */
function finish(wrapped: u64): bool {
  enter(S, SECRET)
  multiplyFrozen(S, R, S)
  fromBytes(WORK, DIGEST)
  fieldAdd(S, S, WORK)
  scalarInvert(WORK, NONCE)
  scalarMul(S, S, WORK)
  scalarFreeze(S, S)
  if (isZero(S)) return false
  const high = isBelow(HALF_ORDER, S)
  scalarNegate(WORK, S)
  store<u32>(WORK, 0, 36)
  assignMasked(S, WORK, 0 - high)
  toBytes(SIGNATURE, R)
  toBytes(SIGNATURE + 32, S)
  const odd = <u64>load<u32>(POINT, 40) & 1
  store<u8>(SIGNATURE, <u8>((wrapped << 1) | (odd ^ high)), 64)
  return true
}

/** Subtracts n from a number below 2n when it is not below n; 1 when it did. */
function reduceOnce(a: usize): u64 {
  const below = isBelow(a, ORDER)
  subtractLimbs(REDUCED, a, ORDER)
  store<u32>(REDUCED, 0, 36)
  assignMasked(a, REDUCED, below - 1)
  return 1 - below
}
