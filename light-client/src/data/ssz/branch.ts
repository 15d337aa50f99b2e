import type { Hashes } from '@glowworm/wasm-core'

/**
 * The branch of the chunk at `index` in the tree of `depth` levels over `chunks`, of which those not given are zero;
 * lowest sibling first (consensus-specs ssz/merkle-proofs.md).
 */
export function branchOf(chunks: Uint8Array, depth: number, index: number, hashes: Hashes): Uint8Array[] {
  const branch: Uint8Array[] = []
  let zero: Uint8Array = new Uint8Array(32)
  let layer = chunks
  for (let level = 0, at = index; level < depth; level++, at = Math.floor(at / 2)) {
    const sibling = at % 2 === 0 ? at + 1 : at - 1
    branch.push((sibling + 1) * 32 <= layer.length ? layer.slice(sibling * 32, (sibling + 1) * 32) : zero)
    if (layer.length % 64 !== 0) {
      const padded = new Uint8Array(layer.length + 32)
      padded.set(layer)
      padded.set(zero, layer.length)
      layer = padded
    }
    layer = hashes.sha256Pairs(layer)
    const pair = new Uint8Array(64)
    pair.set(zero, 0)
    pair.set(zero, 32)
    zero = hashes.sha256(pair)
  }
  return branch
}
