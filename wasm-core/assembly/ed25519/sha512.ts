/** SHA-512 in pieces: one message at a time, which stays in the memory that is wiped. */
import { compress, INITIAL } from '../../generated/ed25519/sha512-compress'
import { HASHING } from './memory'

const STATE: usize = HASHING
const BLOCK: usize = HASHING + 64
/** Bytes hashed so far. */
const LENGTH: usize = HASHING + 192

/** The 64 bytes of the result, after `hashEnd`. */
export const HASH: usize = HASHING

export function hashStart(): void {
  memory.copy(STATE, INITIAL, 64)
  store<u64>(LENGTH, 0)
}

export function hashUpdate(data: usize, bytes: usize): void {
  let used = <usize>load<u64>(LENGTH) & 127
  store<u64>(LENGTH, load<u64>(LENGTH) + <u64>bytes)
  while (used + bytes >= 128) {
    const taken: usize = 128 - used
    memory.copy(BLOCK + used, data, taken)
    compress(STATE, BLOCK)
    data += taken
    bytes -= taken
    used = 0
  }
  memory.copy(BLOCK + used, data, bytes)
}

/** HASH = the result. Lengths are below 2^61 bytes, so the upper half of the length field is zero. */
export function hashEnd(): void {
  const used = <usize>load<u64>(LENGTH) & 127
  store<u8>(BLOCK + used, 0x80)
  memory.fill(BLOCK + used + 1, 0, 127 - used)
  if (used >= 112) {
    compress(STATE, BLOCK)
    memory.fill(BLOCK, 0, 120)
  }
  store<u64>(BLOCK, bswap<u64>(load<u64>(LENGTH) << 3), 120)
  compress(STATE, BLOCK)
  for (let i: usize = 0; i < 64; i += 8) store<u64>(STATE + i, bswap<u64>(load<u64>(STATE + i)))
}
