import { sha256 } from '@noble/hashes/sha2.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { checkBytes, checkListOfBytes } from '../bytes-argument.ts'
import { InvalidArgument } from '../errors.ts'
import type { Hashes } from '../slots.ts'

export const nobleHashes: Hashes = {
  keccak256(data) {
    checkBytes('data', data)
    return keccak_256(data)
  },
  sha256(data) {
    checkBytes('data', data)
    return sha256(data)
  },
  keccak256Many(messages) {
    checkListOfBytes('messages', messages)
    const out = new Uint8Array(32 * messages.length)
    for (const [i, message] of messages.entries()) out.set(keccak_256(message), 32 * i)
    return out
  },
  sha256Pairs: (nodes) => pairs(nodes, sha256),
  sha256dPairs: (nodes) => pairs(nodes, (node) => sha256(sha256(node))),
}

function pairs(nodes: Uint8Array, hash: (node: Uint8Array) => Uint8Array): Uint8Array {
  checkBytes('nodes', nodes)
  if (nodes.length % 64 !== 0)
    throw new InvalidArgument('nodes', `expected a multiple of 64 bytes, got ${nodes.length}`)
  const out = new Uint8Array(nodes.length / 2)
  for (let i = 0; i < nodes.length; i += 64) out.set(hash(nodes.subarray(i, i + 64)), i / 2)
  return out
}
