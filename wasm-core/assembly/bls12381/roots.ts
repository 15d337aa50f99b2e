/**
 * Square roots in Fp2 by way of the norm, two at a time: one power of Fp per lane instead of powers of Fp2.
 *
 * For a = a0 + a1·u with norm N = a0² + a1²: a is a square iff N is one in Fp. With n = √N and t = (a0 + n)/2, a power
 * w = t^((p−3)/4) gives r = t·w with r² = ±t and 1/r = ±w. If r² = t, (r + a1·w/2·u)² = a; if r² = −t,
 * (−a1·w/2 + r·u)² = a. For a1 = 0 and n = −a0, t is 0; then t = a0 does.
 */
import { f2addCarried, f2sqrLanes } from '../../generated/bls12381/field'
import { negate, rootBase, rootParts } from '../../generated/bls12381/points'
import { PAIR, pick, powChain, zeroLanes } from './lanes'

const SQUARES: usize = memory.data(2 * 112, 16)
const OTHER: usize = memory.data(112, 16)

/** out = (N(a), N(b)) for a and b in Fp2. */
export function norms(out: usize, a: usize, b: usize): void {
  f2sqrLanes(SQUARES, a)
  f2sqrLanes(SQUARES + PAIR, b)
  pick(OTHER, SQUARES, 1, SQUARES + PAIR, 1)
  pick(out, SQUARES, 0, SQUARES + PAIR, 0)
  f2addCarried(out, out, OTHER)
}

const FIRST: usize = memory.data(112, 16)
const SECOND: usize = memory.data(112, 16)
const T: usize = memory.data(112, 16)
const W: usize = memory.data(112, 16)
const PARTS: usize = memory.data(3 * 112, 16)
const NEGATED: usize = memory.data(112, 16)

/** outA² = a and outB² = b, given n = (√N(a), √N(b)). a and b must be squares. */
export function rootsWithNorms(outA: usize, outB: usize, a: usize, b: usize, n: usize): void {
  pick(FIRST, a, 0, b, 0)
  pick(SECOND, a, 1, b, 1)
  rootBase(T, FIRST, n)
  const zero = zeroLanes(T)
  if (zero != 0) pick(T, zero & 1 ? FIRST : T, 0, zero & 2 ? FIRST : T, 1)
  powChain(W, T)
  rootParts(PARTS, T, W, SECOND)
  negate(NEGATED, PARTS + PAIR)
  const square = zeroLanes(PARTS + 2 * PAIR)
  assemble(outA, 0, square & 1)
  assemble(outB, 1, square >> 1)
}

function assemble(out: usize, lane: usize, square: i32): void {
  if (square) pick(out, PARTS, lane, PARTS + PAIR, lane)
  else pick(out, NEGATED, lane, PARTS, lane)
}
