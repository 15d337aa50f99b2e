import type { Engines } from '@glowworm/wasm-core'
import { bytesEqual, toHex } from '../../../data/hex.ts'
import { type LightClientBootstrap, lightClientTypes } from '../data.ts'
import { rulesAtSlot } from '../forks.ts'
import type { NetworkProfile } from '../profile.ts'
import { InvalidBranch, InvalidHeader, UntrustedBootstrap } from './errors.ts'
import { beaconRoot, invalidHeaderReason } from './header.ts'
import { is_valid_normalized_merkle_branch } from './merkle-branch.ts'
import type { LightClientStore } from './store.ts'

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
  const { header } = bootstrap
  const root = beaconRoot(header, engines.merkle)
  if (!bytesEqual(root, trusted_block_root)) throw new UntrustedBootstrap(toHex(trusted_block_root), toHex(root))
  const reason = invalidHeaderReason(header, profile, engines)
  if (reason) throw new InvalidHeader('bootstrap', reason)
  const rules = rulesAtSlot(profile, header.beacon.slot)
  const { SyncCommittee } = lightClientTypes(profile.preset, rules.format)
  const leaf = SyncCommittee.hashTreeRoot(bootstrap.current_sync_committee, engines.merkle)
  const valid = is_valid_normalized_merkle_branch(
    leaf,
    bootstrap.current_sync_committee_branch,
    rules.CURRENT_SYNC_COMMITTEE_GINDEX,
    header.beacon.state_root,
    engines.merkle,
  )
  if (!valid) throw new InvalidBranch('current sync committee')
  return {
    finalized_header: header,
    current_sync_committee: bootstrap.current_sync_committee,
    next_sync_committee: null,
    best_valid_update: null,
    optimistic_header: header,
    previous_max_active_participants: 0,
    current_max_active_participants: 0,
  }
}
