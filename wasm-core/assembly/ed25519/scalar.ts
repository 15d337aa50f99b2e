/**
 * Integers modulo the group order L = 2^252 + 27742317777372353535851937790883648493, as eight little-endian u32 words,
 * so that 32 bytes are a scalar as they stand. Montgomery with R = 2^256: "plain times Montgomery is plain". A few
 * products per signature do not deserve unrolled code. The same operations whatever the values: loops count words.
 */
import { MINUS_INVERSE, ORDER, R_CUBED, R_SQUARED, SCALAR_ONE } from '../../generated/ed25519/scalar'
import { SCALARS } from './memory'

/** Ten words: the running sum of a product. */
const SUM: usize = SCALARS
const REDUCED: usize = SCALARS + 48
const WORK: usize = SCALARS + 80

/** out = a · b / R mod L, for any a below 2^256 and b below L. out may be a or b. */
export function scalarMul(out: usize, a: usize, b: usize): void {
  memory.fill(SUM, 0, 40)
  for (let i: usize = 0; i < 32; i += 4) {
    const ai = <u64>load<u32>(a + i)
    let carry: u64 = 0
    for (let j: usize = 0; j < 32; j += 4) {
      carry += ai * <u64>load<u32>(b + j) + <u64>load<u32>(SUM + j)
      store<u32>(SUM + j, <u32>carry)
      carry >>= 32
    }
    carry += <u64>load<u32>(SUM, 32)
    store<u64>(SUM, carry, 32)
    const m = (<u64>load<u32>(SUM) * MINUS_INVERSE) & 0xffffffff // wide, then masked: asc would not wrap a u32 product
    carry = (m * <u64>load<u32>(ORDER) + <u64>load<u32>(SUM)) >> 32
    for (let j: usize = 4; j < 32; j += 4) {
      carry += m * <u64>load<u32>(ORDER + j) + <u64>load<u32>(SUM + j)
      store<u32>(SUM + j - 4, <u32>carry)
      carry >>= 32
    }
    carry += <u64>load<u32>(SUM, 32)
    store<u32>(SUM, <u32>carry, 28)
    store<u32>(SUM, load<u32>(SUM, 36) + <u32>(carry >> 32), 32)
  }
  reduceOnce(out, SUM) // below 2L, which is below 2^254
}

/** out = a + b mod L, for a and b below L. */
export function scalarAdd(out: usize, a: usize, b: usize): void {
  let carry: u64 = 0
  for (let i: usize = 0; i < 32; i += 4) {
    carry += <u64>load<u32>(a + i) + <u64>load<u32>(b + i)
    store<u32>(SUM + i, <u32>carry)
    carry >>= 32
  }
  reduceOnce(out, SUM)
}

/** out = a mod L, for a below 2L. */
function reduceOnce(out: usize, a: usize): void {
  const keep = subtractOrder(a) // ones when a is below L
  for (let i: usize = 0; i < 32; i += 4) {
    const other = load<u32>(REDUCED + i)
    store<u32>(out + i, other ^ (<u32>keep & (other ^ load<u32>(a + i))))
  }
}

/** REDUCED = a - L modulo 2^256; all ones when that is negative, else zero. */
function subtractOrder(a: usize): i64 {
  let t: i64 = 0
  for (let i: usize = 0; i < 32; i += 4) {
    t += <i64>load<u32>(a + i) - <i64>load<u32>(ORDER + i)
    store<u32>(REDUCED + i, <u32>t)
    t >>= 32
  }
  return t
}

/** Whether a is below L: RFC 8032 refuses any other S. */
export function isReduced(a: usize): bool {
  return subtractOrder(a) != 0
}

/** out = the 64 bytes at `wide` mod L, in Montgomery form. */
export function enterWide(out: usize, wide: usize): void {
  scalarMul(WORK, wide + 32, R_CUBED)
  scalarMul(out, wide, R_SQUARED)
  scalarAdd(out, out, WORK)
}

/** Into Montgomery form. */
export function enter(out: usize, a: usize): void {
  scalarMul(out, a, R_SQUARED)
}

/** Out of Montgomery form. */
export function leave(out: usize, a: usize): void {
  scalarMul(out, a, SCALAR_ONE)
}
