/**
 * Σ kᵢ·Pᵢ in G1, over as many calls as the points need. A point travels with both halves of its scalar: lane 0 of
 * everything is P and a, lane 1 is −φ(P) and b. Straus: for each place of the digits four doublings for all, then one
 * multiple of every point.
 *
 * `sumAddSecret` does the same whatever the points and scalars are. `sumAddPublic` looks up what it wants.
 */
import { f2swap, ONE_LANES } from '../../generated/bls12381/field'
import { endomorphismLanes, negateSum, normaliseLanes } from '../../generated/bls12381/groups'
import { addLanes, doubleLanes } from '../../generated/bls12381/points'
import { inverseLanes, PAIR, POINT, pick } from '../bls12381/lanes'
import { setIdentity } from '../bls12381/points'
import { DIGITS, halfDigits } from './halves'
import { choose, inverseSteady, lookUp, splatPoint, takePoint } from './lanes'
import { readScalar } from './scalar'
import { LANE_POINT, POINTS, RESULT, SCALARS } from './windows'

/** 0 to 8 times each point. */
const ENTRIES: u32 = 9
const TABLE_BYTES: usize = 9 * 3 * 112
const TABLES: usize = memory.data(16 * 9 * 3 * 112, 16)
/** Of each point the digits of both halves. */
const DIGIT_BYTES: usize = 66
const ALL_DIGITS: usize = memory.data(16 * 66, 16)

const SCALAR: usize = memory.data(32, 16)
export const TOTAL: usize = memory.data(3 * 112, 16)
const SUM: usize = memory.data(3 * 112, 16)
const TERM: usize = memory.data(3 * 112, 16)
const MINUS_Y: usize = memory.data(112, 16)
const INVERSE: usize = memory.data(112, 16)

/** Empties the sum. */
export function sumStart(): void {
  setIdentity(TOTAL, ONE_LANES)
}

/** Adds the products of the `count` points and scalars in the windows. */
export function sumAddSecret(count: usize): void {
  prepare(count)
  setIdentity(SUM, ONE_LANES)
  for (let step: usize = 0; step < DIGITS; step++) {
    for (let i = 0; i < 4; i++) doubleLanes(SUM, SUM)
    for (let i: usize = 0; i < count; i++) {
      const digits = ALL_DIGITS + i * DIGIT_BYTES + DIGITS - 1 - step
      const a = <i32>load<i8>(digits)
      const b = <i32>load<i8>(digits + DIGITS)
      const signA = a >> 31
      const signB = b >> 31
      lookUp(TERM, TABLES + i * TABLE_BYTES, ENTRIES, (a ^ signA) - signA, (b ^ signB) - signB)
      negateSum(MINUS_Y, TERM + PAIR)
      choose(TERM + PAIR, TERM + PAIR, MINUS_Y, signA, signB)
      addLanes(SUM, SUM, TERM)
    }
  }
  addLanes(TOTAL, TOTAL, SUM)
}

/** The same for public points and scalars, in variable time. */
export function sumAddPublic(count: usize): void {
  prepare(count)
  setIdentity(SUM, ONE_LANES)
  for (let step: usize = 0; step < DIGITS; step++) {
    for (let i = 0; i < 4; i++) doubleLanes(SUM, SUM)
    for (let i: usize = 0; i < count; i++) {
      const digits = ALL_DIGITS + i * DIGIT_BYTES + DIGITS - 1 - step
      addMultiple(TABLES + i * TABLE_BYTES, <i32>load<i8>(digits), <i32>load<i8>(digits + DIGITS))
    }
  }
  addLanes(TOTAL, TOTAL, SUM)
}

/** Tables and digits of the points and scalars in the windows. */
function prepare(count: usize): void {
  for (let i: usize = 0; i < count; i++) {
    const table = TABLES + i * TABLE_BYTES
    setIdentity(table, ONE_LANES)
    splatPoint(TERM, POINTS + i * LANE_POINT)
    endomorphismLanes(table + POINT, TERM)
    for (let n: usize = 2; n < <usize>ENTRIES; n++)
      addLanes(table + n * POINT, table + (n - 1) * POINT, table + POINT)
    readScalar(SCALAR, SCALARS + 32 * i)
    halfDigits(ALL_DIGITS + i * DIGIT_BYTES, SCALAR)
  }
}

/** Adds the multiple a in lane 0 and b in lane 1. */
function addMultiple(table: usize, a: i32, b: i32): void {
  if ((a | b) == 0) return
  const first = table + <usize>abs(a) * POINT
  const second = table + <usize>abs(b) * POINT
  for (let i: usize = 0; i < POINT; i += PAIR) pick(TERM + i, first + i, 0, second + i, 1)
  negateSum(MINUS_Y, TERM + PAIR)
  choose(TERM + PAIR, TERM + PAIR, MINUS_Y, a >> 31, b >> 31)
  addLanes(SUM, SUM, TERM)
}

/** Ends the sum and writes it to RESULT; in the same way whatever it is. */
export function sumEnd(): void {
  foldLanes()
  inverseSteady(INVERSE, TOTAL + 2 * PAIR)
  writeNormalised()
}

/** The same in variable time. */
export function sumEndPublic(): void {
  foldLanes()
  inverseLanes(INVERSE, TOTAL + 2 * PAIR)
  writeNormalised()
}

function foldLanes(): void {
  for (let i: usize = 0; i < POINT; i += PAIR) f2swap(TERM + i, TOTAL + i)
  addLanes(TOTAL, TOTAL, TERM)
}

function writeNormalised(): void {
  normaliseLanes(TOTAL, TOTAL, INVERSE)
  takePoint(RESULT, TOTAL)
}

/** Adds the first `count` points in the window, each once. */
export function sumAddPoints(count: usize): void {
  for (let i: usize = 0; i < count; i++) {
    splatPoint(TERM, POINTS + i * LANE_POINT)
    keepLane0(TERM)
    addLanes(TOTAL, TOTAL, TERM)
  }
}

/** The identity in lane 1. */
function keepLane0(point: usize): void {
  for (let i: usize = 0; i < POINT; i += 8) {
    const one = i >= PAIR && i < 2 * PAIR ? load<u32>(ONE_LANES + i - PAIR) : 0
    store<u32>(point + i, one, 4)
  }
}
