/** Names as the registry knows them. `name` is normalised already. @module */
import { concatBytes } from '@glowworm/light-client/data/hex'

type Keccak256 = (data: Uint8Array) => Uint8Array

/** ENSIP-1: the hash of each label over the hash of its parent; 32 zero bytes for the root. */
export function namehash(name: string, keccak256: Keccak256): Uint8Array {
  const labels = name === '' ? [] : name.split('.').reverse()
  return labels.reduce<Uint8Array>(
    (parent, label) => keccak256(concatBytes(parent, keccak256(utf8(label)))),
    new Uint8Array(32),
  )
}

/** ENSIP-10: each label behind its length, as in DNS packets. Null where a label is longer than that can tell. */
export function dnsEncode(name: string): Uint8Array | null {
  const labels = name.split('.').map(utf8)
  if (labels.some(({ length }) => length === 0 || length > 255)) return null
  return concatBytes(...labels.flatMap((label) => [Uint8Array.of(label.length), label]), Uint8Array.of(0))
}

const utf8 = (text: string) => new TextEncoder().encode(text)
