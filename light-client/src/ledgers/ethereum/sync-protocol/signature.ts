import { type Engines, WasmCoreError } from '@glowworm/wasm-core'
import { concatBytes, fromHex } from '../../../data/hex.ts'
import type { LightClientHeader, SyncAggregate, SyncCommittee } from '../data.ts'
import { compute_epoch_at_slot, compute_fork_data_root, compute_fork_version } from '../forks.ts'
import type { NetworkProfile } from '../profile.ts'
import { InvalidSyncCommitteeSignature } from './errors.ts'
import { beaconRoot } from './header.ts'

const DOMAIN_SYNC_COMMITTEE = Uint8Array.of(7, 0, 0, 0)

/** Number of set participation bits. */
export function participants(aggregate: SyncAggregate): number {
  let count = 0
  for (let byte of aggregate.sync_committee_bits) for (; byte; byte &= byte - 1) count++
  return count
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

/**
 * Checks the committee's aggregate signature over the attested header.
 *
 * `aggregate_pubkey` lies inside the committee container, whose root is proven, and the state transition guarantees
 * that it is the sum over all seats; so the key of those present is that sum minus the absent ones, which needs a
 * handful of decompressions instead of hundreds. When most are absent, summing the present ones is cheaper.
 * @throws {InvalidSyncCommitteeSignature}
 */
export function verifySyncCommitteeSignature(
  committee: SyncCommittee,
  aggregate: SyncAggregate,
  attested: LightClientHeader,
  signature_slot: number,
  profile: NetworkProfile,
  engines: Engines,
): void {
  const present: Uint8Array[] = []
  const absent: Uint8Array[] = []
  for (let i = 0; i < profile.preset.SYNC_COMMITTEE_SIZE; i++) {
    const key = committee.pubkeys.subarray(i * 48, i * 48 + 48)
    if ((aggregate.sync_committee_bits[i >> 3]! >> (i & 7)) & 1) present.push(key)
    else absent.push(key)
  }
  const message = syncCommitteeSigningRoot(attested, signature_slot, profile, engines)
  const signature = aggregate.sync_committee_signature
  let valid: boolean
  try {
    valid =
      absent.length < present.length
        ? engines.bls.verifyWithoutAbsent(committee.aggregate_pubkey, absent, message, signature)
        : engines.bls.fastAggregateVerify(present, message, signature)
  } catch (cause) {
    if (cause instanceof WasmCoreError) throw new InvalidSyncCommitteeSignature(signature_slot, { cause })
    throw cause
  }
  if (!valid) throw new InvalidSyncCommitteeSignature(signature_slot)
}
