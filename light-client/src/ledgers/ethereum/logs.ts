/** Which logs a filter means, and what a bloom filter proves about them (Yellow Paper §4.3.1). Pure. @module */
import { fromHex } from '../../data/hex.ts'
import type { Log } from './claims.ts'
import type { Hex } from './evidence.ts'

type Keccak256 = (data: Uint8Array) => Uint8Array

export interface LogFilter {
  /** Any of these; empty: any at all. */
  readonly addresses: readonly Hex[]
  /** By position: any of these; null: whatever is there. */
  readonly topics: readonly (readonly Hex[] | null)[]
}

export function logMatches({ addresses, topics }: LogFilter, log: Log): boolean {
  if (addresses.length > 0 && !addresses.includes(log.address)) return false
  if (topics.length > log.topics.length) return false
  return topics.every((choices, i) => choices === null || choices.includes(log.topics[i]!))
}

/** Places of the three bits that an address or topic sets in the 2048-bit filter. */
function bitsOf(item: Hex, keccak256: Keccak256): number[] {
  const hash = keccak256(fromHex(item, 'log'))
  return [0, 2, 4].map((at) => ((hash[at]! << 8) | hash[at + 1]!) & 2047)
}

/** The 2048-bit filter over addresses and topics. */
export function bloomOf(logs: readonly Log[], keccak256: Keccak256): Uint8Array {
  const bloom = new Uint8Array(256)
  for (const { address, topics } of logs)
    for (const item of [address, ...topics])
      for (const bit of bitsOf(item, keccak256)) bloom[255 - (bit >> 3)]! |= 1 << (bit & 7)
  return bloom
}

/**
 * A test of block blooms: false proves that no log of the block matches the filter, true proves nothing. The filter is
 * hashed once, for use on many blocks.
 */
export function bloomTest(filter: LogFilter, keccak256: Keccak256): (bloom: Hex) => boolean {
  const positions = [filter.addresses.length > 0 ? filter.addresses : null, ...filter.topics]
    .filter((choices) => choices !== null)
    .map((choices) => choices.map((item) => bitsOf(item, keccak256)))
  return (bloom) => {
    const isSet = (bit: number) => {
      const at = 2 + 2 * (255 - (bit >> 3))
      return ((Number.parseInt(bloom.slice(at, at + 2), 16) >> (bit & 7)) & 1) === 1
    }
    // A block without any log has an empty bloom, which even the widest filter cannot match.
    if (positions.length === 0) return /[1-9a-f]/.test(bloom.slice(2))
    return positions.every((choices) => choices.some((bits) => bits.every(isSet)))
  }
}
