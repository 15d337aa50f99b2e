/**
 * Batch verification: Π e(rᵢ·keyᵢ, H(messageᵢ)) · e(−g, Σ rᵢ·signatureᵢ) = 1 with one final exponentiation.
 *
 * Items come in windows of at most BATCH_ITEMS. What outlives a window is the product so far and the buckets of the
 * sum of signatures; so memory does not depend on the number of items. A coefficient is r = a + b·x² for two 64-bit
 * numbers: x² is above 2^127, so all 2^128 of them differ modulo the group order, and both endomorphisms halve the
 * doublings ([x²] is −φ on G1 and ψ² on G2).
 */
import {
  BETA_LANES,
  f2mul,
  f2mulLanes,
  f2swap,
  G1_MINUS_Y,
  G1_X,
  ONE,
  ONE_LANES,
  ZERO,
} from '../../generated/bls12381/field'
import { fp12mul } from '../../generated/bls12381/pairing'
import { addG2, addLanes, doubleG2, doubleLanes, negate, negG2, psi } from '../../generated/bls12381/points'
import { messageEnd, UNIFORM } from './expand-message'
import { finalExponentiation, inverseFp2, isOne, setOne } from './fp12'
import { pointFromUniform } from './hash-to-g2'
import { copyPoint, inverseLanes, PAIR, POINT, pick, zeroLanes } from './lanes'
import { millerLoop, setP, setQ } from './miller'
import { IDENTITY, OK, readKeys, readSignatures, setIdentity } from './points'
import { INPUT } from './windows'

/** Items of one window. */
export const BATCH_ITEMS: usize = 16

const KEY_BYTES: usize = 48
const SIGNATURE_BYTES: usize = 96

/** Signed digits of four bits, −8…7, of both halves of a coefficient. The last one is a carry. */
const DIGITS: usize = 17
const SCALARS: usize = memory.data(16 * 2 * 17, 16)

/** Per item the sum of its keys: one partial sum per lane, folded into both lanes by batchKeysEnd. */
const SUMS: usize = memory.data(16 * 3 * 112, 16)
const KEYS: usize = memory.data(3 * 112, 16)
const ONE_KEY: usize = memory.data(3 * 112, 16)

/** The sum of all signatures whose digit at a place is ±1, …, ±8: eight points for each of 17 places; and whether any. */
const BUCKETS: usize = memory.data(17 * 8 * 3 * 112, 16)
const FILLED: usize = memory.data(17 * 8, 16)
const PRODUCT: usize = memory.data(6 * 112, 16)
let failed = false

/** Begins a batch. */
export function batchStart(): void {
  memory.fill(FILLED, 0, 8 * DIGITS)
  setOne(PRODUCT)
  failed = false
}

/** Begins a window. */
export function batchWindow(): void {
  for (let i: usize = 0; i < BATCH_ITEMS; i++) setIdentity(SUMS + i * POINT, ONE_LANES)
}

/**
 * Adds the two compressed keys in the input window to the items `first` and `second`, or subtracts from item ~n where
 * that is negative. One key: the same bytes twice and `count` 1. @returns whether both are good.
 */
export function batchKeys(count: i32, first: i32, second: i32): bool {
  if (readKeys(KEYS, INPUT, INPUT + KEY_BYTES) != OK) return false
  negate(ONE_KEY, KEYS + PAIR)
  pick(KEYS + PAIR, first < 0 ? ONE_KEY : KEYS + PAIR, 0, second < 0 ? ONE_KEY : KEYS + PAIR, 1)
  const a = owner(first)
  const b = owner(second)
  if (count == 2 && a == b) {
    addLanes(a, a, KEYS)
    return true
  }
  for (let lane: usize = 0; lane < <usize>count; lane++) {
    for (let i: usize = 0; i < 3; i++) {
      const neutral = i == 1 ? ONE_LANES : ZERO
      const from = KEYS + i * PAIR
      pick(ONE_KEY + i * PAIR, lane == 0 ? from : neutral, 0, lane == 1 ? from : neutral, 1)
    }
    const sum = lane == 0 ? a : b
    addLanes(sum, sum, ONE_KEY)
  }
  return true
}

