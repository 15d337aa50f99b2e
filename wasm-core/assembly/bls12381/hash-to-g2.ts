/** hash_to_curve for G2, suite BLS12381G2_XMD:SHA-256_SSWU_RO_ (RFC 9380 §8.8.2). */
import {
  f2copy,
  f2mul,
  f2mulLanes,
  ONE,
} from '../../generated/bls12381/field'
import { isogeny, SQRT_MINUS_NORM_Z3, SSWU_Z3, SSWU_ZA, sswuCurve, sswuTerms } from '../../generated/bls12381/map-to-g2'
import { addG2, conjugate, doubleG2, negate, negG2, psi, ratioBase, ratioRoot } from '../../generated/bls12381/points'
import { oddLanes, PAIR, pick, powChain, zeroLanes } from './lanes'
import { setIdentity, timesXG2 } from './points'
import { norms, rootsWithNorms } from './roots'
import { fieldElement } from './uniform'

/** Per map: u, Z·u², numerator, denominator, g·d³, d³, n·d², the value whose root is taken, its root, x. */
const STATE: usize = 10 * PAIR
const MAPS: usize = memory.data(2 * 10 * 112, 16)
const TERMS: usize = PAIR
const CURVE: usize = 4 * PAIR
const RADICAND: usize = 7 * PAIR
const ROOT: usize = 8 * PAIR
const X: usize = 9 * PAIR

const NU: usize = memory.data(112, 16)
const NV: usize = memory.data(112, 16)
const E: usize = memory.data(112, 16)
const RATIO: usize = memory.data(3 * 112, 16)
const MINUS: usize = memory.data(112, 16)
const NORM_ROOT: usize = memory.data(112, 16)
const INVERSE: usize = memory.data(112, 16)
const CUBE: usize = memory.data(112, 16)

/** Maps u0 and u1 to the curve (both points before cofactor clearing), two square roots at a time. */
export function mapTwo(out0: usize, out1: usize, u0: usize, u1: usize): void {
  const second = MAPS + STATE
  begin(MAPS, u0)
  begin(second, u1)
  // One power gives √(N(g)) of both maps, whether it exists, and the inverse of N(d³).
  norms(NU, MAPS + CURVE, second + CURVE)
  norms(NV, MAPS + CURVE + PAIR, second + CURVE + PAIR)
  ratioBase(E, NU, NV)
  powChain(E, E)
  ratioRoot(RATIO, NU, NV, E)
  const square = zeroLanes(RATIO + PAIR)
  negate(MINUS, RATIO + 2 * PAIR)
  f2mulLanes(NORM_ROOT, RATIO, SQRT_MINUS_NORM_Z3)
  pick(NORM_ROOT, square & 1 ? RATIO : NORM_ROOT, 0, square & 2 ? RATIO : NORM_ROOT, 1)
  choose(MAPS, 0, square & 1)
  choose(second, 1, square >> 1)
  rootsWithNorms(MAPS + ROOT, second + ROOT, MAPS + RADICAND, second + RADICAND, NORM_ROOT)
  finish(out0, MAPS, square & 1)
  finish(out1, second, square >> 1)
}

function begin(map: usize, u: usize): void {
  f2copy(map, u)
  sswuTerms(map + TERMS, map)
  const denominator = map + TERMS + 2 * PAIR
  if (zeroLanes(denominator) == 3) f2copy(denominator, SSWU_ZA)
  sswuCurve(map + CURVE, map + TERMS + PAIR, denominator)
}

/** x and the radicand of the candidate that is on the curve: x1 if g(x1) is a square, else x2 = Z·u²·x1. */
function choose(map: usize, lane: usize, square: i32): void {
  const inverse = square ? RATIO + 2 * PAIR : MINUS // of N(d³)
  pick(INVERSE, inverse, lane, inverse, lane)
  conjugate(CUBE, map + CURVE + PAIR)
  f2mulLanes(INVERSE, CUBE, INVERSE) // 1/d³
  f2mul(map + X, map + CURVE + 2 * PAIR, INVERSE)
  f2mul(map + RADICAND, map + CURVE, INVERSE)
  if (square) return
  f2mul(map + X, map + X, map + TERMS)
  f2mul(map + RADICAND, map + RADICAND, SSWU_Z3)
}

function finish(out: usize, map: usize, square: i32): void {
  const y = map + ROOT
  if (!square) {
    // g(x2) = Z³u⁶·g(x1): the root lacks u³.
    for (let i = 0; i < 3; i++) f2mul(y, y, map)
  }
  if (sgn0(y) != sgn0(map)) negate(y, y)
  isogeny(out, map + X, y)
  if (zeroLanes(out + 2 * PAIR) == 3) setIdentity(out, ONE)
}

/** RFC 9380 §4.1. */
function sgn0(a: usize): i32 {
  const odd = oddLanes(a)
  return zeroLanes(a) & 1 ? odd >> 1 : odd & 1
}

const T1: usize = memory.data(3 * 112, 16)
const T2: usize = memory.data(3 * 112, 16)
const T3: usize = memory.data(3 * 112, 16)

/** Into the subgroup: [x² − x − 1]P + [x − 1]ψ(P) + ψ²([2]P) (RFC 9380 appendix G.3). `out` must not be `p`. */
export function clearCofactor(out: usize, p: usize): void {
  timesXG2(T1, p)
  psi(T2, p)
  doubleG2(T3, p)
  psi(T3, T3)
  psi(T3, T3)
  negG2(out, T2)
  addG2(T3, T3, out)
  addG2(T2, T1, T2)
  timesXG2(out, T2)
  addG2(out, out, T3)
  negG2(T1, T1)
  addG2(out, out, T1)
  negG2(T1, p)
  addG2(out, out, T1)
}

const U: usize = memory.data(2 * 112, 16)
const SECOND: usize = memory.data(3 * 112, 16)
const SUM: usize = memory.data(3 * 112, 16)

/** The point (projective) of 256 uniform bytes. */
export function pointFromUniform(out: usize, bytes: usize): void {
  fieldElement(U, bytes)
  fieldElement(U + PAIR, bytes + 128)
  mapTwo(SUM, SECOND, U, U + PAIR)
  addG2(SUM, SUM, SECOND)
  clearCofactor(out, SUM)
}
