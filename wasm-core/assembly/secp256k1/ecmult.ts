/**
 * a·G + b·Q for public a, b and Q: variable time. Both scalars are split in halves with the endomorphism
 * λ·(x, y) = (βx, y), and the four 128-bit halves share 129 doublings, each with its own signed windows (wNAF).
 */
import { BETA, FIELD_ONE, fieldMul, fieldSqr, GENERATOR_X, GENERATOR_Y } from '../../generated/secp256k1/field'
import { jacobianAddAffine, jacobianAddScaled, jacobianDouble, SLOPE } from '../../generated/secp256k1/points'
import { HALF_ORDER } from '../../generated/secp256k1/scalar'
import { copyElement, fieldIsZero, fieldNegate, isBelow, toWords } from './field'
import { PUBLIC_WORK } from './memory'
import { oddMultiples, oddMultiplesAffine, UNIT } from './points'
import { scalarNegate } from './scalar'
import { HALF_ONE, HALF_TWO, split } from './split'

const G_ENTRIES: usize = 64
const G_WIDTH: u32 = 8
const Q_ENTRIES: usize = 8
const Q_WIDTH: u32 = 5
/** Odd multiples of G and of λG; affine, public. */
const G_TABLE: usize = memory.data(64 * 80, 16)
const LAMBDA_G_TABLE: usize = memory.data(64 * 80, 16)
const Q_TABLE: usize = memory.data(8 * 80, 16)
const LAMBDA_Q_TABLE: usize = memory.data(8 * 80, 16)
/** One signed digit per bit, for each of the four halves. */
const DIGITS: usize = memory.data(4 * 144, 16)
const BITS: u32 = 129

/** The sum: Jacobian, with true Z once `multiplyPublic` returns. */
export const SUM: usize = PUBLIC_WORK + 512
const ENTRY: usize = PUBLIC_WORK + 640
const WORK: usize = PUBLIC_WORK + 720
const WORDS: usize = PUBLIC_WORK + 760
const GENERATOR: usize = PUBLIC_WORK + 800

/** Whether the sum is the identity, which has no coordinates here. */
let identity: bool = true

export function prepareGenerator(): void {
  copyElement(GENERATOR, GENERATOR_X)
  copyElement(GENERATOR + 40, GENERATOR_Y)
  oddMultiplesAffine(G_TABLE, G_ENTRIES, GENERATOR)
  applyLambda(LAMBDA_G_TABLE, G_TABLE, G_ENTRIES)
}

/** out = λ times the `count` affine points of the table. */
export function applyLambda(out: usize, table: usize, count: usize): void {
  for (let i: usize = 0; i < count; i++) {
    fieldMul(out + 80 * i, table + 80 * i, BETA)
    copyElement(out + 80 * i + 40, table + 80 * i + 40)
  }
}

/** SUM = a·G + b·q for frozen scalars and an affine point. False when that is the identity. */
export function multiplyPublic(a: usize, b: usize, q: usize): bool {
  digitsOf(a, DIGITS, G_WIDTH)
  digitsOf(b, DIGITS + 288, Q_WIDTH)
  oddMultiples(Q_TABLE, Q_ENTRIES, q)
  applyLambda(LAMBDA_Q_TABLE, Q_TABLE, Q_ENTRIES)
  identity = true
  for (let i: i32 = BITS; i >= 0; i--) {
    if (!identity) jacobianDouble(SUM, SUM)
    addDigit(load<i8>(DIGITS + i), G_TABLE, true)
    addDigit(load<i8>(DIGITS + i, 144), LAMBDA_G_TABLE, true)
    addDigit(load<i8>(DIGITS + i, 288), Q_TABLE, false)
    addDigit(load<i8>(DIGITS + i, 432), LAMBDA_Q_TABLE, false)
  }
  if (identity) return false
  fieldMul(SUM + 80, SUM + 80, UNIT)
  return true
}

/** Adds digit times the table's point. True points (of G) are brought to the curve on which the table of Q lives. */
function addDigit(digit: i32, table: usize, isTrue: bool): void {
  if (digit == 0) return
  const entry = table + 80 * <usize>(abs(digit) >> 1)
  copyElement(ENTRY, entry)
  if (digit < 0) fieldNegate(ENTRY + 40, entry + 40)
  else copyElement(ENTRY + 40, entry + 40)
  if (identity) {
    memory.copy(SUM, ENTRY, 80)
    if (isTrue) {
      fieldSqr(WORK, UNIT)
      fieldMul(SUM, ENTRY, WORK)
      fieldMul(WORK, WORK, UNIT)
      fieldMul(SUM + 40, ENTRY + 40, WORK)
    }
    copyElement(SUM + 80, FIELD_ONE)
    identity = false
    return
  }
  const added = isTrue ? jacobianAddScaled(SUM, SUM, ENTRY, UNIT) : jacobianAddAffine(SUM, SUM, ENTRY)
  if (added) return
  if (fieldIsZero(SLOPE)) jacobianDouble(SUM, SUM)
  else identity = true
}

/** Digits of the two halves of a scalar: to `digits`, and 144 bytes further. */
function digitsOf(k: usize, digits: usize, width: u32): void {
  split(k)
  signedWindows(HALF_ONE, digits, width)
  signedWindows(HALF_TWO, digits + 144, width)
}

/** Digits of ±scalar: each zero or odd and below 2^(width-1) in size, at most one in `width` positions not zero. */
function signedWindows(scalar: usize, digits: usize, width: u32): void {
  memory.fill(digits, 0, 144)
  let sign: i32 = 1
  if (isBelow(HALF_ORDER, scalar) != 0) {
    scalarNegate(scalar, scalar)
    sign = -1
  }
  toWords(WORDS, scalar)
  let low = load<u64>(WORDS)
  let high = load<u64>(WORDS, 8)
  for (let bit: u32 = 0; (low | high) != 0; ) {
    const zeros = low == 0 ? 64 : <u32>ctz<u64>(low)
    if (zeros > 0) {
      if (zeros == 64) {
        low = high
        high = 0
      } else {
        low = (low >> zeros) | (high << (64 - zeros))
        high >>= zeros
      }
      bit += zeros
      continue
    }
    let digit = <i32>(low & ((1 << width) - 1))
    low -= <u64>digit
    if (digit >> (width - 1)) {
      digit -= 1 << width
      // adding 2^width to a number whose low `width` bits are zero
      const before = low
      low += <u64>1 << width
      if (low < before) high++
    }
    store<i8>(digits + bit, digit * sign)
  }
}
