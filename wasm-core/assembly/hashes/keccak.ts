import { keccakF, keccakFTwo } from '../../generated/hashes/keccak-f'
import { copyBytes, INPUT, OUTPUT } from './windows'

/** Bytes absorbed per permutation (1600 - 2·256 bits). */
const RATE: usize = 136
const STATE: usize = memory.data(200, 16)
/** The last block, padded. */
const BLOCK: usize = memory.data(136, 16)
/** Two states, interleaved, and the last block of each of their messages. */
const STATES: usize = memory.data(400, 16)
const BLOCKS: usize = memory.data(272, 16)
/** What an idle lane absorbs. */
const NOTHING: usize = memory.data(136, 16)

/** Lanes that keccakF wants stored inverted; see generate/keccak.ts. */
export function keccakStart(): void {
  for (let i: usize = 0; i < 200; i += 8) store<u64>(STATE + i, 0)
  store<u64>(STATE, -1, 8)
  store<u64>(STATE, -1, 16)
  store<u64>(STATE, -1, 64)
  store<u64>(STATE, -1, 96)
  store<u64>(STATE, -1, 136)
  store<u64>(STATE, -1, 160)
}

/** Absorbs `length` bytes of the input window, a multiple of 136. */
export function keccakBlocks(length: usize): void {
  for (let at = INPUT, end = INPUT + length; at < end; at += RATE) keccakF(STATE, at)
}

/** Absorbs the `length` bytes at `from`, pads and writes the hash to `to`. */
export function keccakFinish(from: usize, length: usize, to: usize): void {
  const end = from + length
  while (from + RATE <= end) {
    keccakF(STATE, from)
    from += RATE
  }
  pad(BLOCK, from, end - from)
  keccakF(STATE, BLOCK)
  store<u64>(to, load<u64>(STATE))
  store<u64>(to, ~load<u64>(STATE, 8), 8) // lanes 1 and 2 are stored inverted
  store<u64>(to, ~load<u64>(STATE, 16), 16)
  store<u64>(to, load<u64>(STATE, 24), 24)
}

/** block = the last `rest` bytes of a message, padded as Ethereum does (0x01 … 0x80). */
function pad(block: usize, from: usize, rest: usize): void {
  for (let i: usize = 0; i < RATE; i += 8) store<u64>(block + i, 0)
  copyBytes(block, from, rest)
  store<u8>(block + rest, 1)
  store<u8>(block, load<u8>(block, 135) | 0x80, 135)
}

/**
 * Keccak-256 of `count` messages (each: u32 length, bytes, one behind the other from `at`), packed to `to`. Two lanes
 * work at once, and a lane that has ended its message takes the next one: messages of unlike lengths keep both busy.
 */
export function keccakAll(at: usize, count: u32, to: usize): void {
  message = at
  waiting = count
  hash = to
  store<u32>(LANES, 0, HASH)
  store<u32>(LANES + LANE, 0, HASH)
  for (let i: usize = 0; i < 400; i += 16) v128.store(STATES + i, i64x2.splat(0))
  while (true) {
    if (waiting == 1 && isIdle(LANES) && isIdle(LANES + LANE)) return keccakLast()
    const first = nextBlock(LANES, BLOCKS)
    const second = nextBlock(LANES + LANE, BLOCKS + RATE)
    if (isIdle(LANES) && isIdle(LANES + LANE)) return
    keccakFTwo(STATES, first, second)
    drain(LANES, STATES)
    drain(LANES + LANE, STATES + 8)
  }
}

/** Two lanes of 16 bytes: u32 address and u32 length of what is not absorbed yet, u32 address of the hash to come. */
const LANES: usize = memory.data(32, 16)
const LANE: usize = 16
/** Offsets within a lane. The address of the hash is 0 while the lane is idle; the length is -1 behind the last block. */
const LEFT: usize = 4
const HASH: usize = 8

/** The message that a lane takes next, how many there are, and where its hash goes. */
let message: usize = 0
let waiting: u32 = 0
let hash: usize = 0

function isIdle(lane: usize): bool {
  return load<u32>(lane, HASH) == 0
}

/** One message alone: a single permutation takes four fifths of the time of a pair. */
function keccakLast(): void {
  keccakStart()
  keccakFinish(message + 4, <usize>load<u32>(message), hash)
}

/** The next block of the lane's message, of the next message when it is idle, or NOTHING when there is none. */
function nextBlock(lane: usize, block: usize): usize {
  if (isIdle(lane)) {
    if (waiting == 0) return NOTHING
    const length = load<u32>(message)
    store<u32>(lane, <u32>message + 4)
    store<u32>(lane, length, LEFT)
    store<u32>(lane, <u32>hash, HASH)
    message += 4 + <usize>length
    hash += 32
    waiting--
  }
  const from = <usize>load<u32>(lane)
  const left = <usize>load<u32>(lane, LEFT)
  if (left >= RATE) {
    store<u32>(lane, <u32>(from + RATE))
    store<u32>(lane, <u32>(left - RATE), LEFT)
    return from
  }
  pad(block, from, left)
  store<u32>(lane, -1, LEFT)
  return block
}

/** Writes the hash of a lane whose last block is permuted; then the lane is idle, and zero for the next message. */
function drain(lane: usize, state: usize): void {
  if (isIdle(lane) || load<u32>(lane, LEFT) != <u32>-1) return
  squeezeLane(state, <usize>load<u32>(lane, HASH))
  store<u32>(lane, 0, HASH)
  if (waiting > 0) for (let i: usize = 0; i < 400; i += 16) store<u64>(state + i, 0)
}

function squeezeLane(lane: usize, to: usize): void {
  for (let i: usize = 0; i < 32; i += 8) store<u64>(to + i, load<u64>(lane + 2 * i))
}

/**
 * Keccak-256 of `count` messages in the input window, each u32 length and bytes, which end at `end`; the hashes are
 * packed behind them. @returns where.
 */
export function keccakMany(count: u32, end: usize): usize {
  const to = (end + 15) & ~15
  keccakAll(INPUT, count, to)
  return to
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
