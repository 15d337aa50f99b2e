/** Merkleisation (consensus-specs ssz/simple-serialize.md). @module */
import type { Hashes } from '@glowworm/wasm-core'

const zeroHashes: Uint8Array[] = [new Uint8Array(32)]

/** Root of an all-zero tree of the given depth. */
function zeroHash(depth: number, hashes: Hashes): Uint8Array {
  for (let d = zeroHashes.length; d <= depth; d++) {
    const below = zeroHashes[d - 1]!
    const pair = new Uint8Array(64)
    pair.set(below, 0)
    pair.set(below, 32)
    zeroHashes[d] = hashes.sha256(pair)
  }
  return zeroHashes[depth]!
}

/**
 * Root of a tree over 32-byte chunks, padded with zero chunks to the next power of two of `limit`.
 * @param chunks n·32 bytes
 * @param limit number of chunks of a full tree (≥ n)
 */
export function merkleize(chunks: Uint8Array, limit: number, hashes: Hashes): Uint8Array {
  let depth = 0
  while (2 ** depth < limit) depth++
  if (chunks.length === 0) return zeroHash(depth, hashes).slice()
  let layer = chunks
  for (let d = 0; d < depth; d++) {
    if (layer.length % 64 !== 0) {
      const padded = new Uint8Array(layer.length + 32)
      padded.set(layer)
      padded.set(zeroHash(d, hashes), layer.length)
      layer = padded
    }
    layer = hashes.sha256Pairs(layer)
  }
  return layer.slice(0, 32)
}

/** `mix_in_length`: root of a list from the root of its elements and their number. */
export function mixInLength(root: Uint8Array, length: number, hashes: Hashes): Uint8Array {
  const pair = new Uint8Array(64)
  pair.set(root)
  new DataView(pair.buffer).setBigUint64(32, BigInt(length), true)
  return hashes.sha256(pair)
}
