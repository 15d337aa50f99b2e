import { MerkleProofError } from '../errors.ts'
import { checkBranchArguments, checkTrieArguments } from '../merkle-arguments.ts'
import type { Merkle } from '../slots.ts'
import { trieFaults } from '../trie-faults.ts'
import { type HashesModule, WINDOW } from './hashes-module.ts'

/** The `Merkle` slot on `hashes.wasm`. */
export function wasmMerkle({ kernel, input, output, root: rootAt, key: keyAt, result, memory }: HashesModule): Merkle {
  return {
    sszBranchRoot(leaf, branch, index) {
      checkBranchArguments(leaf, branch, index)
      const view = memory(WINDOW)
      view.set(leaf, input)
      for (let i = 0; i < branch.length; i++) view.set(branch[i]!, input + 32 * (i + 1))
      kernel.sszBranchRoot(branch.length, index % 2 ** 32, Math.floor(index / 2 ** 32))
      return view.slice(output, output + 32)
    },

    trieValue(root, key, proof) {
      const bytes = checkTrieArguments(root, key, proof)
      const view = memory(Math.max(WINDOW, bytes + 4 * proof.length))
      view.set(root, rootAt)
      view.set(key, keyAt)
      const words = new DataView(view.buffer)
      let at = input
      for (const node of proof) {
        words.setUint32(at, node.length, true)
        view.set(node, at + 4)
        at += 4 + node.length
      }
      const code = kernel.trieWalk(key.length, proof.length)
      if (code === 1) return null
      if (code !== 0) throw new MerkleProofError(trieFaults[code]!, words.getUint32(result + 8, true))
      const value = words.getUint32(result, true)
      return view.slice(value, value + words.getUint32(result + 4, true))
    },
  }
}
