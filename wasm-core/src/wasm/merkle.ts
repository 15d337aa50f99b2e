import { MerkleProofError, MissingTrieNode } from '../errors.ts'
import {
  checkBranchArguments,
  checkChunkArguments,
  checkPoolArguments,
  checkTrieArguments,
} from '../merkle-arguments.ts'
import type { Merkle } from '../slots.ts'
import { trieFaults } from '../trie-faults.ts'
import { type HashesModule, WINDOW } from './hashes-module.ts'

/** A subtree that is hashed in one call: the largest whose chunks fit into the window. */
const SUBTREE = { height: 12, bytes: 32 * 2 ** 12 }

/** Codes of the walk; the others are faults. */
const VALUE = 0
const ABSENT = 1
const PROOF_ENDS = 3

/** The `Merkle` slot on `hashes.wasm`. */
export function wasmMerkle(module: HashesModule): Merkle {
  const { kernel, input, output, root: rootAt, key: keyAt, result, memory, writeMessages, word } = module

  /** Root of a tree of height `depth` over nodes of height `height`, of which those not given are zero. */
  function rootOver(nodes: Uint8Array, height: number, depth: number): Uint8Array {
    if (nodes.length <= SUBTREE.bytes) {
      const view = memory(WINDOW)
      view.set(nodes, input)
      kernel.sszRoot(nodes.length / 32, height, depth)
      return view.slice(output, output + 32)
    }
    const above = height + SUBTREE.height
    const roots = new Uint8Array(Math.ceil(nodes.length / SUBTREE.bytes) * 32)
    for (let i = 0; 32 * i < roots.length; i++)
      roots.set(rootOver(nodes.subarray(i * SUBTREE.bytes, (i + 1) * SUBTREE.bytes), height, above), 32 * i)
    return rootOver(roots, above, depth)
  }

  /** What a walk came to: the value, absence or a fault. */
  function outcome(code: number): Uint8Array | null {
    if (code === ABSENT) return null
    if (code !== VALUE) throw fault(code)
    const value = word(result)
    return memory(0).slice(value, value + word(result + 4))
  }

  const fault = (code: number) => new MerkleProofError(trieFaults[code]!, word(result + 8))

  return {
    sszBranchRoot(leaf, branch, index) {
      checkBranchArguments(leaf, branch, index)
      const view = memory(WINDOW)
      view.set(leaf, input)
      for (let i = 0; i < branch.length; i++) view.set(branch[i]!, input + 32 * (i + 1))
      kernel.sszBranchRoot(branch.length, index % 2 ** 32, Math.floor(index / 2 ** 32))
      return view.slice(output, output + 32)
    },

    sszRoot(chunks, limit) {
      return rootOver(chunks, 0, checkChunkArguments(chunks, limit))
    },

    trieValue(root, key, proof) {
      checkTrieArguments(root, key, proof)
      const end = writeMessages(proof)
      const view = memory(0)
      view.set(root, rootAt)
      view.set(key, keyAt)
      return outcome(kernel.trieWalk(key.length, proof.length, end))
    },

    trieValues(root, keys, nodes) {
      checkPoolArguments(root, keys, nodes)
      const end = writeMessages(nodes)
      const view = memory(0)
      view.set(root, rootAt)
      const start = kernel.poolStart(nodes.length, end)
      if (start !== 0) throw fault(start)
      const values = keys.map((key, i) => {
        view.set(key, keyAt)
        const code = kernel.poolWalk(key.length)
        if (code !== PROOF_ENDS) return outcome(code)
        const hash = word(result)
        throw new MissingTrieNode(i, view.slice(hash, hash + 32))
      })
      const left = kernel.poolEnd()
      if (left !== 0) throw fault(left)
      return values
    },
  }
}
