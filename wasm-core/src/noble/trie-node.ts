import { MerkleProofError } from '../errors.ts'
import type { TrieFault } from '../trie-faults.ts'

/** One RLP item: its content, and its whole encoding with the header. */
export interface Item {
  list: boolean
  payload: Uint8Array
  encoded: Uint8Array
}

export type TrieNode =
  | { kind: 'branch'; children: Item[]; value: Uint8Array }
  | { kind: 'leaf'; path: number[]; value: Uint8Array }
  | { kind: 'extension'; path: number[]; child: Item }

/**
 * Decodes one trie node strictly (Yellow Paper appendices B, C and D): one canonical encoding, children that are
 * nothing, a hash or a node shorter than a hash. `index` is the place of the node in its proof, for the error.
 * @throws {MerkleProofError}
 */
export function decodeTrieNode(bytes: Uint8Array, index: number): TrieNode {
  const fail = (fault: TrieFault): never => {
    throw new MerkleProofError(fault, index)
  }
  const outer = readItem(bytes, 0, fail)
  if (!outer.list || outer.encoded.length !== bytes.length) return fail('a node is not one RLP list')
  const items: Item[] = []
  for (let at = 0; at < outer.payload.length; ) {
    if (items.length === 17) return fail('a node has neither 2 nor 17 items')
    const item = readItem(outer.payload, at, fail)
    items.push(item)
    at += item.encoded.length
  }
  if (items.length === 17) return branchOf(items, fail)
  if (items.length === 2) return shortNodeOf(items[0]!, items[1]!, fail)
  return fail('a node has neither 2 nor 17 items')
}

type Fail = (fault: TrieFault) => never

function branchOf(items: Item[], fail: Fail): TrieNode {
  const children = items.slice(0, 16)
  if (!children.every((child) => isEmpty(child) || isChild(child)))
    return fail('a child is neither a hash nor an embedded node')
  if (items[16]!.list) return fail('a value is a list')
  return { kind: 'branch', children, value: items[16]!.payload }
}

function shortNodeOf(prefix: Item, second: Item, fail: Fail): TrieNode {
  const bytes = prefix.payload
  if (prefix.list || bytes.length === 0) return fail('a path is malformed')
  const flag = bytes[0]! >> 4
  const odd = flag % 2 === 1
  if (flag > 3 || (!odd && (bytes[0]! & 15) !== 0)) return fail('a path is malformed')
  const path: number[] = odd ? [bytes[0]! & 15] : []
  for (const byte of bytes.subarray(1)) path.push(byte >> 4, byte & 15)
  if (flag >= 2) {
    if (second.list) return fail('a value is a list')
    if (second.payload.length === 0) return fail('a leaf has an empty value')
    return { kind: 'leaf', path, value: second.payload }
  }
  if (path.length === 0) return fail('an extension has an empty path')
  if (!isChild(second)) return fail('a child is neither a hash nor an embedded node')
  return { kind: 'extension', path, child: second }
}

/** Whether a branch has nothing at this place. */
export function isEmpty(item: Item): boolean {
  return !item.list && item.payload.length === 0
}

function isChild(item: Item): boolean {
  return item.list ? item.encoded.length < 32 : item.payload.length === 32
}

function readItem(bytes: Uint8Array, at: number, fail: Fail): Item {
  const first = bytes[at]
  if (first === undefined) return fail('RLP ends early')
  if (first < 0x80) return { list: false, payload: bytes.subarray(at, at + 1), encoded: bytes.subarray(at, at + 1) }
  const list = first >= 0xc0
  let length = first - (list ? 0xc0 : 0x80)
  let header = 1
  if (length > 55) {
    const size = length - 55
    if (size > 4 || at + 1 + size > bytes.length || bytes[at + 1] === 0) return fail('an RLP length is not canonical')
    length = 0
    for (let i = 0; i < size; i++) length = length * 256 + bytes[at + 1 + i]!
    if (length < 56) return fail('an RLP length is not canonical')
    header += size
  }
  const end = at + header + length
  if (end > bytes.length) return fail('RLP ends early')
  const payload = bytes.subarray(at + header, end)
  if (!list && length === 1 && payload[0]! < 0x80) return fail('an RLP byte is not canonical')
  return { list, payload, encoded: bytes.subarray(at, end) }
}
