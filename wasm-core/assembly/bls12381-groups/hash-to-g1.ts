/** hash_to_curve for G1, suite BLS12381G1_XMD:SHA-256_SSWU_RO_ (RFC 9380 §8.8.1). Public messages, variable time. */
import { f2mulLanes, f2swap, ONE_LANES } from '../../generated/bls12381/field'
import {
  isogenyG1,
  SQRT_MINUS_SSWU_G1_Z,
  SSWU_G1_ZA,
  sswuCurveG1,
  sswuTermsG1,
} from '../../generated/bls12381/groups'
import { addLanes, negate, ratioBase, ratioRoot } from '../../generated/bls12381/points'
import { oddLanes, PAIR, POINT, pick, powChain, zeroLanes } from '../bls12381/lanes'
import { setIdentity, timesXLanes } from '../bls12381/points'
import { fieldElement } from '../bls12381/uniform'

const U: usize = memory.data(112, 16)
/** Z·u², numerator and denominator of x. */
const TERMS: usize = memory.data(3 * 112, 16)
/** g·d³, d³, n·d². */
const CURVE: usize = memory.data(3 * 112, 16)
const POWER: usize = memory.data(112, 16)
/** A root s of ±g, s²·d³ − g·d³, ±1/d³. */
const RATIO: usize = memory.data(3 * 112, 16)
const OTHER: usize = memory.data(112, 16)
const X: usize = memory.data(112, 16)
const Y: usize = memory.data(112, 16)
const MAPPED: usize = memory.data(3 * 112, 16)
const SECOND: usize = memory.data(3 * 112, 16)

/** out = the point, in both lanes, of 128 uniform bytes. */
export function pointFromUniformG1(out: usize, bytes: usize): void {
  fieldElement(U, bytes)
  mapLanes(MAPPED, U)
  for (let i: usize = 0; i < POINT; i += PAIR) f2swap(SECOND + i, MAPPED + i)
  addLanes(MAPPED, MAPPED, SECOND)
  clearCofactor(out, MAPPED)
}

/** Maps the elements of both lanes to the curve. */
function mapLanes(out: usize, u: usize): void {
  sswuTermsG1(TERMS, u)
  const denominator = TERMS + 2 * PAIR
  const zero = zeroLanes(denominator)
  if (zero != 0) choosePer(denominator, zero, SSWU_G1_ZA, denominator)
  sswuCurveG1(CURVE, TERMS + PAIR, denominator)
  ratioBase(POWER, CURVE, CURVE + PAIR)
  powChain(POWER, POWER)
  ratioRoot(RATIO, CURVE, CURVE + PAIR, POWER)
  const square = zeroLanes(RATIO + PAIR)
  // x1 = n·d²/d³ and √g(x1), or x2 = Z·u²·x1 and √g(x2) = Z·u³·√(Z·g(x1)).
  negate(OTHER, RATIO + 2 * PAIR)
  choosePer(OTHER, square, RATIO + 2 * PAIR, OTHER)
  f2mulLanes(X, CURVE + 2 * PAIR, OTHER)
  f2mulLanes(OTHER, X, TERMS)
  choosePer(X, square, X, OTHER)
  f2mulLanes(OTHER, RATIO, SQRT_MINUS_SSWU_G1_Z)
  f2mulLanes(OTHER, OTHER, TERMS)
  f2mulLanes(OTHER, OTHER, u)
  choosePer(Y, square, RATIO, OTHER)
  negate(OTHER, Y)
  choosePer(Y, oddLanes(u) ^ oddLanes(Y), OTHER, Y)
  isogenyG1(out, X, Y)
  const infinite = zeroLanes(out + 2 * PAIR)
  if (infinite == 0) return
  setIdentity(SECOND, ONE_LANES)
  for (let i: usize = 0; i < POINT; i += PAIR) choosePer(out + i, infinite, SECOND + i, out + i)
}

/** out = in each lane a where its bit of `which` is set, else b. */
function choosePer(out: usize, which: i32, a: usize, b: usize): void {
  pick(out, which & 1 ? a : b, 0, which & 2 ? a : b, 1)
}

/** Into the subgroup: [1 − x]P. `out` must not be `p`. */
function clearCofactor(out: usize, p: usize): void {
  timesXLanes(out, p)
  addLanes(out, out, p)
}
