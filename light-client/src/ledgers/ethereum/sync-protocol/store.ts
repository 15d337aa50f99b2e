import type { LightClientHeader } from '../data.ts'
import type { ProvenCommittee } from './committee.ts'
import type { ValidUpdate } from './validate.ts'

/**
 * `LightClientStore`. Immutable: processing returns a new one. An unknown next committee is `null` rather than a
 * default object. Headers keep the layout they came in; everything that depends on the fork goes by their slot, so a
 * fork boundary needs no rewriting of the store. Committees are held by what is proven of them, their keys only where
 * they came along.
 */
export interface LightClientStore {
  readonly finalized_header: LightClientHeader
  readonly current_sync_committee: ProvenCommittee
  readonly next_sync_committee: ProvenCommittee | null
  readonly best_valid_update: ValidUpdate | null
  readonly optimistic_header: LightClientHeader
  readonly previous_max_active_participants: number
  readonly current_max_active_participants: number
}

/** `get_safety_threshold` */
export function get_safety_threshold(store: LightClientStore): number {
  return Math.floor(Math.max(store.previous_max_active_participants, store.current_max_active_participants) / 2)
}
