import { fieldFreeze } from '../../generated/secp256k1/field'
import { scalarFreeze } from '../../generated/secp256k1/scalar'
import { setBlinding } from './blinding'
import { combMultiply } from './comb'
import { fromBytes } from './field'
import { RANDOM, SIGNING } from './memory'

const B: usize = SIGNING
const STRETCH: usize = SIGNING + 40
const POINT: usize = SIGNING + 80

/**
 * A new blinding from the 64 bytes at RANDOM: b, and a number between 1 and 2^255 that is not zero because it is odd.
 * (b would be 0 once in 2^256 times, which the verification of the next signature would tell.)
 */
export function randomize(): void {
  fromBytes(B, RANDOM)
  scalarFreeze(B, B)
  store<u8>(RANDOM, load<u8>(RANDOM, 32) & 127, 32)
  store<u8>(RANDOM, load<u8>(RANDOM, 63) | 1, 63)
  fromBytes(STRETCH, RANDOM + 32)
  fieldFreeze(STRETCH, STRETCH)
  combMultiply(POINT, B)
  setBlinding(B, POINT, STRETCH)
}
