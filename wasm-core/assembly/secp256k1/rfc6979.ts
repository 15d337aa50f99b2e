/** Deterministic nonces: RFC 6979 §3.2 with HMAC-SHA256, and §3.6 for additional entropy. */
import { compress, INITIAL } from '../../generated/secp256k1/sha256-compress'
import { HASHING } from './memory'

const K: usize = HASHING
/** V ‖ separator ‖ secret key ‖ digest ‖ extra entropy: the seed of the generator, V in front. */
export const V: usize = HASHING + 32
const SEPARATOR: usize = HASHING + 64
const SEED: usize = HASHING + 65
const STATE: usize = HASHING + 208
const BLOCKS: usize = HASHING + 240 // up to three blocks of message
const INNER: usize = HASHING + 432

/** Starts the generator. `extraBytes` is 0 or 32. */
export function startNonces(secretKey: usize, digest: usize, extra: usize, extraBytes: usize): void {
  memory.fill(K, 0, 32)
  memory.fill(V, 1, 32)
  memory.copy(SEED, secretKey, 32)
  memory.copy(SEED + 32, digest, 32)
  memory.copy(SEED + 64, extra, extraBytes)
  for (let separator: u8 = 0; separator < 2; separator++) {
    store<u8>(SEPARATOR, separator)
    hmac(K, V, 97 + extraBytes)
    hmac(V, V, 32)
  }
}

/** V = the next candidate. */
export function nextNonce(): void {
  hmac(V, V, 32)
}

/** After a candidate that was not in 1..n-1: one that nobody has ever seen. */
export function rejectNonce(): void {
  store<u8>(SEPARATOR, 0)
  hmac(K, V, 33)
  hmac(V, V, 32)
}

/** out = HMAC-SHA256 under K of the `length` bytes at `message`. */
function hmac(out: usize, message: usize, length: usize): void {
  start(0x3636363636363636)
  hashRest(message, length)
  memory.copy(INNER, STATE, 32)
  start(0x5c5c5c5c5c5c5c5c)
  hashRest(INNER, 32)
  memory.copy(out, STATE, 32)
}

/** Begins a hash with the block K ⊕ pad. */
function start(pad: u64): void {
  memory.copy(STATE, INITIAL, 32)
  for (let i: usize = 0; i < 32; i += 8) store<u64>(BLOCKS + i, load<u64>(K + i) ^ pad)
  for (let i: usize = 32; i < 64; i += 8) store<u64>(BLOCKS + i, pad)
  compress(STATE, BLOCKS)
}

/** Ends a hash that has seen one block; STATE becomes the 32 bytes of the result. */
function hashRest(message: usize, length: usize): void {
  const padded = (length + 72) & ~63
  memory.fill(BLOCKS, 0, padded)
  memory.copy(BLOCKS, message, length)
  store<u8>(BLOCKS + length, 0x80)
  store<u64>(BLOCKS + padded - 8, bswap<u64>(<u64>(64 + length) << 3))
  for (let i: usize = 0; i < padded; i += 64) compress(STATE, BLOCKS + i)
  for (let i: usize = 0; i < 32; i += 4) store<u32>(STATE + i, bswap<u32>(load<u32>(STATE + i)))
}
