/**
 * Σ kᵢ·Pᵢ in G1 of many public points, in variable time: Pippenger's buckets. Every place of the digits has sixteen
 * buckets, one for each size of a digit; a point costs one addition per place and no table. The buckets stay from call
 * to call, so any number of points passes through the window. Lane 0 of a bucket collects points P by the digits of
 * a, lane 1 points −φ(P) by those of b: two additions to different buckets in the time of one.
 */
import { ONE_LANES } from '../../generated/bls12381/field'
import { endomorphismLanes, negateSum } from '../../generated/bls12381/groups'
import { addLanes, doubleLanes } from '../../generated/bls12381/points'
import { PAIR, POINT, pick } from '../bls12381/lanes'
import { setIdentity } from '../bls12381/points'
import { QUOTIENT, REST, splitHalves } from './halves'
import { choose, splatPoint } from './lanes'
import { readScalar } from './scalar'
import { TOTAL } from './sum'
import { BUCKETS, LANE_POINT, POINTS, SCALARS } from './windows'

/** Signed digits of five bits, −16 to 15: 130 bits hold a half and its last carry. */
const PLACES: usize = 26
const SIZES: usize = 16

const SCALAR: usize = memory.data(32, 16)
const FIRST: usize = memory.data(26, 16)
const SECOND: usize = memory.data(26, 16)
const BOTH: usize = memory.data(3 * 112, 16)
const TERM: usize = memory.data(3 * 112, 16)
const BUCKET: usize = memory.data(3 * 112, 16)
const MINUS_Y: usize = memory.data(112, 16)
const RUNNING: usize = memory.data(3 * 112, 16)
const SUM: usize = memory.data(3 * 112, 16)

/** Empties the buckets. */
export function bucketsStart(): void {
  for (let i: usize = 0; i < PLACES * SIZES; i++) setIdentity(BUCKETS + i * POINT, ONE_LANES)
}

/** Adds the products of the `count` points and scalars in the windows. */
export function bucketsAdd(count: usize): void {
  for (let i: usize = 0; i < count; i++) {
    splatPoint(TERM, POINTS + i * LANE_POINT)
    endomorphismLanes(BOTH, TERM)
    negateSum(MINUS_Y, BOTH + PAIR)
    readScalar(SCALAR, SCALARS + 32 * i)
    splitHalves(SCALAR)
    recodeFive(FIRST, REST)
    recodeFive(SECOND, QUOTIENT)
    for (let place: usize = 0; place < PLACES; place++) {
      addDigits(place, <i32>load<i8>(FIRST + place), <i32>load<i8>(SECOND + place))
    }
  }
}

/** Five bits at a time of a number of 128; what is 16 or more becomes negative and carries one. */
function recodeFive(digits: usize, a: usize): void {
  let bits: u64 = load<u64>(a)
  let high: u64 = load<u64>(a, 8)
  let carry: i32 = 0
  for (let i: usize = 0; i < PLACES; i++) {
    const digit = <i32>(bits & 31) + carry
    carry = (digit + 16) >> 5
    store<i8>(digits + i, <i8>(digit - (carry << 5)))
    bits = (bits >> 5) | (high << 59)
    high >>= 5
  }
}

/** Adds the point to the bucket of `a` in lane 0 and to that of `b` in lane 1; an empty lane adds the identity. */
function addDigits(place: usize, a: i32, b: i32): void {
  if ((a | b) == 0) return
  const buckets = BUCKETS + place * SIZES * POINT - POINT
  const first = buckets + <usize>(a == 0 ? 1 : abs(a)) * POINT
  const second = buckets + <usize>(b == 0 ? 1 : abs(b)) * POINT
  choose(TERM + PAIR, BOTH + PAIR, MINUS_Y, a >> 31, b >> 31)
  for (let i: usize = 0; i < POINT; i += PAIR) {
    if (i != PAIR) memory.copy(TERM + i, BOTH + i, PAIR)
    pick(BUCKET + i, first + i, 0, second + i, 1)
  }
  addLanes(BUCKET, BUCKET, TERM)
  for (let i: usize = 0; i < POINT; i += PAIR) {
    if (a != 0) pick(first + i, BUCKET + i, 0, first + i, 1)
    if (b != 0) pick(second + i, second + i, 0, BUCKET + i, 1)
  }
}

/** Adds what the buckets come to to the sum: Σ 32^place · Σ size · bucket. */
export function bucketsEnd(): void {
  setIdentity(SUM, ONE_LANES)
  for (let place: usize = PLACES; place-- > 0; ) {
    for (let i = 0; i < 5; i++) doubleLanes(SUM, SUM)
    setIdentity(RUNNING, ONE_LANES)
    for (let size: usize = SIZES; size-- > 0; ) {
      addLanes(RUNNING, RUNNING, BUCKETS + (place * SIZES + size) * POINT)
      addLanes(SUM, SUM, RUNNING)
    }
  }
  addLanes(TOTAL, TOTAL, SUM)
}
