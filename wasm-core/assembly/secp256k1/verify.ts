import {
  fieldAdd,
  fieldFreeze,
  fieldMul,
  fieldSqr,
  fieldSub,
  ORDER_IN_FIELD,
  PRIME_LESS_ORDER,
} from '../../generated/secp256k1/field'
import { HALF_ORDER, scalarFreeze } from '../../generated/secp256k1/scalar'
import { multiplyPublic, SUM } from './ecmult'
import { copyElement, fieldIsZero, fromBytes, isBelow, isZero, toBytes } from './field'
import { DIGEST, PUBLIC_KEY, PUBLIC_WORK, SIGNATURE } from './memory'
import { jacobianToAffine } from './points'
import { liftX, POINT, readPoint } from './public-key'
import { multiplyFrozen, readScalar, scalarInvert, scalarNegate } from './scalar'

const R: usize = PUBLIC_WORK + 1040
const S: usize = PUBLIC_WORK + 1080
const Z: usize = PUBLIC_WORK + 1120
const INVERSE: usize = PUBLIC_WORK + 1160
const WORK: usize = PUBLIC_WORK + 1200
const SQUARE: usize = PUBLIC_WORK + 1240

/** Whether SIGNATURE (r ‖ s) on DIGEST is right under the `keyBytes` (33 or 65) bytes at PUBLIC_KEY. */
export function verify(keyBytes: u32, lowS: bool): bool {
  if (!readScalar(R, SIGNATURE) || !readScalar(S, SIGNATURE + 32)) return false
  if (lowS && isBelow(HALF_ORDER, S) != 0) return false
  if (!readPoint(keyBytes)) return false
  readDigest()
  scalarInvert(INVERSE, S)
  multiplyFrozen(Z, Z, INVERSE)
  multiplyFrozen(S, R, INVERSE)
  if (!multiplyPublic(Z, S, POINT)) return false
  // x = X/Z² must be r modulo n, where x < p: either r or r + n.
  fieldSqr(SQUARE, SUM + 80)
  if (hasX(R)) return true
  if (isBelow(R, PRIME_LESS_ORDER) == 0) return false
  fieldAdd(R, R, ORDER_IN_FIELD)
  return hasX(R)
}

function hasX(x: usize): bool {
  fieldMul(WORK, x, SQUARE)
  fieldSub(WORK, WORK, SUM)
  return fieldIsZero(WORK)
}

/** Public key of SIGNATURE (r ‖ s ‖ recovery bit) on DIGEST, to PUBLIC_KEY, 65 bytes. False when there is none. */
export function recover(): bool {
  if (!readScalar(R, SIGNATURE) || !readScalar(S, SIGNATURE + 32)) return false
  const recovery = load<u8>(SIGNATURE, 64)
  copyElement(POINT, R)
  if (recovery & 2) {
    if (isBelow(R, PRIME_LESS_ORDER) == 0) return false
    fieldAdd(POINT, POINT, ORDER_IN_FIELD)
    fieldFreeze(POINT, POINT)
  }
  if (!liftX(recovery & 1)) return false
  readDigest()
  scalarInvert(INVERSE, R)
  multiplyFrozen(S, S, INVERSE)
  multiplyFrozen(Z, Z, INVERSE)
  if (!isZero(Z)) scalarNegate(Z, Z)
  if (!multiplyPublic(Z, S, POINT)) return false
  jacobianToAffine(SUM, SUM)
  store<u8>(PUBLIC_KEY, 4)
  toBytes(PUBLIC_KEY + 1, SUM)
  toBytes(PUBLIC_KEY + 33, SUM + 40)
  return true
}

function readDigest(): void {
  fromBytes(Z, DIGEST)
  scalarFreeze(Z, Z)
}
