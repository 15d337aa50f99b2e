/**
 * Sums of multiples of public points, in variable time (Straus): each scalar as signed digits in windows (wNAF), each
 * point with a table of its odd multiples, all sharing the doublings. The base point has a larger table, made once, and
 * another for 2^127·B: where all other scalars have half the length, its own is cut in two.
 */
import { BASE, IDENTITY } from '../../generated/ed25519/field'
import { HALF } from './half-size'
import { VERIFYING } from './memory'
import { copyPoint, oddMultiples, POINT_BYTES, pointAdd, pointDouble, pointSubtract } from './points'

const BASE_ENTRIES: usize = 64
const BASE_WIDTH: u32 = 8
const ENTRIES: usize = 8
const WIDTH: u32 = 5
/** One signed digit per bit. */
const DIGITS: usize = 256

/** Points that a sum may have besides B: 128 signatures with two each. */
export const MOST_TERMS: usize = 256
const TERM_BYTES: usize = 1408 // a table of ENTRIES points, then the digits
const TERMS: usize = memory.data(360448, 16)
const BASE_TABLE: usize = memory.data(9216, 16)
const BASE_DIGITS: usize = memory.data(256, 16)
const HIGH_TABLE: usize = memory.data(9216, 16)
const HIGH_DIGITS: usize = memory.data(256, 16)

/** The sum. */
export const SUM: usize = VERIFYING
const PADDED: usize = VERIFYING + 144 // a scalar with room to read beyond it
/** Half a scalar. */
const PART: usize = VERIFYING + 1024

let terms: usize = 0

export function prepareBase(): void {
  copyPoint(SUM, BASE)
  oddMultiples(BASE_TABLE, BASE_ENTRIES, SUM)
  copyPoint(SUM, BASE)
  for (let i = 0; i < HALF; i++) pointDouble(SUM, SUM)
  oddMultiples(HIGH_TABLE, BASE_ENTRIES, SUM)
}

export function startSum(): void {
  terms = 0
}

/** Adds k·p to what `finishSum` computes. Overwrites p. */
export function addTerm(p: usize, k: usize): void {
  const term = TERMS + terms * TERM_BYTES
  oddMultiples(term, ENTRIES, p)
  signedWindows(term + ENTRIES * POINT_BYTES, k, WIDTH)
  terms++
}

/** SUM = k·B - the sum of all terms. */
export function finishSum(k: usize): void {
  signedWindows(BASE_DIGITS, k, BASE_WIDTH)
  memory.fill(HIGH_DIGITS, 0, DIGITS)
  sumUp(253)
}

/** The same when the scalars of all terms are below 2^HALF. */
export function finishHalfSum(k: usize): void {
  const k1 = load<u64>(k, 8)
  store<u64>(PART, load<u64>(k))
  store<u64>(PART, k1 & ~(1 << 63), 8)
  store<u64>(PART, 0, 16)
  store<u64>(PART, 0, 24)
  signedWindows(BASE_DIGITS, PART, BASE_WIDTH)
  const k2 = load<u64>(k, 16)
  const k3 = load<u64>(k, 24)
  store<u64>(PART, (k1 >> 63) | (k2 << 1))
  store<u64>(PART, (k2 >> 63) | (k3 << 1), 8)
  signedWindows(HIGH_DIGITS, PART, BASE_WIDTH)
  sumUp(HALF)
}

/** The digits from `top` down. */
function sumUp(top: i32): void {
  copyPoint(SUM, IDENTITY)
  for (let bit: i32 = top; bit >= 0; bit--) {
    pointDouble(SUM, SUM)
    addDigit(load<i8>(BASE_DIGITS + bit), BASE_TABLE)
    addDigit(load<i8>(HIGH_DIGITS + bit), HIGH_TABLE)
    for (let i: usize = 0; i < terms; i++) {
      const term = TERMS + i * TERM_BYTES
      addDigit(-load<i8>(term + ENTRIES * POINT_BYTES + bit), term)
    }
  }
}

function addDigit(digit: i32, table: usize): void {
  if (digit > 0) pointAdd(SUM, SUM, table + POINT_BYTES * <usize>(digit >> 1))
  else if (digit < 0) pointSubtract(SUM, SUM, table + POINT_BYTES * <usize>(-digit >> 1))
}

/** Digits of a scalar below 2^253: each zero, or odd and below 2^(width-1) in size. */
function signedWindows(digits: usize, k: usize, width: u32): void {
  memory.fill(digits, 0, DIGITS)
  memory.copy(PADDED, k, 32)
  store<u64>(PADDED, 0, 32)
  let carry: u32 = 0
  for (let bit: u32 = 0; bit < 256; ) {
    const window = (<u32>(load<u64>(PADDED + (bit >> 3)) >> (bit & 7)) & ((1 << width) - 1)) + carry
    if ((window & 1) == 0) {
      bit++
      continue
    }
    carry = window >> (width - 1)
    store<i8>(digits + bit, <i8>(<i32>window - <i32>(carry << width)))
    bit += width
  }
}
