/** The optimal ate Miller loop over up to 17 pairs of points, with shared squarings. */
import { f2copy, f2reduce, f2times3, ONE, ZERO } from '../../generated/bls12381/field'
import {
  addWithLine,
  doubleWithLine,
  fp12conj,
  fp12mulByLines,
  fp12sqr,
  multiplyLines,
} from '../../generated/bls12381/pairing'
import { negate } from '../../generated/bls12381/points'
import { setOne } from './fp12'
import { PAIR, POINT, pick } from './lanes'
import { X_BITS } from './parameter'

/** Per pair: T (3 pairs) and the line (3) behind it, 3·xP, −xP, yP in both lanes, affine Q (2). */
const STATE: usize = 11 * PAIR
const LINE: usize = POINT
const P: usize = 2 * POINT
const Q: usize = 9 * PAIR
/** Room for a window of the batch and the pair of its signatures. */
const PAIRS: usize = memory.data(17 * 11 * 112, 16)
const LINES: usize = memory.data(5 * 112, 16)

/** Sets pair `index`: P = (lane `lane` of px, py) affine in G1, Q = (qx, qy) affine in G2; coordinates below 2p. */
export function setPair(index: usize, px: usize, py: usize, lane: usize, qx: usize, qy: usize): void {
  setP(index, px, py, lane)
  setQ(index, qx, qy)
}

/** The half of pair `index` that is in G1. */
export function setP(index: usize, px: usize, py: usize, lane: usize): void {
  const p = PAIRS + index * STATE + P
  pick(p, px, lane, px, lane)
  negate(p + PAIR, p)
  f2times3(p, p)
  f2reduce(p, p)
  pick(p + 2 * PAIR, py, lane, py, lane)
}

/** The half of pair `index` that is in G2. */
export function setQ(index: usize, qx: usize, qy: usize): void {
  const q = PAIRS + index * STATE + Q
  f2copy(q, qx)
  f2copy(q + PAIR, qy)
}

/** out = Π f_{|x|,Q}(P), conjugated because x is negative, over the first `count` pairs set. */
export function millerLoop(out: usize, count: usize): void {
  const end = PAIRS + count * STATE
  for (let s = PAIRS; s < end; s += STATE) {
    f2copy(s, s + Q)
    f2copy(s + PAIR, s + Q + PAIR)
    f2copy(s + 2 * PAIR, ONE)
  }
  setOne(out)
  for (let bit = 62; bit >= 0; bit--) {
    if (bit != 62) fp12sqr(out, out)
    for (let s = PAIRS; s < end; s += STATE) doubleWithLine(s, s, s + P)
    absorb(out, count)
    if ((X_BITS >> bit) & 1) {
      for (let s = PAIRS; s < end; s += STATE) addWithLine(s, s, s + Q, s + P)
      absorb(out, count)
    }
  }
  fp12conj(out, out)
}

/** Multiplies the lines of all pairs into `out`, two at a time. */
function absorb(out: usize, count: usize): void {
  for (let i: usize = 0; i < count; i += 2) {
    const first = PAIRS + i * STATE + LINE
    let second = first + STATE
    if (i + 1 == count) {
      second = UNIT
      f2copy(UNIT, ONE)
      f2copy(UNIT + PAIR, ZERO)
      f2copy(UNIT + 2 * PAIR, ZERO)
    }
    multiplyLines(LINES, first, second)
    fp12mulByLines(out, out, LINES)
  }
}

/** The line 1, where a second pair is missing. */
const UNIT: usize = memory.data(3 * 112, 16)
