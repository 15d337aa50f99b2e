/**
 * Strict decoding of Merkle-Patricia trie nodes (Yellow Paper appendices B, C and D). The codes are indices into
 * `src/trie-faults.ts`; checks come in the same order as in `src/noble/trie-node.ts`, so that both engines name the
 * same fault.
 */

export const OK: i32 = 0
const NOT_A_LIST: i32 = 6
const ENDS_EARLY: i32 = 7
const BAD_LENGTH: i32 = 8
const BAD_BYTE: i32 = 9
const BAD_COUNT: i32 = 10
const BAD_PATH: i32 = 11
const EMPTY_PATH: i32 = 12
const BAD_CHILD: i32 = 13
const VALUE_IS_LIST: i32 = 14
const EMPTY_VALUE: i32 = 15

/** Items of the node decoded last. Each takes 16 bytes: u32 start, payload and end addresses, u32 1 for a list. */
const ITEMS: usize = memory.data(17 * 16, 16)

/** The item read last. */
let start: usize = 0
let payload: usize = 0
let end: usize = 0
let list: bool = false

/** 17 for a branch, 2 for a leaf or an extension. */
export let itemCount: i32 = 0
/** Of a leaf or an extension: whether it is a leaf, and its path as nibbles `pathFrom` to `pathTo` from `pathBytes`. */
export let isLeaf: bool = false
export let pathBytes: usize = 0
export let pathFrom: u32 = 0
export let pathTo: u32 = 0

export function itemStart(i: u32): usize {
  return load<u32>(ITEMS + 16 * i)
}
export function itemPayload(i: u32): usize {
  return load<u32>(ITEMS + 16 * i, 4)
}
export function itemEnd(i: u32): usize {
  return load<u32>(ITEMS + 16 * i, 8)
}
export function itemIsList(i: u32): bool {
  return load<u32>(ITEMS + 16 * i, 12) != 0
}
export function itemLength(i: u32): usize {
  return itemEnd(i) - itemPayload(i)
}

/** Reads one canonical RLP item at `at`, which must end at or before `limit`. */
function readItem(at: usize, limit: usize): i32 {
  if (at >= limit) return ENDS_EARLY
  start = at
  const first = <usize>load<u8>(at)
  list = first >= 0xc0
  if (first < 0x80) {
    payload = at
    end = at + 1
    return OK
  }
  let length = first - (list ? 0xc0 : 0x80)
  payload = at + 1
  if (length > 55) {
    const size = length - 55
    if (size > 4 || size > limit - payload) return BAD_LENGTH
    if (load<u8>(payload) == 0) return BAD_LENGTH
    length = 0
    for (let i: usize = 0; i < size; i++) length = (length << 8) | <usize>load<u8>(payload + i)
    if (length < 56) return BAD_LENGTH
    payload += size
  }
  if (length > limit - payload) return ENDS_EARLY
  end = payload + length
  if (!list && length == 1 && load<u8>(payload) < 0x80) return BAD_BYTE
  return OK
}

/** Decodes and checks the node in [from, to). */
export function decodeNode(from: usize, to: usize): i32 {
  let code = readItem(from, to)
  if (code != OK) return code
  if (!list || end != to) return NOT_A_LIST
  let count: i32 = 0
  for (let at = payload; at < to; at = end) {
    if (count == 17) return BAD_COUNT
    code = readItem(at, to)
    if (code != OK) return code
    const item = ITEMS + 16 * count
    store<u32>(item, <u32>start)
    store<u32>(item, <u32>payload, 4)
    store<u32>(item, <u32>end, 8)
    store<u32>(item, <u32>list, 12)
    count++
  }
  itemCount = count
  if (count == 17) return checkBranch()
  if (count == 2) return checkShort()
  return BAD_COUNT
}

function checkBranch(): i32 {
  for (let i: u32 = 0; i < 16; i++) {
    if (!isChild(i) && (itemIsList(i) || itemLength(i) != 0)) return BAD_CHILD
  }
  return itemIsList(16) ? VALUE_IS_LIST : OK
}

/** A leaf or an extension: hex-prefix path, then value or child. */
function checkShort(): i32 {
  const length = <u32>itemLength(0)
  pathBytes = itemPayload(0)
  if (itemIsList(0) || length == 0) return BAD_PATH
  const flag = load<u8>(pathBytes) >> 4
  const odd = flag & 1
  if (flag > 3 || (!odd && (load<u8>(pathBytes) & 15) != 0)) return BAD_PATH
  isLeaf = flag >= 2
  pathFrom = odd ? 1 : 2
  pathTo = length * 2
  if (isLeaf) {
    if (itemIsList(1)) return VALUE_IS_LIST
    return itemLength(1) == 0 ? EMPTY_VALUE : OK
  }
  if (pathFrom == pathTo) return EMPTY_PATH
  return isChild(1) ? OK : BAD_CHILD
}

/** A hash, or a node short enough to stand in its parent. */
function isChild(i: u32): bool {
  return itemIsList(i) ? itemEnd(i) - itemStart(i) < 32 : itemLength(i) == 32
}
