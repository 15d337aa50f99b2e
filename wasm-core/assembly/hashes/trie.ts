import { keccakFinish, keccakStart, keccakTwo } from './keccak'
import {
  decodeNode,
  isLeaf,
  itemCount,
  itemEnd,
  itemIsList,
  itemLength,
  itemPayload,
  itemStart,
  OK,
  pathBytes,
  pathFrom,
  pathTo,
} from './trie-node'
import { INPUT, KEY, RESULT, ROOT } from './windows'

/** Codes are indices into `src/trie-faults.ts`. */
const VALUE: i32 = 0
const ABSENT: i32 = 1
const NO_NODES: i32 = 2
const PROOF_ENDS: i32 = 3
const WRONG_HASH: i32 = 4
const SURPLUS: i32 = 5
const SHORT_NODE: i32 = 16

/** keccak256(0x80): the root of the trie without keys. */
const EMPTY_ROOT: usize = memory.data<u8>([
  0x56, 0xe8, 0x1f, 0x17, 0x1b, 0xcc, 0x55, 0xa6, 0xff, 0x83, 0x45, 0xe6, 0x92, 0xc0, 0xf8, 0x6e,
  0x5b, 0x48, 0xe0, 0x1b, 0x99, 0x6c, 0xad, 0xc0, 0x01, 0x62, 0x2f, 0xb5, 0xe3, 0x63, 0xb4, 0x21,
])
/** Hashes of the node in hand and of the one after it. */
const HASHES: usize = memory.data(64, 16)

/** The node in hand, and how many proof nodes have been taken; the next one starts at `next`. */
let from: usize = 0
let to: usize = 0
let used: u32 = 0
let total: u32 = 0
let next: usize = 0
/** Whether the second of HASHES is that of the next node: nodes are hashed in pairs. */
let hashedAhead: bool = false

/**
 * Walks the proof in the input window (each node: u32 length, bytes; `count` of them) from ROOT along the `keyBytes`
 * bytes at KEY. Returns a code; RESULT says where the value is or which node is at fault.
 */
export function trieWalk(keyBytes: u32, count: u32): i32 {
  used = 0
  total = count
  next = INPUT
  hashedAhead = false
  const code = walk(keyBytes * 2)
  store<u32>(RESULT, used > 0 && code > SURPLUS ? used - 1 : used, 8)
  if (code > ABSENT) return code
  if (used == total) return code
  store<u32>(RESULT, used, 8)
  return SURPLUS
}

function walk(nibbles: u32): i32 {
  const emptyRoot = sameHash(ROOT, EMPTY_ROOT)
  if (total == 0) return emptyRoot ? ABSENT : NO_NODES
  let code = take(ROOT)
  if (code != OK) return code
  if (emptyRoot) return ABSENT // the one node is 0x80: nothing else has this hash
  let at: u32 = 0
  while (true) {
    code = decodeNode(from, to)
    if (code != OK) return code
    let child: u32 = 1
    if (itemCount == 17) {
      if (at == nibbles) return itemLength(16) == 0 ? ABSENT : value(16)
      child = nibble(KEY, at++)
      if (!itemIsList(child) && itemLength(child) == 0) return ABSENT
    } else {
      const length = pathTo - pathFrom
      if (!sharesPath(at, nibbles)) return ABSENT
      at += length
      if (isLeaf) return at == nibbles ? value(1) : ABSENT
    }
    if (itemIsList(child)) {
      from = itemStart(child)
      to = itemEnd(child)
    } else {
      code = take(itemPayload(child))
      if (code != OK) return code
      if (to - from < 32) return SHORT_NODE
    }
  }
}

function value(item: u32): i32 {
  store<u32>(RESULT, <u32>itemPayload(item))
  store<u32>(RESULT, <u32>itemLength(item), 4)
  return VALUE
}

/** Takes the next proof node, which must have the hash at `hash`. */
function take(hash: usize): i32 {
  if (used == total) return PROOF_ENDS
  from = next + 4
  to = from + <usize>load<u32>(next)
  next = to
  if (!sameHash(hashOfNode(), hash)) return WRONG_HASH
  used++
  return OK
}

/** Address of the hash of the node in hand. */
function hashOfNode(): usize {
  if (hashedAhead) {
    hashedAhead = false
    return HASHES + 32
  }
  hashedAhead = used + 1 < total
  if (hashedAhead) {
    keccakTwo(from, to - from, next + 4, <usize>load<u32>(next), HASHES)
  } else {
    keccakStart()
    keccakFinish(from, to - from, HASHES)
  }
  return HASHES
}

function sharesPath(at: u32, nibbles: u32): bool {
  if (pathTo - pathFrom > nibbles - at) return false
  for (let i = pathFrom; i < pathTo; i++, at++) {
    if (nibble(pathBytes, i) != nibble(KEY, at)) return false
  }
  return true
}

function nibble(bytes: usize, i: u32): u32 {
  return (<u32>load<u8>(bytes + (i >> 1)) >> ((~i & 1) << 2)) & 15
}

function sameHash(a: usize, b: usize): bool {
  let difference: u64 = 0
  for (let i: usize = 0; i < 32; i += 8) difference |= load<u64>(a + i) ^ load<u64>(b + i)
  return difference == 0
}
