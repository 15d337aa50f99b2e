/** Several leaves of one tree under one root (consensus-specs ssz/merkle-proofs.md, "Merkle multiproofs"). @module */
import type { Hashes } from '@glowworm/wasm-core'

/** `get_helper_indices`: the nodes that a proof of these generalized indices needs, in descending order. */
export function get_helper_indices(indices: readonly number[]): number[] {
  const path = new Set<number>()
  const branch = new Set<number>()
  for (const index of indices)
    for (let at = index; at > 1; at >>= 1) {
      path.add(at)
      branch.add(at ^ 1)
    }
  return [...branch].filter((index) => !path.has(index)).sort(descending)
}

/**
 * `calculate_multi_merkle_root`.
 * @param leaves generalized index (below 2^31) to node, none an ancestor of another, at least one
 * @param proof the nodes at `get_helper_indices` of them
 * @returns null when the number of nodes is another
 */
export function calculate_multi_merkle_root(
  leaves: ReadonlyMap<number, Uint8Array>,
  proof: readonly Uint8Array[],
  hashes: Hashes,
): Uint8Array | null {
  const helpers = get_helper_indices([...leaves.keys()])
  if (proof.length !== helpers.length) return null
  const nodes = new Map(leaves)
  helpers.forEach((index, i) => {
    nodes.set(index, proof[i]!)
  })
  const pair = new Uint8Array(64)
  const queue = [...nodes.keys()].sort(descending)
  for (const index of queue) {
    const left = nodes.get(index & ~1)
    const right = nodes.get(index | 1)
    if (index === 1 || !left || !right || nodes.has(index >> 1)) continue
    pair.set(left, 0)
    pair.set(right, 32)
    nodes.set(index >> 1, hashes.sha256(pair))
    queue.push(index >> 1)
  }
  return nodes.get(1)!
}

const descending = (a: number, b: number) => b - a
