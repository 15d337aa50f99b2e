import { INVERSION_MODULUS, ORDER, R_SQUARED, scalarFreeze, scalarMul } from '../../generated/secp256k1/scalar'
import { fromBytes, isBelow, isZero, subtractLimbs } from './field'
import { invert } from './inverse'

/** Reads a scalar and says whether it is in 1..n-1; nothing but that answer depends on its value. */
export function readScalar(out: usize, bytes: usize): bool {
  fromBytes(out, bytes)
  return isBelow(out, ORDER) != 0 && !isZero(out)
}

/** Into Montgomery form. */
export function enter(out: usize, a: usize): void {
  scalarMul(out, a, R_SQUARED)
}

/** out = n - a, for a frozen and not zero. */
export function scalarNegate(out: usize, a: usize): void {
  subtractLimbs(out, ORDER, a)
}

/** out = a · b, frozen, where exactly one of the two is in Montgomery form. */
export function multiplyFrozen(out: usize, a: usize, b: usize): void {
  scalarMul(out, a, b)
  scalarFreeze(out, out)
}

/** out = 1/a in Montgomery form, for a frozen plain number; 0 for 0. */
export function scalarInvert(out: usize, a: usize): void {
  invert(out, a, INVERSION_MODULUS)
  enter(out, out)
}
