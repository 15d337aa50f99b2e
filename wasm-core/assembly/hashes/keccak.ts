import { keccakF, keccakFTwo } from '../../generated/hashes/keccak-f'
import { INPUT, OUTPUT } from './windows'

/** Bytes absorbed per permutation (1600 - 2·256 bits). */
const RATE: usize = 136
const STATE: usize = memory.data(200, 16)
/** The last block, padded. */
const BLOCK: usize = memory.data(136, 16)
/** Two states, interleaved, and the last block of each of their messages. */
const STATES: usize = memory.data(400, 16)
const BLOCKS: usize = memory.data(272, 16)

/** Lanes that keccakF wants stored inverted; see generate/keccak.ts. */
export function keccakStart(): void {
  memory.fill(STATE, 0, 200)
  store<u64>(STATE, -1, 8)
  store<u64>(STATE, -1, 16)
  store<u64>(STATE, -1, 64)
  store<u64>(STATE, -1, 96)
  store<u64>(STATE, -1, 136)
  store<u64>(STATE, -1, 160)
}

function absorb(from: usize): void {
  for (let i: usize = 0; i < RATE; i += 8) store<u64>(STATE + i, load<u64>(STATE + i) ^ load<u64>(from + i))
  keccakF(STATE)
}

/** Absorbs `length` bytes of the input window, a multiple of 136. */
export function keccakBlocks(length: usize): void {
  for (let at = INPUT, end = INPUT + length; at < end; at += RATE) absorb(at)
}

/** Absorbs the `length` bytes at `from`, pads and writes the hash to `to`. */
export function keccakFinish(from: usize, length: usize, to: usize): void {
  const end = from + length
  while (from + RATE <= end) {
    absorb(from)
    from += RATE
  }
  pad(BLOCK, from, end - from)
  absorb(BLOCK)
  store<u64>(to, load<u64>(STATE))
  store<u64>(to, ~load<u64>(STATE, 8), 8) // lanes 1 and 2 are stored inverted
  store<u64>(to, ~load<u64>(STATE, 16), 16)
  store<u64>(to, load<u64>(STATE, 24), 24)
}

/** block = the last `rest` bytes of a message, padded as Ethereum does (0x01 … 0x80). */
function pad(block: usize, from: usize, rest: usize): void {
  memory.fill(block, 0, RATE)
  memory.copy(block, from, rest)
  store<u8>(block + rest, 1)
  store<u8>(block, load<u8>(block, 135) | 0x80, 135)
}

/**
 * Keccak-256 of two messages at once: 32 bytes to `to`, 32 to `to + 32`. When one is longer, the lane of the other runs
 * on empty.
 */
export function keccakTwo(a: usize, aLength: usize, b: usize, bLength: usize, to: usize): void {
  const aLast = aLength / RATE
  const bLast = bLength / RATE
  pad(BLOCKS, a + aLast * RATE, aLength - aLast * RATE)
  pad(BLOCKS + RATE, b + bLast * RATE, bLength - bLast * RATE)
  memory.fill(STATES, 0, 400)
  for (let block: usize = 0; block <= aLast || block <= bLast; block++) {
    if (block <= aLast) absorbLane(STATES, block < aLast ? a + block * RATE : BLOCKS)
    if (block <= bLast) absorbLane(STATES + 8, block < bLast ? b + block * RATE : BLOCKS + RATE)
    keccakFTwo(STATES)
    if (block == aLast) squeezeLane(STATES, to)
    if (block == bLast) squeezeLane(STATES + 8, to + 32)
  }
}

function absorbLane(lane: usize, from: usize): void {
  for (let i: usize = 0; i < RATE; i += 8) store<u64>(lane + 2 * i, load<u64>(lane + 2 * i) ^ load<u64>(from + i))
}

function squeezeLane(lane: usize, to: usize): void {
  for (let i: usize = 0; i < 32; i += 8) store<u64>(to + i, load<u64>(lane + 2 * i))
}

/** Ends a streamed message with the last `length` bytes of the input window. */
export function keccakEnd(length: usize): void {
  keccakFinish(INPUT, length, OUTPUT)
}

/** Keccak-256 of the first `length` bytes of the input window. */
export function keccak256(length: usize): void {
  keccakStart()
  keccakFinish(INPUT, length, OUTPUT)
}
