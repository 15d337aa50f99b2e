import { nobleEngines } from '@glowworm/wasm-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { calculate_multi_merkle_root, get_helper_indices } from './multiproof.ts'

const { hashes, merkle } = nobleEngines()
const DEPTH = 5

/** All nodes of a full tree by generalized index. */
function tree(seed: number): Uint8Array[] {
  const nodes: Uint8Array[] = []
  for (let index = 2 ** (DEPTH + 1) - 1; index > 0; index--)
    nodes[index] =
      index >= 2 ** DEPTH
        ? hashes.sha256(Uint8Array.of(seed, index))
        : hashes.sha256(Uint8Array.from([...nodes[index * 2]!, ...nodes[index * 2 + 1]!]))
  return nodes
}

const isAncestor = (above: number, below: number): boolean =>
  below > above && (below >> 1 === above || isAncestor(above, below >> 1))

/** Places at any height, none above another. */
const places = fc
  .uniqueArray(fc.integer({ min: 2, max: 2 ** (DEPTH + 1) - 1 }), { minLength: 1, maxLength: 8 })
  .map((indices) => indices.filter((index) => !indices.some((other) => isAncestor(index, other))))

test('any leaves with their helper nodes give the root, and no other leaf or node does', () => {
  fc.assert(
    fc.property(places, fc.nat(255), (indices, seed) => {
      const nodes = tree(seed)
      const leaves = new Map(indices.map((index) => [index, nodes[index]!]))
      const helpers = get_helper_indices(indices)
      // The definition: on the way of some leaf, beside it, and not to be computed from leaves.
      const computable = (index: number): boolean =>
        leaves.has(index) || indices.some((leaf) => isAncestor(index, leaf))
      for (const helper of helpers) expect(computable(helper)).toBe(false)
      expect(helpers).toEqual([...helpers].sort((a, b) => b - a))
      const proof = helpers.map((index) => nodes[index]!)
      expect(calculate_multi_merkle_root(leaves, proof, hashes)).toEqual(nodes[1])
      for (const index of indices) {
        const lie = new Map(leaves).set(index, new Uint8Array(32))
        expect(calculate_multi_merkle_root(lie, proof, hashes)).not.toEqual(nodes[1])
      }
      for (const at of proof.keys())
        expect(calculate_multi_merkle_root(leaves, proof.with(at, new Uint8Array(32)), hashes)).not.toEqual(nodes[1])
      expect(calculate_multi_merkle_root(leaves, [...proof, nodes[1]!], hashes)).toBeNull()
      if (proof.length > 0) expect(calculate_multi_merkle_root(leaves, proof.slice(1), hashes)).toBeNull()
    }),
    { numRuns: 60 },
  )
})

test('of one leaf it is the branch', () => {
  const nodes = tree(7)
  for (const index of [2, 3, 9, 40, 63]) {
    const helpers = get_helper_indices([index])
    const branch = helpers.map((helper) => nodes[helper]!)
    expect(helpers[0]).toBe(index ^ 1)
    const place = index - 2 ** Math.floor(Math.log2(index))
    expect(merkle.sszBranchRoot(nodes[index]!, branch, place)).toEqual(nodes[1])
    expect(calculate_multi_merkle_root(new Map([[index, nodes[index]!]]), branch, hashes)).toEqual(nodes[1])
  }
})
