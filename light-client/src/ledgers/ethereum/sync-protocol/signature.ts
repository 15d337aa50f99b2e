import type { CommitteeSignature, Engines } from '@glowworm/wasm-core'
import { InvalidPoint, WasmCoreError } from '@glowworm/wasm-core/errors'
import { concatBytes, fromHex } from '../../../data/hex.ts'
import type { LightClientHeader, SyncAggregate } from '../data.ts'
import { compute_epoch_at_slot, compute_fork_data_root, compute_fork_version } from '../forks.ts'
import type { NetworkProfile } from '../profile.ts'
import { type AbsentKeys, absentSeats, verifyAbsentKeys } from './absent-keys.ts'
import { KEY_BYTES, type ProvenCommittee } from './committee.ts'
import { InvalidSyncCommitteeSignature, MissingCommitteeKeys } from './errors.ts'
import { beaconRoot } from './header.ts'

const DOMAIN_SYNC_COMMITTEE = Uint8Array.of(7, 0, 0, 0)

/** Number of set participation bits. */
export function participants({ sync_committee_bits }: SyncAggregate): number {
  return sync_committee_bits.length * 8 - absentSeats(sync_committee_bits).length
}

/** At least two thirds of the committee signed. */
export function isSupermajority(aggregate: SyncAggregate, profile: NetworkProfile): boolean {
  return participants(aggregate) * 3 >= profile.preset.SYNC_COMMITTEE_SIZE * 2
}

/** `compute_signing_root` of an attested header. The fork is that of the slot before the signature, not the attested one. */
export function syncCommitteeSigningRoot(
  attested: LightClientHeader,
  signature_slot: number,
  profile: NetworkProfile,
  engines: Engines,
): Uint8Array {
  const fork_version = compute_fork_version(profile, compute_epoch_at_slot(profile, Math.max(signature_slot, 1) - 1))
  const genesisRoot = fromHex(profile.genesis.validatorsRoot, 'genesis validators root', 32)
  const forkDataRoot = compute_fork_data_root(fork_version, genesisRoot, engines.hashes)
  const domain = concatBytes(DOMAIN_SYNC_COMMITTEE, forkDataRoot.subarray(0, 28))
  return engines.hashes.sha256(concatBytes(beaconRoot(attested, engines.merkle), domain))
}

/** What an update claims was signed. It has passed every other rule; nothing follows from it before this holds too. */
export interface PendingSignature {
  readonly signature_slot: number
  readonly message: Uint8Array
  readonly signature: Uint8Array
  /** How the key of those present is found. */
  readonly keys:
    | { readonly aggregate: Uint8Array; readonly absent: readonly Uint8Array[] }
    | { readonly present: readonly Uint8Array[] }
}

/**
 * The aggregate signature of a committee over an attested header.
 *
 * `aggregate_pubkey` lies inside the committee container, whose root is proven, and the state transition guarantees
 * that it is the sum over all seats; so the key of those present is that sum minus the absent ones, which needs a
 * handful of decompressions instead of hundreds. When most are absent, summing the present ones is cheaper.
 * @param absent the keys of those absent with their proof, where the update brings them
 * @throws {MissingCommitteeKeys | UnexpectedContent | InvalidBranch}
 */
export function pendingSignature(
  committee: ProvenCommittee,
  aggregate: SyncAggregate,
  attested: LightClientHeader,
  signature_slot: number,
  absent: AbsentKeys | null,
  profile: NetworkProfile,
  engines: Engines,
): PendingSignature {
  const bits = aggregate.sync_committee_bits
  const message = syncCommitteeSigningRoot(attested, signature_slot, profile, engines)
  const pending = { signature_slot, message, signature: aggregate.sync_committee_signature }
  const subtract = (keys: readonly Uint8Array[]) => ({
    ...pending,
    keys: { aggregate: committee.aggregate_pubkey, absent: keys },
  })
  if (absent) return subtract(verifyAbsentKeys(committee, bits, absent, engines))
  const seats = absentSeats(bits)
  if (seats.length === 0) return subtract([])
  const { pubkeys } = committee
  if (!pubkeys) throw new MissingCommitteeKeys(signature_slot)
  const keyAt = (seat: number) => pubkeys.subarray(seat * KEY_BYTES, (seat + 1) * KEY_BYTES)
  const size = bits.length * 8
  if (seats.length < size / 2) return subtract(seats.map(keyAt))
  const missing = new Set(seats)
  const present = Array.from({ length: size }, (_, seat) => seat).filter((seat) => !missing.has(seat))
  return { ...pending, keys: { present: present.map(keyAt) } }
}

/** @throws {InvalidSyncCommitteeSignature} */
export function verifySignature(pending: PendingSignature, engines: Engines): void {
  const { message, signature, keys } = pending
  let valid: boolean
  try {
    valid =
      'present' in keys
        ? engines.bls.fastAggregateVerify(keys.present, message, signature)
        : engines.bls.verifyWithoutAbsent(keys.aggregate, keys.absent, message, signature)
  } catch (cause) {
    if (cause instanceof WasmCoreError) throw new InvalidSyncCommitteeSignature(pending.signature_slot, { cause })
    throw cause
  }
  if (!valid) throw new InvalidSyncCommitteeSignature(pending.signature_slot)
}

/** Secure random bytes of the platform; how many. */
export type RandomBytes = (length: number) => Uint8Array

/**
 * Many signatures at once, which costs about half of one by one, with the verdicts of one by one.
 * @returns index of the first that does not hold with the error of `verifySignature`, or null
 */
export function firstInvalidSignature(
  pending: readonly PendingSignature[],
  engines: Engines,
  random: RandomBytes,
): { readonly index: number; readonly error: InvalidSyncCommitteeSignature } | null {
  const batch: CommitteeSignature[] = []
  const places: number[] = []
  let first: { index: number; error: InvalidSyncCommitteeSignature } | null = null
  for (const [index, one] of pending.entries()) {
    const { keys, message, signature } = one
    if ('absent' in keys) {
      batch.push({ ...keys, message, signature })
      places.push(index)
    } else {
      const error = errorOf(one, engines)
      first ??= error && { index, error }
    }
  }
  try {
    const invalid = places[engines.bls.verifyBatch(batch, random)]
    if (invalid === undefined || (first && first.index < invalid)) return first
    return { index: invalid, error: new InvalidSyncCommitteeSignature(pending[invalid]!.signature_slot) }
  } catch (cause) {
    if (!(cause instanceof InvalidPoint)) throw cause
    // Something is malformed, which a batch names before all that is merely wrong.
    for (const [index, one] of pending.entries()) {
      const error = errorOf(one, engines)
      if (error) return { index, error }
    }
    return null
  }
}

function errorOf(pending: PendingSignature, engines: Engines): InvalidSyncCommitteeSignature | null {
  try {
    verifySignature(pending, engines)
    return null
  } catch (cause) {
    if (cause instanceof InvalidSyncCommitteeSignature) return cause
    throw cause
  }
}