function owner(item: i32): usize {
  return SUMS + <usize>(item < 0 ? ~item : item) * POINT
}

/** Ends the keys of an item. @returns whether their sum is the identity. */
export function batchKeysEnd(item: usize): bool {
  const sum = SUMS + item * POINT
  for (let i: usize = 0; i < 3; i++) f2swap(KEYS + i * PAIR, sum + i * PAIR)
  addLanes(sum, sum, KEYS)
  return zeroLanes(sum + 2 * PAIR) == 3
}

const SIGNATURES: usize = memory.data(2 * 3 * 112, 16)
const NEGATED: usize = memory.data(3 * 112, 16)

/**
 * Takes the `count` (1 or 2) signatures in the input window, with their coefficients (16 bytes big-endian, b ‖ a) right
 * behind all of them, for the items from `item` on. @returns whether they are well-formed; the identity is.
 */
export function batchSignatures(count: usize, item: usize): bool {
  const second = count == 2 ? POINT : 0
  const verdicts = readSignatures(SIGNATURES, SIGNATURES + second, INPUT, INPUT + SIGNATURE_BYTES)
  for (let i: usize = 0; i < count; i++) {
    const verdict = (verdicts >> (8 * <i32>i)) & 0xff
    const point = SIGNATURES + i * POINT
    if (verdict == IDENTITY) failed = true // nobody's signature, whatever the product says
    else if (verdict != OK) return false
    const digits = SCALARS + (item + i) * 2 * DIGITS
    const coefficient = INPUT + count * SIGNATURE_BYTES + 16 * i
    recode(digits, bswap<u64>(load<u64>(coefficient, 8)))
    recode(digits + DIGITS, bswap<u64>(load<u64>(coefficient)))
    if (verdict == IDENTITY) continue
    intoBuckets(point, digits)
    psi(point, point)
    psi(point, point)
    intoBuckets(point, digits + DIGITS)
  }
  return true
}

function recode(digits: usize, value: u64): void {
  let carry = 0
  for (let i: usize = 0; i < DIGITS - 1; i++) {
    let digit = <i32>(value & 15) + carry
    carry = i32(digit > 7)
    digit -= carry << 4
    store<i8>(digits + i, <i8>digit)
    value >>= 4
  }
  store<i8>(digits + DIGITS - 1, <i8>carry)
}

function intoBuckets(point: usize, digits: usize): void {
  negG2(NEGATED, point)
  for (let i: usize = 0; i < DIGITS; i++) {
    const digit = <i32>load<i8>(digits + i)
    if (digit == 0) continue
    const index = 8 * i + <usize>(abs(digit) - 1)
    const bucket = BUCKETS + index * POINT
    const term = digit < 0 ? NEGATED : point
    if (load<u8>(FILLED + index)) addG2(bucket, bucket, term)
    else copyPoint(bucket, term)
    store<u8>(FILLED + index, 1)
  }
}

const HASHED: usize = memory.data(3 * 112, 16)
const INVERSE: usize = memory.data(112, 16)

/** Ends the message of an item. */
export function batchMessage(item: usize): void {
  messageEnd()
  pointFromUniform(HASHED, UNIFORM)
  setProjective(item, HASHED)
}

/** Sets the second half of a pair; the identity, which has no affine form, fails the batch. */
function setProjective(index: usize, point: usize): void {
  if (zeroLanes(point + 2 * PAIR) == 3) failed = true
  inverseFp2(INVERSE, point + 2 * PAIR)
  f2mul(point, point, INVERSE)
  f2mul(point + PAIR, point + PAIR, INVERSE)
  setQ(index, point, point + PAIR)
}

