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
import {
  findNode,
  firstUnused,
  hashNodes,
  hashOf,
  nodeEnd,
  nodeStart,
  sameHash,
  sortNodes,
  total,
  useNode,
} from './trie-pool'
import { INPUT, KEY, RESULT, ROOT } from './windows'

/** Codes are indices into `src/trie-faults.ts`. */
const VALUE: i32 = 0
const ABSENT: i32 = 1
const NO_NODES: i32 = 2
const PROOF_ENDS: i32 = 3
const WRONG_HASH: i32 = 4
const SURPLUS: i32 = 5
const SHORT_NODE: i32 = 16
const REPEATED: i32 = 19

/** keccak256(0x80): the root of the trie without keys. */
const EMPTY_ROOT: usize = memory.data<u8>([
  0x56, 0xe8, 0x1f, 0x17, 0x1b, 0xcc, 0x55, 0xa6, 0xff, 0x83, 0x45, 0xe6, 0x92, 0xc0, 0xf8, 0x6e,
  0x5b, 0x48, 0xe0, 0x1b, 0x99, 0x6c, 0xad, 0xc0, 0x01, 0x62, 0x2f, 0xb5, 0xe3, 0x63, 0xb4, 0x21,
])
/** The node in hand, and its number among those given. An embedded node has the number of its parent. */
let from: usize = 0
let to: usize = 0
let current: u32 = 0
/** How many nodes a single proof has used; its next node must be the one that is needed next. */
let used: u32 = 0
/** Whether nodes are looked up in a pool instead. */
let pooled: bool = false

/**
 * Walks the proof in the input window (each node: u32 length, bytes; `count` of them, up to `end`) from ROOT along the
 * `keyBytes` bytes at KEY. Returns a code; RESULT says where the value is or which node is at fault.
 */
export function trieWalk(keyBytes: u32, count: u32, end: usize): i32 {
  pooled = false
  used = 0
  hashNodes(INPUT, count, end)
  if (total == 0) return fault(sameHash(ROOT, EMPTY_ROOT) ? ABSENT : NO_NODES, 0)
  const code = walk(keyBytes * 2)
  if (code <= ABSENT && used < total) return fault(SURPLUS, used)
  return fault(code, code > SURPLUS ? current : used)
}

/** Makes the `count` nodes in the input window a pool for `poolWalk`. A node may stand there once. */
export function poolStart(count: u32, end: usize): i32 {
  pooled = true
  hashNodes(INPUT, count, end)
  const repeated = sortNodes()
  return repeated < total ? fault(REPEATED, repeated) : OK
}

/** Walks from ROOT along the `keyBytes` bytes at KEY. PROOF_ENDS: RESULT has the address of the hash that is missing. */
export function poolWalk(keyBytes: u32): i32 {
  if (sameHash(ROOT, EMPTY_ROOT) && findNode(ROOT) == total) return ABSENT
  return fault(walk(keyBytes * 2), current)
}

/** Whether the walks have used the whole pool. */
export function poolEnd(): i32 {
  const unused = firstUnused()
  return unused < total ? fault(SURPLUS, unused) : OK
}

function fault(code: i32, node: u32): i32 {
  store<u32>(RESULT, node, 8)
  return code
}

function walk(nibbles: u32): i32 {
  let code = take(ROOT)
  if (code != OK) return code
  if (sameHash(ROOT, EMPTY_ROOT)) return ABSENT // the one node is 0x80: nothing else has this hash
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

/** Takes the node that has the hash at `hash`: the next of a proof, or one of the pool. */
function take(hash: usize): i32 {
  const node = pooled ? findNode(hash) : used
  if (node == total) {
    store<u32>(RESULT, <u32>hash)
    return PROOF_ENDS
  }
  if (pooled) useNode(node)
  else if (sameHash(hashOf(node), hash)) used++
  else return WRONG_HASH
  current = node
  from = nodeStart(node)
  to = nodeEnd(node)
  return OK
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
