/** Inputs of the contests, made anew for each run. Runs under Node and in a browser. */
import { keccak_256 } from '@noble/hashes/sha3.js'
import { nibblesOf, rlpList, rlpString } from '../../../wasm-core/test/trie-builder.ts'

export function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536))
  return bytes
}

export const sameBytes = (a: unknown, b: unknown): boolean =>
  a instanceof Uint8Array && b instanceof Uint8Array && a.length === b.length && a.every((byte, i) => byte === b[i])

export const bothTrue = (a: unknown, b: unknown): boolean => a === true && b === true

export interface AccountProof {
  readonly root: Uint8Array
  readonly key: Uint8Array
  readonly nodes: readonly Uint8Array[]
  readonly value: Uint8Array
}

/**
 * A proof as mainnet has them for an account: three full branches of 532 bytes, one of 404 bytes, one leaf. Made from
 * the leaf upwards, with random hashes for the siblings.
 */
export function accountProof(): AccountProof {
  const key = randomBytes(32)
  const nibbles = nibblesOf(key)
  const value = rlpList([
    Uint8Array.of(5),
    rlpString(randomBytes(8)),
    rlpString(randomBytes(32)),
    rlpString(randomBytes(32)),
  ])
  const path = nibbles.slice(4) // 60 of 64 nibbles, an even number
  const packed = Uint8Array.from({ length: path.length / 2 + 1 }, (_, i) =>
    i === 0 ? 0x20 : path[2 * i - 2]! * 16 + path[2 * i - 1]!,
  )
  const nodes = [rlpList([rlpString(packed), rlpString(value)])]
  for (const [depth, children] of [
    [3, 12],
    [2, 16],
    [1, 16],
    [0, 16],
  ] as const) {
    const own = nibbles[depth]!
    const items = Array.from({ length: 16 }, (_, i) =>
      (i - own + 16) % 16 < children ? randomBytes(32) : new Uint8Array(),
    )
    items[own] = keccak_256(nodes[0]!)
    nodes.unshift(rlpList([...items.map(rlpString), rlpString(new Uint8Array())]))
  }
  return { root: keccak_256(nodes[0]!), key, nodes, value }
}