/** Ends a window of `count` items, of which keys, signatures and messages are in; `last` ends the batch with it. */
export function batchWindowEnd(count: usize, last: bool): void {
  for (let i: usize = 0; i < count; i += 2) scaleKeys(i, i + 1 < count ? i + 1 : i)
  let pairs = count
  if (last) {
    sumBuckets(HASHED)
    // Signatures that cancel leave e(−g, 0) = 1: no pair.
    if (zeroLanes(HASHED + 2 * PAIR) != 3) {
      setProjective(count, HASHED)
      setP(count, G1_X, G1_MINUS_Y, 0)
      pairs++
    }
  }
  millerLoop(F, pairs)
  fp12mul(PRODUCT, PRODUCT, F)
}

const F: usize = memory.data(6 * 112, 16)

/** Ends the batch after its last window. @returns whether every signature holds, but for a chance of 2^−128. */
export function batchEnd(): bool {
  if (failed) return false
  finalExponentiation(F, PRODUCT)
  return isOne(F)
}

/** Σ 16^place · Σ size · bucket; `running` is the sum of the buckets of this size and above. */
function sumBuckets(out: usize): void {
  const running = NEGATED
  setIdentity(out, ONE)
  for (let place: usize = DIGITS; place-- > 0; ) {
    for (let i = 0; i < 4; i++) doubleG2(out, out)
    let any = false
    for (let index = 8 * place + 8; index-- > 8 * place; ) {
      if (load<u8>(FILLED + index)) {
        const bucket = BUCKETS + index * POINT
        if (any) addG2(running, running, bucket)
        else copyPoint(running, bucket)
        any = true
      }
      if (any) addG2(out, out, running)
    }
  }
}

/** 0 to 8 times the keys of two items, one per lane. */
const TABLE: usize = memory.data(9 * 3 * 112, 16)
const SCALED: usize = memory.data(3 * 112, 16)
const TERM: usize = memory.data(3 * 112, 16)
const MINUS: usize = memory.data(112, 16)

/** Sets the first half of the pairs `first` and `second`: coefficient times sum of keys. */
function scaleKeys(first: usize, second: usize): void {
  setIdentity(TABLE, ONE_LANES)
  for (let i: usize = 0; i < 3 * PAIR; i += PAIR) {
    pick(TABLE + POINT + i, SUMS + first * POINT + i, 0, SUMS + second * POINT + i, 1)
  }
  for (let n: usize = 2; n <= 8; n++) addLanes(TABLE + n * POINT, TABLE + (n - 1) * POINT, TABLE + POINT)
  const a = SCALARS + first * 2 * DIGITS
  const b = SCALARS + second * 2 * DIGITS
  setIdentity(SCALED, ONE_LANES)
  for (let place: usize = DIGITS; place-- > 0; ) {
    for (let i = 0; i < 4; i++) doubleLanes(SCALED, SCALED)
    choose(<i32>load<i8>(a + place), <i32>load<i8>(b + place))
    addLanes(SCALED, SCALED, TERM)
    choose(-<i32>load<i8>(a + place, DIGITS), -<i32>load<i8>(b + place, DIGITS))
    f2mulLanes(TERM, TERM, BETA_LANES) // φ
    addLanes(SCALED, SCALED, TERM)
  }
  inverseLanes(INVERSE, SCALED + 2 * PAIR)
  f2mulLanes(SCALED, SCALED, INVERSE)
  f2mulLanes(SCALED + PAIR, SCALED + PAIR, INVERSE)
  setP(first, SCALED, SCALED + PAIR, 0)
  setP(second, SCALED, SCALED + PAIR, second == first ? 0 : 1)
}

/** TERM = the multiples of the table, one per lane. */
function choose(first: i32, second: i32): void {
  const a = TABLE + <usize>abs(first) * POINT
  const b = TABLE + <usize>abs(second) * POINT
  for (let i: usize = 0; i < 3 * PAIR; i += PAIR) pick(TERM + i, a + i, 0, b + i, 1)
  if (first >= 0 && second >= 0) return
  const y = TERM + PAIR
  negate(MINUS, y)
  pick(y, first < 0 ? MINUS : y, 0, second < 0 ? MINUS : y, 1)
}
