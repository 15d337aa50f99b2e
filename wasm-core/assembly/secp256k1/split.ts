/**
 * k = k1 + k2·λ with |k1|, |k2| < 2^128, where λ·(x, y) = (βx, y): half as many doublings. The same operations
 * whatever k is, so it serves secret scalars too.
 */
import { fieldAdd } from '../../generated/secp256k1/field'
import { G1, G2, MINUS_B1, MINUS_B2, MINUS_LAMBDA, scalarFreeze } from '../../generated/secp256k1/scalar'
import { fromBytes, toWords } from './field'
import { SPLIT_WORK } from './memory'
import { multiplyFrozen } from './scalar'

/** k1 and k2 modulo n: small, or n less a small number. */
export const HALF_ONE: usize = SPLIT_WORK
export const HALF_TWO: usize = SPLIT_WORK + 40
const WORDS: usize = SPLIT_WORK + 80
const PRODUCT: usize = SPLIT_WORK + 112 // 64 bytes
const BYTES: usize = SPLIT_WORK + 176

/**
 * HALF_ONE, HALF_TWO = the halves of the frozen scalar k. With c1 = round(k·b2/n) and c2 = round(-k·b1/n),
 * k2 = -c1·b1 - c2·b2 and k1 = k - k2·λ. The rounded divisions are products with G1, G2 = round(2^384·b/n), shifted.
 */
export function split(k: usize): void {
  toWords(WORDS, k)
  productShifted(HALF_ONE, G1)
  productShifted(HALF_TWO, G2)
  multiplyFrozen(HALF_ONE, HALF_ONE, MINUS_B1)
  multiplyFrozen(HALF_TWO, HALF_TWO, MINUS_B2)
  fieldAdd(HALF_TWO, HALF_TWO, HALF_ONE)
  scalarFreeze(HALF_TWO, HALF_TWO)
  multiplyFrozen(HALF_ONE, HALF_TWO, MINUS_LAMBDA)
  fieldAdd(HALF_ONE, HALF_ONE, k)
  scalarFreeze(HALF_ONE, HALF_ONE)
}

/** out = (k·g + 2^383) >> 384 as limbs, for the k at WORDS and eight 32-bit words at g. */
function productShifted(out: usize, g: usize): void {
  memory.fill(PRODUCT, 0, 64)
  for (let i: usize = 0; i < 32; i += 4) {
    let carry: u64 = 0
    for (let j: usize = 0; j < 32; j += 4) {
      const at = PRODUCT + i + j
      carry += <u64>load<u32>(WORDS + i) * <u64>load<u32>(g + j) + <u64>load<u32>(at)
      store<u32>(at, <u32>carry)
      carry >>= 32
    }
    store<u32>(PRODUCT + i + 32, <u32>carry)
  }
  const low = load<u64>(PRODUCT, 48)
  const rounded = low + (<u64>load<u32>(PRODUCT, 44) >> 31)
  const high = load<u64>(PRODUCT, 56) + <u64>(rounded < low)
  store<u64>(BYTES, 0)
  store<u64>(BYTES, 0, 8)
  store<u64>(BYTES, bswap<u64>(high), 16)
  store<u64>(BYTES, bswap<u64>(rounded), 24)
  fromBytes(out, BYTES)
}
