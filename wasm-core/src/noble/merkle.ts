import { bytesEqual } from '../bytes-equal.ts'
import { MerkleProofError, MissingTrieNode } from '../errors.ts'
import {
  checkBranchArguments,
  checkChunkArguments,
  checkPoolArguments,
  checkTrieArguments,
} from '../merkle-arguments.ts'
import type { Merkle } from '../slots.ts'
import type { TrieFault } from '../trie-faults.ts'
import { nobleHashes } from './hashes.ts'
import { decodeTrieNode, type Item, isEmpty } from './trie-node.ts'

export const nobleMerkle: Merkle = {
  sszBranchRoot(leaf, branch, index) {
    checkBranchArguments(leaf, branch, index)
    let node = leaf
    let rest = index
    const pair = new Uint8Array(64)
    for (const sibling of branch) {
      const right = rest % 2 === 1
      pair.set(right ? sibling : node, 0)
      pair.set(right ? node : sibling, 32)
      node = nobleHashes.sha256(pair)
      rest = Math.floor(rest / 2)
    }
    return new Uint8Array(node) // and not slice(), which does not copy a Node Buffer
  },

  sszRoot(chunks, limit) {
    const depth = checkChunkArguments(chunks, limit)
    let layer = chunks.length === 0 ? new Uint8Array(32) : chunks
    let zero = new Uint8Array(32)
    for (let height = 0; height < depth; height++) {
      if (layer.length % 64 !== 0) layer = join(layer, zero)
      layer = nobleHashes.sha256Pairs(layer)
      zero = nobleHashes.sha256(join(zero, zero)) as Uint8Array<ArrayBuffer>
    }
    return new Uint8Array(layer) // and not slice(), which does not copy a Node Buffer
  },

  trieValue(root, key, proof) {
    checkTrieArguments(root, key, proof)
    if (proof.length === 0)
      return bytesEqual(root, EMPTY_TRIE_ROOT) ? null : fail('no nodes for a trie that is not empty', 0)
    let used = 0
    const value = walk(root, key, (hash) => {
      const next = proof[used]
      if (!next) return fail('the proof ends before the path does', used)
      if (!bytesEqual(nobleHashes.keccak256(next), hash)) return fail('a node does not have the expected hash', used)
      return { bytes: next, index: used++ }
    })
    if (used !== proof.length) return fail('a node is given that the path does not use', used)
    return value
  },

  trieValues(root, keys, nodes) {
    checkPoolArguments(root, keys, nodes)
    const pool = new Map<string, Taken>()
    for (const [index, bytes] of nodes.entries()) {
      const hash = nobleHashes.keccak256(bytes).join()
      if (pool.has(hash)) fail('a node is given twice', index)
      pool.set(hash, { bytes, index })
    }
    const used = new Set<number>()
    const take = (hash: Uint8Array, key: number) => {
      const node = pool.get(hash.join())
      if (!node) throw new MissingTrieNode(key, new Uint8Array(hash))
      used.add(node.index)
      return node
    }
    const needsNoNode = bytesEqual(root, EMPTY_TRIE_ROOT) && !pool.has(root.join())
    const values = keys.map((key, i) => (needsNoNode ? null : walk(root, key, (hash) => take(hash, i))))
    const unused = nodes.findIndex((_, index) => !used.has(index))
    if (unused >= 0) fail('a node is given that the path does not use', unused)
    return values
  },
}

/** A node and its place among those given. */
interface Taken {
  bytes: Uint8Array
  index: number
}

/** @param take gives the node with a hash, or throws. */
function walk(root: Uint8Array, key: Uint8Array, take: (hash: Uint8Array) => Taken): Uint8Array | null {
  const nibbles = Uint8Array.from({ length: key.length * 2 }, (_, i) => (i % 2 ? key[i >> 1]! & 15 : key[i >> 1]! >> 4))
  let taken = take(root)
  if (bytesEqual(root, EMPTY_TRIE_ROOT)) return null // the one node is 0x80: nothing else has this hash
  for (let at = 0; ; ) {
    const node = decodeTrieNode(taken.bytes, taken.index)
    let child: Item
    if (node.kind === 'branch') {
      if (at === nibbles.length) return node.value.length === 0 ? null : new Uint8Array(node.value)
      child = node.children[nibbles[at]!]!
      at++
      if (isEmpty(child)) return null
    } else {
      if (!node.path.every((nibble, i) => nibbles[at + i] === nibble)) return null
      at += node.path.length
      if (node.kind === 'leaf') return at === nibbles.length ? new Uint8Array(node.value) : null
      child = node.child
    }
    taken = child.list ? { bytes: child.encoded, index: taken.index } : take(child.payload)
    if (!child.list && taken.bytes.length < 32)
      fail('a node shorter than 32 bytes is referred to by its hash instead of standing in its parent', taken.index)
  }
}

/** keccak256(rlp('')): the root of the trie without keys. */
const EMPTY_TRIE_ROOT = nobleHashes.keccak256(Uint8Array.of(0x80))

function join(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(a.length + b.length)
  out.set(a)
  out.set(b, a.length)
  return out
}

function fail(fault: TrieFault, node: number): never {
  throw new MerkleProofError(fault, node)
}
