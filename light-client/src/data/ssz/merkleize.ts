/** Merkleisation (consensus-specs ssz/simple-serialize.md), around `sszRoot` of the engines. @module */
import type { Merkle } from '@glowworm/wasm-core'

/** `pack_bytes`: the bytes, filled up with zeros to whole chunks. */
export function padToChunks(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(Math.ceil(bytes.length / 32) * 32)
  out.set(bytes)
  return out
}

/** `mix_in_length`: root of a list from the root of its elements and their number. */
export function mixInLength(root: Uint8Array, length: number, merkle: Merkle): Uint8Array {
  const pair = new Uint8Array(64)
  pair.set(root)
  new DataView(pair.buffer).setBigUint64(32, BigInt(length), true)
  return merkle.sszRoot(pair, 2)
}
