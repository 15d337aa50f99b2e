import type { Engines } from '@glowworm/wasm-core'
import { bytesEqual, toHex } from '../../../data/hex.ts'
import type { LightClientBootstrap, LightClientHeader } from '../data.ts'
import { rulesAtSlot } from '../forks.ts'
import type { NetworkProfile } from '../profile.ts'
import { committeeOf, committeeRoot, type ProvenCommittee } from './committee.ts'
import { InvalidBranch, InvalidHeader, UntrustedBootstrap } from './errors.ts'
import { beaconRoot, invalidHeaderReason } from './header.ts'
import { is_valid_normalized_merkle_branch } from './merkle-branch.ts'
import type { LightClientStore } from './store.ts'

/** A bootstrap reduced to what its proof needs of the committee: the keys may be missing. */
export interface CommitteeBootstrap {
  readonly header: LightClientHeader
  readonly committee: ProvenCommittee
  readonly committee_branch: readonly Uint8Array[]
}

/**
 * `initialize_light_client_store` (altair/light-client/sync-protocol.md).
 * @throws {UntrustedBootstrap | InvalidHeader | InvalidBranch}
 */
export function initialize_light_client_store(
  trusted_block_root: Uint8Array,
  bootstrap: LightClientBootstrap,
  profile: NetworkProfile,
  engines: Engines,
): LightClientStore {
  const { header, current_sync_committee, current_sync_committee_branch: committee_branch } = bootstrap
  const committee = committeeOf(current_sync_committee, engines.merkle)
  return initializeByCommittee(trusted_block_root, { header, committee, committee_branch }, profile, engines)
}

/** The same for a committee whose keys may be missing. */
export function initializeByCommittee(
  trusted_block_root: Uint8Array,
  { header, committee, committee_branch }: CommitteeBootstrap,
  profile: NetworkProfile,
  engines: Engines,
): LightClientStore {
  const root = beaconRoot(header, engines.merkle)
  if (!bytesEqual(root, trusted_block_root)) throw new UntrustedBootstrap(toHex(trusted_block_root), toHex(root))
  const reason = invalidHeaderReason(header, profile, engines)
  if (reason) throw new InvalidHeader('bootstrap', reason)
  const gindex = rulesAtSlot(profile, header.beacon.slot).CURRENT_SYNC_COMMITTEE_GINDEX
  const leaf = committeeRoot(committee, engines.merkle)
  const { state_root } = header.beacon
  if (!is_valid_normalized_merkle_branch(leaf, committee_branch, gindex, state_root, engines.merkle))
    throw new InvalidBranch('current sync committee')
  return {
    finalized_header: header,
    current_sync_committee: committee,
    next_sync_committee: null,
    best_valid_update: null,
    optimistic_header: header,
    previous_max_active_participants: 0,
    current_max_active_participants: 0,
  }
}
