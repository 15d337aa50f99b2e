/** Deterministic nonces: RFC 6979 §3.2 with HMAC-SHA256, and §3.6 for additional entropy. */
import { NONCES } from './memory'
import { HASH, hashEnd, hashStart, hashUpdate } from './sha256'

const K: usize = NONCES
/** V ‖ separator ‖ secret key ‖ digest ‖ extra entropy: the seed of the generator, V in front. */
export const V: usize = NONCES + 32
const SEPARATOR: usize = NONCES + 64
const SEED: usize = NONCES + 65
const PAD: usize = NONCES + 168 // a block
const INNER: usize = NONCES + 232

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
  startPadded(0x3636363636363636)
  hashUpdate(message, length)
  hashEnd()
  memory.copy(INNER, HASH, 32)
  startPadded(0x5c5c5c5c5c5c5c5c)
  hashUpdate(INNER, 32)
  hashEnd()
  memory.copy(out, HASH, 32)
}

/** Begins a hash with the block K ⊕ pad. */
function startPadded(pad: u64): void {
  for (let i: usize = 0; i < 32; i += 8) store<u64>(PAD + i, load<u64>(K + i) ^ pad)
  for (let i: usize = 32; i < 64; i += 8) store<u64>(PAD + i, pad)
  hashStart()
  hashUpdate(PAD, 64)
}
