/** SHA-256 in pieces: one message at a time, which stays in the memory that is wiped. */
import { compress, INITIAL } from '../../generated/secp256k1/sha256-compress'
import { HASHING } from './memory'

const STATE: usize = HASHING
const BLOCK: usize = HASHING + 32
/** Bytes hashed so far. */
const LENGTH: usize = HASHING + 96

/** The 32 bytes of the result, after `hashEnd`. */
export const HASH: usize = HASHING

export function hashStart(): void {
  memory.copy(STATE, INITIAL, 32)
  store<u64>(LENGTH, 0)
}

/** Begins a tagged hash (BIP-340); `tag` is SHA-256 of the tag's text. */
export function taggedHashStart(tag: usize): void {
  hashStart()
  hashUpdate(tag, 32)
  hashUpdate(tag, 32)
}

export function hashUpdate(data: usize, bytes: usize): void {
  let used = <usize>load<u64>(LENGTH) & 63
  store<u64>(LENGTH, load<u64>(LENGTH) + <u64>bytes)
  while (used + bytes >= 64) {
    const taken: usize = 64 - used
    memory.copy(BLOCK + used, data, taken)
    compress(STATE, BLOCK)
    data += taken
    bytes -= taken
    used = 0
  }
  memory.copy(BLOCK + used, data, bytes)
}

/** HASH = the result. */
export function hashEnd(): void {
  const used = <usize>load<u64>(LENGTH) & 63
  store<u8>(BLOCK + used, 0x80)
  memory.fill(BLOCK + used + 1, 0, 63 - used)
  if (used >= 56) {
    compress(STATE, BLOCK)
    memory.fill(BLOCK, 0, 56)
  }
  store<u64>(BLOCK, bswap<u64>(load<u64>(LENGTH) << 3), 56)
  compress(STATE, BLOCK)
  for (let i: usize = 0; i < 32; i += 4) store<u32>(STATE + i, bswap<u32>(load<u32>(STATE + i)))
}
