/** hash_to_field (RFC 9380 §5.2): uniform bytes to the lanes of a pair. */
import { f2addCarried, f2mulLanes, RAW_R2, RAW_R2_WIDE } from '../../generated/bls12381/field'

const HIGH: usize = memory.data(112, 16)
const LOW: usize = memory.data(112, 16)

/** Both lanes (one element of Fp2, or two of Fp) from 128 uniform bytes: two 512-bit big-endian integers modulo p. */
export function fieldElement(out: usize, bytes: usize): void {
  for (let lane: usize = 0; lane < 2; lane++) {
    read256(HIGH, lane, bytes + 64 * lane)
    read256(LOW, lane, bytes + 64 * lane + 32)
  }
  f2mulLanes(HIGH, HIGH, RAW_R2_WIDE)
  f2mulLanes(LOW, LOW, RAW_R2)
  f2addCarried(out, HIGH, LOW)
}

/** 32 big-endian bytes into the limbs of one lane. */
function read256(out: usize, lane: usize, from: usize): void {
  let acc: u64 = 0
  let bits = 0
  let limb: usize = 0
  for (let i: usize = 32; i-- > 0; ) {
    acc |= <u64>load<u8>(from + i) << bits
    bits += 8
    if (bits >= 28) {
      store<u32>(out + 4 * lane + 8 * limb++, <u32>acc & 0xfffffff)
      acc >>= 28
      bits -= 28
    }
  }
  store<u32>(out + 4 * lane + 8 * limb++, <u32>acc)
  for (; limb < 14; limb++) store<u32>(out + 4 * lane + 8 * limb, 0)
}
