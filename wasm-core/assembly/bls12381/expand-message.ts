/** expand_message_xmd with SHA-256 (RFC 9380 §5.3.1), up to 256 bytes out, for messages that arrive in pieces. */
import { compress, INITIAL } from '../../generated/bls12381/sha256-compress'
import { INPUT } from './windows'

const STATE: usize = memory.data(32, 16)
const BLOCK: usize = memory.data(64, 16)
/** What is hashed after the message, and the input of every later round. */
const ROUND: usize = memory.data(32 + 1 + 256, 16)
const SUFFIX: usize = memory.data(3) // the length as two bytes, then 0
const FIRST: usize = memory.data(32, 16)

/** The uniform bytes. */
export const UNIFORM: usize = memory.data(256, 16)

let filled: usize = 0
let total: u64 = 0

/** The domain of Ethereum's signatures. */
const DOMAIN: usize = memory.data<u8>([
  66, 76, 83, 95, 83, 73, 71, 95, 66, 76, 83, 49, 50, 51, 56, 49, 71, 50, 95, 88, 77, 68, 58, 83, 72, 65, 45, 50,
  53, 54, 95, 83, 83, 87, 85, 95, 82, 79, 95, 80, 79, 80, 95,
]) // BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_
const DOMAIN_LENGTH: usize = 43

function start(): void {
  memory.copy(STATE, INITIAL, 32)
  filled = 0
  total = 0
}

function update(from: usize, length: usize): void {
  total += length
  while (length > 0) {
    const room: usize = 64 - filled
    const n = length < room ? length : room
    memory.copy(BLOCK + filled, from, n)
    from += n
    length -= n
    filled += n
    if (filled == 64) {
      compress(STATE, BLOCK)
      filled = 0
    }
  }
}

function end(to: usize): void {
  store<u8>(BLOCK + filled, 0x80)
  memory.fill(BLOCK + filled + 1, 0, 63 - filled)
  if (filled >= 56) {
    compress(STATE, BLOCK)
    memory.fill(BLOCK, 0, 64)
  }
  store<u64>(BLOCK, bswap<u64>(total << 3), 56)
  compress(STATE, BLOCK)
  for (let i: usize = 0; i < 32; i += 4) store<u32>(to + i, bswap<u32>(load<u32>(STATE + i)))
}

/** Begins a message. */
export function messageStart(): void {
  start()
  memory.fill(BLOCK, 0, 64)
  compress(STATE, BLOCK) // Z_pad
  total = 64
}

/** Adds `length` bytes of the input window. */
export function messageAdd(length: usize): void {
  update(INPUT, length)
}

/** Ends the message in Ethereum's domain and fills UNIFORM. */
export function messageEnd(): void {
  messageEndIn(DOMAIN, DOMAIN_LENGTH, 256)
}

/** Ends the message in the domain of `length` bytes (at most 255) at `domain`, for 128 or 256 bytes. */
export function messageEndIn(domain: usize, length: usize, bytes: usize): void {
  const tail = ROUND + 32
  memory.copy(tail + 1, domain, length)
  store<u8>(tail + 1 + length, <u8>length)
  store<u16>(SUFFIX, bswap<u16>(<u16>bytes))
  update(SUFFIX, 3)
  update(tail + 1, length + 1)
  end(FIRST)
  for (let i: usize = 0; i < bytes / 32; i++) {
    const to = UNIFORM + 32 * i
    for (let j: usize = 0; j < 32; j += 8) {
      const previous: u64 = i == 0 ? 0 : load<u64>(to - 32 + j)
      store<u64>(ROUND + j, load<u64>(FIRST + j) ^ previous)
    }
    store<u8>(tail, <u8>(i + 1))
    start()
    update(ROUND, 34 + length)
    end(to)
  }
}
