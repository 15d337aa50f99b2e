/**
 * k = a + b·x² with a and b below 2^128, so that kP = aP + b·(−φ(P)) takes half the doublings, and their digits. The
 * same operations for every k.
 */
import { X_SQUARED, X_SQUARED_RECIPROCAL } from '../../generated/bls12381/scalar'

/** Signed digits of four bits of a number of 128: −8 to 7, and a last one that is a carry. */
export const DIGITS: usize = 33

/** 13 words: the product with the reciprocal. */
const PRODUCT: usize = memory.data(64, 16)
/** b̂, what is left of k, and that less x²; five words each. In the end b and a. */
export const QUOTIENT: usize = memory.data(32, 16)
export const REST: usize = memory.data(32, 16)
const LESS: usize = memory.data(32, 16)

/** Digits of a and then of b, for eight words k below r. */
export function halfDigits(digits: usize, k: usize): void {
  splitHalves(k)
  recode(digits, REST, 16)
  recode(digits + DIGITS, QUOTIENT, 16)
}

/** REST = a and QUOTIENT = b, for eight words k below r. */
export function splitHalves(k: usize): void {
  // b̂ = ⌊k·⌊2^256/x²⌋ / 2^256⌋ is b or b − 1: k/2^256 < 1/2 is lost to the first floor, less than 1 to the second.
  multiply(PRODUCT, k, 32, X_SQUARED_RECIPROCAL)
  memory.copy(QUOTIENT, PRODUCT + 32, 20)
  multiply(PRODUCT, QUOTIENT, 20, X_SQUARED)
  subtract(REST, k, PRODUCT)
  const correct = ~subtract(LESS, REST, X_SQUARED) // ones when the rest is x² or more
  let carry: u64 = <u64>(correct & 1)
  for (let i: usize = 0; i < 20; i += 4) {
    carry += <u64>load<u32>(QUOTIENT + i)
    store<u32>(QUOTIENT + i, <u32>carry)
    carry >>= 32
    const rest = load<u32>(REST + i)
    store<u32>(REST + i, rest ^ (correct & (rest ^ load<u32>(LESS + i))))
  }
}

/** The signed digits of a number of `bytes` bytes, two for each and a carry. */
export function recode(digits: usize, a: usize, bytes: usize): void {
  let carry: i32 = 0
  for (let i: usize = 0; i < bytes; i++) {
    const byte = <i32>load<u8>(a + i)
    const low = (byte & 15) + carry
    carry = (low + 8) >> 4
    store<i8>(digits + 2 * i, <i8>(low - (carry << 4)))
    const high = (byte >> 4) + carry
    carry = (high + 8) >> 4
    store<i8>(digits + 2 * i + 1, <i8>(high - (carry << 4)))
  }
  store<i8>(digits + 2 * bytes, <i8>carry)
}

/** out = a · b for `bytes` bytes of a and five words of b. */
function multiply(out: usize, a: usize, bytes: usize, b: usize): void {
  memory.fill(out, 0, 64)
  for (let i: usize = 0; i < bytes; i += 4) {
    const ai = <u64>load<u32>(a + i)
    let carry: u64 = 0
    for (let j: usize = 0; j < 20; j += 4) {
      carry += ai * <u64>load<u32>(b + j) + <u64>load<u32>(out + i + j)
      store<u32>(out + i + j, <u32>carry)
      carry >>= 32
    }
    store<u32>(out + i, <u32>carry, 20)
  }
}

/** out = a − b in five words; ones when that is negative, else zero. */
function subtract(out: usize, a: usize, b: usize): u32 {
  let t: i64 = 0
  for (let i: usize = 0; i < 20; i += 4) {
    t += <i64>load<u32>(a + i) - <i64>load<u32>(b + i)
    store<u32>(out + i, <u32>t)
    t >>= 32
  }
  return <u32>t
}
