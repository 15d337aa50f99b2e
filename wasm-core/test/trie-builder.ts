/**
 * A second, independent reading of the Merkle-Patricia trie (Yellow Paper appendix D), from the other side: it builds
 * tries and proofs, which the walks under test only read. Recursive over sorted keys; for tests of any size, not fast.
 */
import { keccak_256 } from '@noble/hashes/sha3.js'

type Entry = { nibbles: number[]; value: Uint8Array }

export interface BuiltTrie {
  root: Uint8Array
  proof(key: Uint8Array): Uint8Array[]
}

export function buildTrie(entries: readonly (readonly [Uint8Array, Uint8Array])[]): BuiltTrie {
  const all: Entry[] = entries.map(([key, value]) => ({ nibbles: nibblesOf(key), value }))
  const root = all.length === 0 ? Uint8Array.of(0x80) : encodeNode(all)
  return {
    root: keccak_256(root),
    proof(key) {
      const nodes: Uint8Array[] = []
      if (all.length > 0) collect(all, nibblesOf(key), nodes, true)
      return nodes
    },
  }
}

/** RLP of the node that holds these entries, whose nibbles are relative to it. */
function encodeNode(entries: readonly Entry[]): Uint8Array {
  if (entries.length === 1)
    return rlpList([rlpString(hexPrefix(entries[0]!.nibbles, true)), rlpString(entries[0]!.value)])
  const shared = sharedPrefix(entries)
  if (shared.length > 0) return rlpList([rlpString(hexPrefix(shared, false)), reference(below(entries, shared.length))])
  const children = Array.from({ length: 16 }, (_, nibble) => {
    const under = entries.filter(({ nibbles }) => nibbles[0] === nibble)
    return under.length === 0 ? Uint8Array.of(0x80) : reference(below(under, 1))
  })
  return rlpList([
    ...children,
    rlpString(entries.find(({ nibbles }) => nibbles.length === 0)?.value ?? new Uint8Array()),
  ])
}

/** The nodes a proof for `key` needs: those on its path that are referred to by hash, and the root. */
function collect(entries: readonly Entry[], key: number[], nodes: Uint8Array[], isRoot: boolean): void {
  const encoded = encodeNode(entries)
  if (isRoot || encoded.length >= 32) nodes.push(encoded)
  if (entries.length === 1) return
  const shared = sharedPrefix(entries)
  if (shared.length > 0) {
    if (shared.every((nibble, i) => key[i] === nibble))
      collect(below(entries, shared.length), key.slice(shared.length), nodes, false)
    return
  }
  const under = entries.filter(({ nibbles }) => nibbles.length > 0 && nibbles[0] === key[0])
  if (under.length > 0) collect(below(under, 1), key.slice(1), nodes, false)
}

function reference(entries: readonly Entry[]): Uint8Array {
  const encoded = encodeNode(entries)
  return encoded.length < 32 ? encoded : rlpString(keccak_256(encoded))
}

const below = (entries: readonly Entry[], depth: number): Entry[] =>
  entries.map(({ nibbles, value }) => ({ nibbles: nibbles.slice(depth), value }))

function sharedPrefix(entries: readonly Entry[]): number[] {
  const first = entries[0]!.nibbles
  const length = first.findIndex((nibble, i) => entries.some(({ nibbles }) => nibbles[i] !== nibble))
  return length < 0 ? first : first.slice(0, length)
}

function hexPrefix(nibbles: readonly number[], leaf: boolean): Uint8Array {
  const flag = leaf ? 2 : 0
  const padded = nibbles.length % 2 ? [flag + 1, ...nibbles] : [flag, 0, ...nibbles]
  return Uint8Array.from({ length: padded.length / 2 }, (_, i) => padded[2 * i]! * 16 + padded[2 * i + 1]!)
}

export function nibblesOf(key: Uint8Array): number[] {
  return Array.from(key).flatMap((byte) => [byte >> 4, byte & 15])
}

export function rlpString(bytes: Uint8Array): Uint8Array {
  return bytes.length === 1 && bytes[0]! < 0x80 ? bytes : join([rlpHeader(0x80, bytes.length), bytes])
}

export function rlpList(items: readonly Uint8Array[]): Uint8Array {
  const payload = join(items)
  return join([rlpHeader(0xc0, payload.length), payload])
}

function rlpHeader(base: number, length: number): Uint8Array {
  if (length < 56) return Uint8Array.of(base + length)
  const digits = length.toString(16)
  const bytes = (digits.padStart(digits.length + (digits.length % 2), '0').match(/../g) ?? []).map((d) =>
    Number.parseInt(d, 16),
  )
  return Uint8Array.of(base + 55 + bytes.length, ...bytes)
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}
