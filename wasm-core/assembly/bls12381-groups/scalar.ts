/**
 * Integers modulo the group order r, as eight little-endian u32 words. Montgomery with R = 2^256: "plain times
 * Montgomery is plain". The same operations whatever the values: loops count words.
 */
import {
  MINUS_INVERSE,
  ORDER,
  ORDER_MINUS_2,
  R_CUBED,
  R_SQUARED,
  SCALAR_ONE,
  SCALAR_UNIT,
} from '../../generated/bls12381/scalar'
import { RESULT, SCALARS } from './windows'

const WORDS_BYTES: usize = 32
/** Ten words: the running sum of a product. */
const SUM: usize = memory.data(48, 16)
const REDUCED: usize = memory.data(32, 16)
const HIGH: usize = memory.data(32, 16)
const LOW: usize = memory.data(32, 16)
const BASE: usize = memory.data(32, 16)
const FACTOR: usize = memory.data(32, 16)

/** Reads 32 big-endian bytes. */
export function readScalar(out: usize, from: usize): void {
  for (let i: usize = 0; i < WORDS_BYTES; i += 4) store<u32>(out + i, bswap<u32>(load<u32>(from + 28 - i)))
}

/** Writes 32 big-endian bytes. */
export function writeScalar(to: usize, a: usize): void {
  for (let i: usize = 0; i < WORDS_BYTES; i += 4) store<u32>(to + 28 - i, bswap<u32>(load<u32>(a + i)))
}

/** out = a · b / R mod r, for any a below 2^256 and b below r. out may be a or b. */
export function scalarMul(out: usize, a: usize, b: usize): void {
  memory.fill(SUM, 0, 40)
  for (let i: usize = 0; i < WORDS_BYTES; i += 4) {
    const ai = <u64>load<u32>(a + i)
    let carry: u64 = 0
    for (let j: usize = 0; j < WORDS_BYTES; j += 4) {
      carry += ai * <u64>load<u32>(b + j) + <u64>load<u32>(SUM + j)
      store<u32>(SUM + j, <u32>carry)
      carry >>= 32
    }
    carry += <u64>load<u32>(SUM, 32)
    store<u64>(SUM, carry, 32)
    const m = (<u64>load<u32>(SUM) * MINUS_INVERSE) & 0xffffffff // wide, then masked: asc would not wrap a u32 product
    carry = (m * <u64>load<u32>(ORDER) + <u64>load<u32>(SUM)) >> 32
    for (let j: usize = 4; j < WORDS_BYTES; j += 4) {
      carry += m * <u64>load<u32>(ORDER + j) + <u64>load<u32>(SUM + j)
      store<u32>(SUM + j - 4, <u32>carry)
      carry >>= 32
    }
    carry += <u64>load<u32>(SUM, 32)
    store<u32>(SUM, <u32>carry, 28)
    store<u32>(SUM, load<u32>(SUM, 36) + <u32>(carry >> 32), 32)
  }
  reduceOnce(out, SUM) // below 2r, which is below 2^256
}

/** out = a + b mod r, for a and b below r. */
export function scalarAdd(out: usize, a: usize, b: usize): void {
  let carry: u64 = 0
  for (let i: usize = 0; i < WORDS_BYTES; i += 4) {
    carry += <u64>load<u32>(a + i) + <u64>load<u32>(b + i)
    store<u32>(SUM + i, <u32>carry)
    carry >>= 32
  }
  reduceOnce(out, SUM)
}

/** out = −a mod r, for a below r: r − a, and 0 for 0. */
export function scalarNegate(out: usize, a: usize): void {
  let t: i64 = 0
  for (let i: usize = 0; i < WORDS_BYTES; i += 4) {
    t += <i64>load<u32>(ORDER + i) - <i64>load<u32>(a + i)
    store<u32>(SUM + i, <u32>t)
    t >>= 32
  }
  reduceOnce(out, SUM)
}

