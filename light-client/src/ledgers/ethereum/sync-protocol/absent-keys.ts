/** The keys of those who did not sign, proven under the root of the committee's keys. @module */
import type { Engines, Hashes } from '@glowworm/wasm-core'
import { bytesEqual } from '../../../data/hex.ts'
import { calculate_multi_merkle_root, get_helper_indices } from '../../../data/ssz/multiproof.ts'
import { bytes48 } from '../../../data/ssz/types.ts'
import { KEY_BYTES, type ProvenCommittee } from './committee.ts'
import { InvalidBranch, UnexpectedContent } from './errors.ts'

export interface AbsentKeys {
  /** One key for each clear participation bit, in the order of the bits: none can be named twice, or in vain. */
  readonly absent_pubkeys: readonly Uint8Array[]
  /** Multiproof of them: the nodes at `get_helper_indices` of their places in the tree of keys. */
  readonly absent_proof: readonly Uint8Array[]
}

/** Seats whose participation bit is clear, ascending. */
export function absentSeats(bits: Uint8Array): number[] {
  const seats: number[] = []
  for (let seat = 0; seat < bits.length * 8; seat++) if (((bits[seat >> 3]! >> (seat & 7)) & 1) === 0) seats.push(seat)
  return seats
}

/** @param pubkeys all keys of the committee; their number is a power of two */
export function proveAbsentKeys(pubkeys: Uint8Array, bits: Uint8Array, hashes: Hashes): AbsentKeys {
  const size = pubkeys.length / KEY_BYTES
  const seats = absentSeats(bits)
  if (seats.length === 0) return { absent_pubkeys: [], absent_proof: [] }
  const layers = layersOf(pubkeys, hashes)
  const nodeAt = (gindex: number) => {
    const height = Math.floor(Math.log2(size)) - Math.floor(Math.log2(gindex))
    const at = gindex * 32 - (size >> height) * 32
    return layers[height]!.slice(at, at + 32)
  }
  return {
    absent_pubkeys: seats.map((seat) => pubkeys.slice(seat * KEY_BYTES, (seat + 1) * KEY_BYTES)),
    absent_proof: get_helper_indices(seats.map((seat) => size + seat)).map(nodeAt),
  }
}

/**
 * Binds the keys to their seats. Without this a server could subtract keys of its choice from the aggregate.
 * @returns the keys, to be subtracted
 * @throws {UnexpectedContent} their number is not that of the clear bits
 * @throws {InvalidBranch} they are not the keys of those seats
 */
export function verifyAbsentKeys(
  committee: ProvenCommittee,
  bits: Uint8Array,
  { absent_pubkeys, absent_proof }: AbsentKeys,
  { hashes, merkle }: Engines,
): readonly Uint8Array[] {
  const seats = absentSeats(bits)
  if (absent_pubkeys.length !== seats.length)
    throw new UnexpectedContent('number of absent keys', `that of clear participation bits, ${seats.length}`)
  const size = bits.length * 8
  const leaves = new Map(seats.map((seat, i) => [size + seat, bytes48.hashTreeRoot(absent_pubkeys[i]!, merkle)]))
  const root = leaves.size > 0 ? calculate_multi_merkle_root(leaves, absent_proof, hashes) : committee.pubkeys_root
  if ((seats.length === 0 && absent_proof.length > 0) || !root || !bytesEqual(root, committee.pubkeys_root))
    throw new InvalidBranch('absent keys')
  return absent_pubkeys
}

/** The tree of keys, leaves first. */
function layersOf(pubkeys: Uint8Array, hashes: Hashes): Uint8Array[] {
  const size = pubkeys.length / KEY_BYTES
  const padded = new Uint8Array(size * 64)
  for (let i = 0; i < size; i++) padded.set(pubkeys.subarray(i * KEY_BYTES, (i + 1) * KEY_BYTES), i * 64)
  const layers = [hashes.sha256Pairs(padded)]
  while (layers.at(-1)!.length > 32) layers.push(hashes.sha256Pairs(layers.at(-1)!))
  return layers
}
