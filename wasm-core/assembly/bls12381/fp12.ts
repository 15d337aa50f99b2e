/** Inversion in Fp2 and Fp12, and the final exponentiation. */
import {
  f2addCarried,
  f2copy,
  f2mul,
  f2mulLanes,
  f2reduce,
  f2sqrLanes,
  ONE,
  ZERO,
} from '../../generated/bls12381/field'
import {
  compressedRatio,
  compressedSqr,
  decompress,
  fp6adjoint,
  fp12conj,
  fp12conjScale,
  fp12cyclotomicSqr,
  fp12frobenius,
  fp12frobenius2,
  fp12mul,
  fp12norm,
} from '../../generated/bls12381/pairing'
import { conjugate, difference } from '../../generated/bls12381/points'
import { inverseSplat, PAIR, pick, zeroLanes } from './lanes'
import { X_BITS } from './parameter'

export const FP12: usize = 6 * PAIR

const NORM: usize = memory.data(112, 16)
const CONJUGATE: usize = memory.data(112, 16)

/** out = 1/a in Fp2; 0 for 0. */
export function inverseFp2(out: usize, a: usize): void {
  f2sqrLanes(NORM, a)
  pick(CONJUGATE, NORM, 1, NORM, 0)
  f2addCarried(NORM, NORM, CONJUGATE)
  inverseSplat(NORM, NORM)
  conjugate(CONJUGATE, a)
  f2mulLanes(out, CONJUGATE, NORM)
}

const FP6_NORM: usize = memory.data(3 * 112, 16)
const ADJOINT: usize = memory.data(4 * 112, 16)

/** out = 1/a = conj(a) / (a0² − v·a1²). */
export function fp12inverse(out: usize, a: usize): void {
  fp12norm(FP6_NORM, a)
  fp6adjoint(ADJOINT, FP6_NORM)
  const norm = ADJOINT + 3 * PAIR
  f2reduce(norm, norm)
  inverseFp2(norm, norm)
  for (let i: usize = 0; i < 3; i++) f2mul(ADJOINT + i * PAIR, ADJOINT + i * PAIR, norm)
  fp12conjScale(out, a, ADJOINT)
}

export function setOne(out: usize): void {
  f2copy(out, ONE)
  for (let i: usize = 1; i < 6; i++) f2copy(out + i * PAIR, ZERO)
}

const DIFFERENCE: usize = memory.data(112, 16)

/** Is a = 1? */
export function isOne(a: usize): bool {
  for (let i: usize = 1; i < 6; i++) if (zeroLanes(a + i * PAIR) != 3) return false
  difference(DIFFERENCE, a, ONE)
  return zeroLanes(DIFFERENCE) == 3
}

const POWER: usize = memory.data(6 * 112, 16)
const GROWING: usize = memory.data(4 * 112, 16)
/** a^(2^16), a^(2^48), a^(2^57), compressed, with numerator and denominator of their missing coefficient. */
const KEPT: usize = memory.data(3 * 6 * 112, 16)
const KEPT_BYTES: usize = 6 * PAIR
const NUMERATOR: usize = 4 * PAIR
const DENOMINATOR: usize = 5 * PAIR
const WHOLE: usize = memory.data(6 * 112, 16)
const PREFIX: usize = memory.data(112, 16)
const INVERSE: usize = memory.data(112, 16)
const SHARE: usize = memory.data(112, 16)

/**
 * out = a^x for a in the cyclotomic subgroup, where the inverse is the conjugate; x is negative.
 * |x| = 2^63 + 2^62 + 2^60 + 2^57 + 2^48 + 2^16: the first 57 squarings are compressed (Karabina, eprint 2010/542).
 * Compression fails where g2 = 0 at one of the three powers kept; then everything is squared in full.
 */