/** out = a mod r, for a below 2r. */
function reduceOnce(out: usize, a: usize): void {
  const keep = <u32>subtractOrder(a) // ones when a is below r
  for (let i: usize = 0; i < WORDS_BYTES; i += 4) {
    const other = load<u32>(REDUCED + i)
    store<u32>(out + i, other ^ (keep & (other ^ load<u32>(a + i))))
  }
}

/** REDUCED = a − r modulo 2^256; all ones when that is negative, else zero. */
function subtractOrder(a: usize): i64 {
  let t: i64 = 0
  for (let i: usize = 0; i < WORDS_BYTES; i += 4) {
    t += <i64>load<u32>(a + i) - <i64>load<u32>(ORDER + i)
    store<u32>(REDUCED + i, <u32>t)
    t >>= 32
  }
  return t
}

/** All ones when a is below r, else zero. */
export function belowOrder(a: usize): u32 {
  return <u32>subtractOrder(a)
}

/** out = the 512-bit big-endian number at `wide` mod r, neither in Montgomery form. */
export function scalarOfWide(out: usize, wide: usize): void {
  readScalar(HIGH, wide)
  readScalar(LOW, wide + 32)
  scalarMul(HIGH, HIGH, R_CUBED)
  scalarMul(LOW, LOW, R_SQUARED)
  scalarAdd(out, HIGH, LOW)
  scalarMul(out, out, SCALAR_UNIT)
}

/** out = a · b mod r, of plain numbers. */
export function scalarProduct(out: usize, a: usize, b: usize): void {
  scalarMul(BASE, b, R_SQUARED)
  scalarMul(out, a, BASE)
}

/** out = 1/a = a^(r − 2) mod r, of plain numbers; 0 for 0. Every bit costs a square and a product, by a or by 1. */
export function scalarInverse(out: usize, a: usize): void {
  scalarMul(BASE, a, R_SQUARED)
  memory.copy(LOW, SCALAR_ONE, 32)
  for (let word: usize = 0; word < WORDS_BYTES; word += 4) {
    const exponent = load<u32>(ORDER_MINUS_2 + 28 - word)
    for (let bit: u32 = 0; bit < 32; bit++) {
      scalarMul(LOW, LOW, LOW)
      const take: u32 = 0 - ((exponent >> (31 - bit)) & 1)
      for (let i: usize = 0; i < WORDS_BYTES; i += 4) {
        const one = load<u32>(SCALAR_ONE + i)
        store<u32>(FACTOR + i, one ^ (take & (one ^ load<u32>(BASE + i))))
      }
      scalarMul(LOW, LOW, FACTOR)
    }
  }
  scalarMul(out, LOW, SCALAR_UNIT)
}

const A: usize = memory.data(32, 16)
const B: usize = memory.data(32, 16)

/** RESULT = the sum of the two scalars in the window. */
export function scalarsAdd(): void {
  readTwo()
  scalarAdd(A, A, B)
  writeScalar(RESULT, A)
}

/** RESULT = their product. */
export function scalarsMultiply(): void {
  readTwo()
  scalarProduct(A, A, B)
  writeScalar(RESULT, A)
}

/** RESULT = the negative of the first scalar in the window. */
export function scalarsNegate(): void {
  readScalar(A, SCALARS)
  scalarNegate(A, A)
  writeScalar(RESULT, A)
}

/** RESULT = its inverse; 0 for 0. */
export function scalarsInvert(): void {
  readScalar(A, SCALARS)
  scalarInverse(A, A)
  writeScalar(RESULT, A)
}

/** RESULT = the 64 bytes in the window modulo r. */
export function scalarsReduce(): void {
  scalarOfWide(A, SCALARS)
  writeScalar(RESULT, A)
}

function readTwo(): void {
  readScalar(A, SCALARS)
  readScalar(B, SCALARS + 32)
}

/** The index of the first of `count` scalars in the window that is not below r, or −1. Tells no more than that. */
export function scalarsUnreduced(count: i32): i32 {
  for (let i = 0; i < count; i++) {
    readScalar(A, SCALARS + 32 * <usize>i)
    if (belowOrder(A) == 0) return i
  }
  return -1
}
