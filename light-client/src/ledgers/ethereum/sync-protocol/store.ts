import type { LightClientHeader, LightClientUpdate, SyncCommittee } from '../data.ts'

/**
 * `LightClientStore`. Immutable: processing returns a new one. An unknown next committee is `null` rather than a
 * default object. Headers keep the layout they came in; everything that depends on the fork goes by their slot, so a
 * fork boundary needs no rewriting of the store.
 */
export interface LightClientStore {
  readonly finalized_header: LightClientHeader
  readonly current_sync_committee: SyncCommittee
  readonly next_sync_committee: SyncCommittee | null
  readonly best_valid_update: LightClientUpdate | null
  readonly optimistic_header: LightClientHeader
  readonly previous_max_active_participants: number
  readonly current_max_active_participants: number
}

/** `get_safety_threshold` */
export function get_safety_threshold(store: LightClientStore): number {
  return Math.floor(Math.max(store.previous_max_active_participants, store.current_max_active_participants) / 2)
}