function powX(out: usize, a: usize): void {
  copySlots(GROWING, a)
  for (let n = 1; n <= 57; n++) {
    compressedSqr(GROWING, GROWING)
    if (n == 16) memory.copy(KEPT, GROWING, 4 * PAIR)
    if (n == 48) memory.copy(KEPT + KEPT_BYTES, GROWING, 4 * PAIR)
  }
  memory.copy(KEPT + 2 * KEPT_BYTES, GROWING, 4 * PAIR)
  if (!invertDenominators()) return powXInFull(out, a)
  restore(POWER, KEPT)
  restore(WHOLE, KEPT + KEPT_BYTES)
  fp12mul(POWER, POWER, WHOLE)
  restore(WHOLE, KEPT + 2 * KEPT_BYTES)
  fp12mul(POWER, POWER, WHOLE)
  for (let n = 58; n <= 63; n++) {
    fp12cyclotomicSqr(WHOLE, WHOLE)
    if (n == 60 || n >= 62) fp12mul(POWER, POWER, WHOLE)
  }
  fp12conj(out, POWER)
}

function powXInFull(out: usize, a: usize): void {
  memory.copy(POWER, a, FP12)
  for (let bit = 62; bit >= 0; bit--) {
    fp12cyclotomicSqr(POWER, POWER)
    if ((X_BITS >> bit) & 1) fp12mul(POWER, POWER, a)
  }
  fp12conj(out, POWER)
}

/** g2, g3, g4, g5: the coefficients of w, v², v and v²w. */
function copySlots(out: usize, a: usize): void {
  f2copy(out, a + 3 * PAIR)
  f2copy(out + PAIR, a + 2 * PAIR)
  f2copy(out + 2 * PAIR, a + PAIR)
  f2copy(out + 3 * PAIR, a + 5 * PAIR)
}

/** Replaces the denominators of the kept powers by their inverses, with one inversion. False if one of them is 0. */
function invertDenominators(): bool {
  const second = KEPT + KEPT_BYTES
  const third = second + KEPT_BYTES
  for (let kept = KEPT; kept <= third; kept += KEPT_BYTES) compressedRatio(kept + NUMERATOR, kept)
  f2mul(PREFIX, KEPT + DENOMINATOR, second + DENOMINATOR)
  f2mul(INVERSE, PREFIX, third + DENOMINATOR)
  if (zeroLanes(INVERSE) == 3) return false
  inverseFp2(INVERSE, INVERSE)
  f2mul(SHARE, INVERSE, third + DENOMINATOR)
  f2mul(third + DENOMINATOR, INVERSE, PREFIX)
  f2mul(PREFIX, SHARE, KEPT + DENOMINATOR)
  f2mul(KEPT + DENOMINATOR, SHARE, second + DENOMINATOR)
  f2copy(second + DENOMINATOR, PREFIX)
  return true
}

function restore(out: usize, kept: usize): void {
  f2mul(SHARE, kept + NUMERATOR, kept + DENOMINATOR)
  decompress(out, kept, SHARE)
}

const F: usize = memory.data(6 * 112, 16)
const A: usize = memory.data(6 * 112, 16)
const B: usize = memory.data(6 * 112, 16)

/**
 * out = a^(3·(p¹² − 1)/r): Hayashida, Hayasaka, Teruya, "Efficient final exponentiation via cyclotomic structure",
 * 3·(p⁴ − p² + 1)/r = (x − 1)²·(x + p)·(x² + p² − 1) + 3. The factor 3 is prime to r.
 */
export function finalExponentiation(out: usize, a: usize): void {
  fp12inverse(A, a)
  fp12conj(F, a)
  fp12mul(F, F, A) // ^(p⁶ − 1)
  fp12frobenius2(A, F)
  fp12mul(F, F, A) // ^(p² + 1)

  powX(A, F)
  fp12conj(B, F)
  fp12mul(A, A, B) // F^(x − 1)
  powX(B, A)
  fp12conj(A, A)
  fp12mul(A, A, B) // F^(x − 1)²
  powX(B, A)
  fp12frobenius(A, A)
  fp12mul(A, A, B) // ·(x + p)
  powX(B, A)
  powX(B, B)
  fp12mul(B, B, conjugated(A))
  fp12frobenius2(A, A)
  fp12mul(A, A, B) // ·(x² + p² − 1)
  fp12cyclotomicSqr(B, F)
  fp12mul(B, B, F)
  fp12mul(out, A, B)
}

const C: usize = memory.data(6 * 112, 16)

function conjugated(a: usize): usize {
  fp12conj(C, a)
  return C
}
