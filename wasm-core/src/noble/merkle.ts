import { MerkleProofError } from '../errors.ts'
import { checkBranchArguments, checkTrieArguments } from '../merkle-arguments.ts'
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

  trieValue(root, key, proof) {
    checkTrieArguments(root, key, proof)
    const nibbles = Uint8Array.from({ length: key.length * 2 }, (_, i) =>
      i % 2 ? key[i >> 1]! & 15 : key[i >> 1]! >> 4,
    )
    let used = 0
    const value = walk()
    if (used !== proof.length) return fail('a node is given that the path does not use', used)
    return value

    function walk(): Uint8Array | null {
      const emptyRoot = equal(root, EMPTY_TRIE_ROOT)
      if (proof.length === 0) return emptyRoot ? null : fail('no nodes for a trie that is not empty', 0)
      let bytes = take(root)
      if (emptyRoot) return null // the one node is 0x80: nothing else has this hash
      for (let at = 0; ; ) {
        const node = decodeTrieNode(bytes, used - 1)
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
        bytes = child.list ? child.encoded : take(child.payload)
        if (!child.list && bytes.length < 32)
          fail('a node shorter than 32 bytes is referred to by its hash instead of standing in its parent', used - 1)
      }
    }

    function take(hash: Uint8Array): Uint8Array {
      const next = proof[used]
      if (!next) return fail('the proof ends before the path does', used)
      if (!equal(nobleHashes.keccak256(next), hash)) return fail('a node does not have the expected hash', used)
      used++
      return next
    }
  },
}

/** keccak256(rlp('')): the root of the trie without keys. */
const EMPTY_TRIE_ROOT = nobleHashes.keccak256(Uint8Array.of(0x80))

function fail(fault: TrieFault, node: number): never {
  throw new MerkleProofError(fault, node)
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
