/**
 * Who is asked about which address, so that nobody learns more of them than needed: an address stays with the source
 * that knows it already, and a new one goes to the source that knows fewest. Pure; the time is given.
 * @module
 */
import { fromHex } from '../../data/hex.ts'
import type { Hex } from '../../ledgers/ethereum/evidence.ts'

export interface Assignment {
  /**
   * The same sources, in the order in which to ask about these addresses. Once a source has been asked, say so with
   * `learned`; the next question about the address then goes to it too.
   */
  order(sources: readonly string[], addresses: readonly Hex[], now: number): string[]
  learned(source: string, addresses: readonly Hex[], now: number): void
  /** Addresses of one person: these are what is kept apart. Without any, all addresses are. */
  keepApart(addresses: readonly Hex[]): void
}

export interface AssignmentOptions {
  readonly sha256: (data: Uint8Array) => Uint8Array
  /** 32 secret bytes of this installation: nobody else can tell, or steer, whom an address goes to. */
  readonly key: Uint8Array
  /** Milliseconds after which assignments are drawn anew. */
  readonly rotation: number
}

/** Each new drawing shows the addresses to others, so it is seldom. */
export const ROTATION = 30 * 24 * 3600_000
/** Addresses whose source is remembered; those not asked about for the longest time are forgotten first. */
const MOST_ADDRESSES = 1024

export function createAssignment({ sha256, key, rotation }: AssignmentOptions): Assignment {
  /** Who knows an address. */
  const knowers = new Map<Hex, Set<string>>()
  let apart: ReadonlySet<Hex> = new Set()
  let epoch = -1

  const enter = (now: number) => {
    const current = Math.floor(now / rotation)
    if (current !== epoch) knowers.clear()
    epoch = current
  }
  const isApart = (address: Hex) => apart.size === 0 || apart.has(address)
  /** How many of the addresses to keep apart a source knows. */
  const burden = (source: string) => {
    let count = 0
    for (const [address, known] of knowers) if (isApart(address) && known.has(source)) count++
    return count
  }
  /** Rendezvous hashing: each pair of address and source has a weight of its own, so a source that leaves or comes moves only its own addresses. */
  const weight = (source: string, address: Hex) => {
    const name = new TextEncoder().encode(source)
    const bytes = new Uint8Array(key.length + 8 + 20 + name.length)
    bytes.set(key)
    new DataView(bytes.buffer).setBigUint64(key.length, BigInt(epoch))
    bytes.set(fromHex(address, 'address', 20), key.length + 8)
    bytes.set(name, key.length + 28)
    const digest = sha256(bytes)
    return new DataView(digest.buffer, digest.byteOffset).getUint32(0)
  }

  return {
    order(sources, addresses, now) {
      enter(now)
      const [first] = addresses
      if (first === undefined) return [...sources]
      const personal = addresses.some(isApart)
      return sources
        .map((source) => ({
          source,
          knows: addresses.filter((address) => isApart(address) && knowers.get(address)?.has(source)).length,
          knowsAny: addresses.filter((address) => knowers.get(address)?.has(source)).length,
          burden: personal ? burden(source) : 0,
          weight: weight(source, first),
        }))
        .sort((a, b) => b.knows - a.knows || b.knowsAny - a.knowsAny || a.burden - b.burden || b.weight - a.weight)
        .map(({ source }) => source)
    },
    learned(source, addresses, now) {
      enter(now)
      for (const address of addresses) {
        const known = knowers.get(address) ?? new Set()
        knowers.delete(address)
        knowers.set(address, known.add(source))
      }
      while (knowers.size > MOST_ADDRESSES) knowers.delete(knowers.keys().next().value!)
    },
    keepApart(addresses) {
      apart = new Set(addresses)
    },
  }
}
