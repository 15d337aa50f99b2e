import { compress, compressFour, compressFourPadding, INITIAL } from '../../generated/hashes/sha256-compress'
import { INPUT, OUTPUT } from './windows'

const STATE: usize = memory.data(32, 16)
/** The last one or two blocks, padded. */
const BLOCK: usize = memory.data(128, 16)
/** The padding block of a 64-byte message: 0x80, zeros, 512 as big-endian u64. */
const PADDING: usize = memory.data<u8>([
  0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0,
])
/** Four states and four blocks, word by word: word i of message m at 16 i + 4 m. */
const STATES: usize = memory.data(128, 16)
const BLOCKS: usize = memory.data(256, 16)

export function sha256Start(): void {
  memory.copy(STATE, INITIAL, 32)
}

/** Compresses `length` bytes of the input window, a multiple of 64. */
export function sha256Blocks(length: usize): void {
  for (let at = INPUT, end = INPUT + length; at < end; at += 64) compress(STATE, at)
}

/** Ends a message of `total` bytes with the last `length` bytes of the input window. */
export function sha256End(length: usize, total: f64): void {
  let from = INPUT
  const end = INPUT + length
  while (from + 64 <= end) {
    compress(STATE, from)
    from += 64
  }
  const rest = end - from
  memory.fill(BLOCK, 0, 128)
  memory.copy(BLOCK, from, rest)
  store<u8>(BLOCK + rest, 0x80)
  const padded: usize = rest < 56 ? 64 : 128
  store<u64>(BLOCK + padded - 8, bswap<u64>(<u64>total << 3))
  compress(STATE, BLOCK)
  if (padded == 128) compress(STATE, BLOCK + 64)
  writeState(OUTPUT)
}

/** SHA-256 of the first `length` bytes of the input window. */
export function sha256(length: usize): void {
  sha256Start()
  sha256End(length, <f64>length)
}

function writeState(to: usize): void {
  for (let i: usize = 0; i < 32; i += 4) store<u32>(to + i, bswap<u32>(load<u32>(STATE + i)))
}

/** SHA-256 of the 64 bytes at `node`, written to `to`, which may overlap. */
export function sha256Node(node: usize, to: usize): void {
  sha256Start()
  compress(STATE, node)
  compress(STATE, PADDING)
  writeState(to)
}

/**
 * Replaces `count` 64-byte nodes at the start of the input window by their hashes, packed. Four at a time: a group
 * writes 128 bytes where the group's own input or an earlier one's was. The last group may hash up to two nodes of
 * whatever lies behind the input, which costs less than hashing the remaining nodes one by one.
 */
export function sha256Pairs(count: usize): void {
  let i: usize = 0
  for (; i + 1 < count; i += 4) {
    hashFour(INPUT + 64 * i)
    scatter(INPUT + 32 * i)
  }
  if (i < count) sha256Node(INPUT + 64 * i, INPUT + 32 * i)
}

/** The same with SHA-256 applied twice, as in the Merkle trees of Bitcoin; the last group may read three nodes more. */
export function sha256dPairs(count: usize): void {
  for (let i: usize = 0; i < count; i += 4) {
    hashFour(INPUT + 64 * i)
    memory.copy(BLOCKS, STATES, 128)
    memory.fill(BLOCKS + 128, 0, 128)
    v128.store(BLOCKS, i32x4.splat(0x80000000), 128)
    v128.store(BLOCKS, i32x4.splat(256), 240)
    startFour()
    compressFour(STATES, BLOCKS)
    scatter(INPUT + 32 * i)
  }
}

/** STATES = the hashes of the four 64-byte nodes at `from`. */
function hashFour(from: usize): void {
  gather(from)
  startFour()
  compressFour(STATES, BLOCKS)
  compressFourPadding(STATES)
}

function startFour(): void {
  for (let word: usize = 0; word < 8; word++) {
    v128.store(STATES + 16 * word, v128.load_splat<u32>(INITIAL + 4 * word))
  }
}

function bswapWords(x: v128): v128 {
  return i8x16.shuffle(x, x, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12)
}

/** Transposes four 64-byte nodes into BLOCKS, big-endian words to native ones. */
function gather(from: usize): void {
  for (let word: usize = 0; word < 64; word += 16) transpose(from + word, 64, BLOCKS + 4 * word, 16)
}

/** Transposes STATES into four 32-byte hashes, native words to big-endian ones. */
function scatter(to: usize): void {
  transpose(STATES, 16, to, 32)
  transpose(STATES + 64, 16, to + 16, 32)
}

/** A 4×4 matrix of u32: rows `step` bytes apart at `from`, columns become rows `stride` bytes apart at `to`. */
function transpose(from: usize, step: usize, to: usize, stride: usize): void {
  const a = v128.load(from)
  const b = v128.load(from + step)
  const c = v128.load(from + 2 * step)
  const d = v128.load(from + 3 * step)
  const ab = i32x4.shuffle(a, b, 0, 4, 1, 5)
  const cd = i32x4.shuffle(c, d, 0, 4, 1, 5)
  const ef = i32x4.shuffle(a, b, 2, 6, 3, 7)
  const gh = i32x4.shuffle(c, d, 2, 6, 3, 7)
  v128.store(to, bswapWords(i64x2.shuffle(ab, cd, 0, 2)))
  v128.store(to + stride, bswapWords(i64x2.shuffle(ab, cd, 1, 3)))
  v128.store(to + 2 * stride, bswapWords(i64x2.shuffle(ef, gh, 0, 2)))
  v128.store(to + 3 * stride, bswapWords(i64x2.shuffle(ef, gh, 1, 3)))
}
