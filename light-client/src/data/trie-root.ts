/**
 * Root of the Merkle-Patricia trie over an ordered list: transactions, receipts, withdrawals. Keys are rlp(index)
 * (Yellow Paper §4.3.2 and appendix D).
 * @module
 */
import type { Hashes } from '@glowworm/wasm-core'
import { toHex } from './hex.ts'
import { encode, type RlpItem } from './rlp.ts'

interface Entry {
  readonly nibbles: readonly number[]
  readonly value: Uint8Array
}

/** @param values the list in order; each value non-empty. */
export function orderedTrieRoot(values: readonly Uint8Array[], hashes: Hashes): Uint8Array {
  const entries = values.map((value, index) => ({ nibbles: nibblesOf(encode(indexBytes(index))), value }))
  // Sorting by path puts every subtree into one run, so that nodes are cut out of the list by position.
  entries.sort((a, b) => compare(a.nibbles, b.nibbles))
  return hashes.keccak256(encode(entries.length === 0 ? new Uint8Array(0) : node(entries, 0, hashes)))
}

function node(entries: readonly Entry[], depth: number, hashes: Hashes): RlpItem {
  const first = entries[0]!
  if (entries.length === 1) return [compactPath(first.nibbles.slice(depth), true), first.value]
  const last = entries[entries.length - 1]!
  let shared = depth
  while (shared < first.nibbles.length && first.nibbles[shared] === last.nibbles[shared]) shared++
  if (shared > depth)
    return [compactPath(first.nibbles.slice(depth, shared), false), reference(node(entries, shared, hashes), hashes)]
  const items: RlpItem[] = []
  let at = 0
  const value = first.nibbles.length === depth ? entries[at++]!.value : new Uint8Array(0)
  for (let nibble = 0; nibble < 16; nibble++) {
    const start = at
    while (at < entries.length && entries[at]!.nibbles[depth] === nibble) at++
    items.push(start === at ? new Uint8Array(0) : reference(node(entries.slice(start, at), depth + 1, hashes), hashes))
  }
  return [...items, value]
}

/** A node inside its parent: itself when its encoding is shorter than a hash, else the hash. */
function reference(item: RlpItem, hashes: Hashes): RlpItem {
  const encoded = encode(item)
  return encoded.length < 32 ? item : hashes.keccak256(encoded)
}

/** Hex-prefix encoding (Yellow Paper appendix C). */
function compactPath(nibbles: readonly number[], leaf: boolean): Uint8Array {
  const odd = nibbles.length % 2
  const out = new Uint8Array((nibbles.length - odd) / 2 + 1)
  out[0] = ((leaf ? 2 : 0) + odd) * 16 + (odd ? nibbles[0]! : 0)
  for (let i = 1; i < out.length; i++) out[i] = nibbles[2 * i - 2 + odd]! * 16 + nibbles[2 * i - 1 + odd]!
  return out
}

function indexBytes(index: number): Uint8Array {
  const digits: number[] = []
  for (let rest = index; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256)
  return Uint8Array.from(digits)
}

function nibblesOf(bytes: Uint8Array): number[] {
  return [...toHex(bytes).slice(2)].map((digit) => Number.parseInt(digit, 16))
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return a[i]! - b[i]!
  return a.length - b.length
}
