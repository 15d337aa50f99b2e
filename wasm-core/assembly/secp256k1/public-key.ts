/** Reading public keys. Public values: variable time. */
import { CURVE_B, fieldAdd, fieldFreeze, fieldMul, fieldSqr, fieldSub, PRIME } from '../../generated/secp256k1/field'
import { fieldIsZero, fieldNegate, fieldSquareRoot, fromBytes, isBelow } from './field'
import { PUBLIC_KEY, PUBLIC_WORK } from './memory'

/** The point read last, affine. */
export const POINT: usize = PUBLIC_WORK + 880
const WORK: usize = PUBLIC_WORK + 960
const SQUARE: usize = PUBLIC_WORK + 1000

/** POINT = the public key: SEC 1 encodings 02, 03 and 04, coordinates below p, on the curve. */
export function readPoint(keyBytes: u32): bool {
  const kind = load<u8>(PUBLIC_KEY)
  fromBytes(POINT, PUBLIC_KEY + 1)
  if (isBelow(POINT, PRIME) == 0) return false
  if (keyBytes == 33) return (kind == 2 || kind == 3) && liftX(kind & 1)
  if (kind != 4) return false
  fromBytes(POINT + 40, PUBLIC_KEY + 33)
  if (isBelow(POINT + 40, PRIME) == 0) return false
  curveSide(WORK)
  fieldSqr(SQUARE, POINT + 40)
  fieldSub(SQUARE, SQUARE, WORK)
  return fieldIsZero(SQUARE)
}

/** Completes POINT from its x with the y of the given parity; false when x is not on the curve. */
export function liftX(odd: u8): bool {
  curveSide(WORK)
  fieldSquareRoot(POINT + 40, WORK)
  fieldSqr(SQUARE, POINT + 40)
  fieldSub(SQUARE, SQUARE, WORK)
  if (!fieldIsZero(SQUARE)) return false
  fieldFreeze(POINT + 40, POINT + 40)
  if ((load<u8>(POINT, 40) & 1) != odd) {
    fieldNegate(POINT + 40, POINT + 40)
    fieldFreeze(POINT + 40, POINT + 40)
  }
  return true
}

/** out = x³ + 7: at most twice a tight number, which products and subtrahends may be. */
function curveSide(out: usize): void {
  fieldSqr(SQUARE, POINT)
  fieldMul(SQUARE, SQUARE, POINT)
  fieldAdd(out, SQUARE, CURVE_B)
}
