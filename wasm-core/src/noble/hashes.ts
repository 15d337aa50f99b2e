import { sha256 } from '@noble/hashes/sha2.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { InvalidArgument } from '../errors.ts'
import type { Hashes } from '../slots.ts'

export const nobleHashes: Hashes = {
  keccak256: (data) => keccak_256(data),
  sha256: (data) => sha256(data),
  sha256Pairs(nodes) {
    if (nodes.length % 64 !== 0)
      throw new InvalidArgument('nodes', `expected a multiple of 64 bytes, got ${nodes.length}`)
    const out = new Uint8Array(nodes.length / 2)
    for (let i = 0; i < nodes.length; i += 64) out.set(sha256(nodes.subarray(i, i + 64)), i / 2)
    return out
  },
}
