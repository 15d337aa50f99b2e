import { hash } from 'node:crypto'
import { isBytes } from '../bytes-argument.ts'
import type { Hashes } from '../slots.ts'

/** From here on Node, which has the processor's SHA instructions, outweighs the cost of calling it. Measured. */
export const NODE_SHA256_BYTES = 256

/** The same hashes, with long messages for SHA-256 given to Node. Pairs are too short for that: WASM keeps them. */
export function nodeHashes(hashes: Hashes): Hashes {
  return {
    ...hashes,
    sha256: (data) =>
      // What is not bytes is the engine's to refuse.
      !isBytes(data) || data.length < NODE_SHA256_BYTES
        ? hashes.sha256(data)
        : new Uint8Array(hash('sha256', data, 'buffer')),
  }
}
