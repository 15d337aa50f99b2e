import type { Engines } from '@glowworm/wasm-core'
import type { LightClientHeader, LightClientUpdate } from '../data.ts'
import { compute_sync_committee_period_at_slot, slotsPerPeriod } from '../forks.ts'
import type { NetworkProfile } from '../profile.ts'
import type { ProvenCommittee } from './committee.ts'
import { is_better_update } from './ranking.ts'
import { participants } from './signature.ts'
import { get_safety_threshold, type LightClientStore } from './store.ts'
import { is_finality_update, type ValidUpdate, validate_light_client_update } from './validate.ts'

/** What an update moves the store with, whatever form it came in. */
export interface Progress {
  readonly attested_header: LightClientHeader
  readonly finalized_header: LightClientHeader
  readonly next: ProvenCommittee | null
  readonly has_finality: boolean
  readonly participants: number
}

/** `apply_light_client_update` */
function apply_light_client_update(
  store: LightClientStore,
  { finalized_header, next }: Pick<Progress, 'finalized_header' | 'next'>,
  profile: NetworkProfile,
): LightClientStore {
  const store_period = compute_sync_committee_period_at_slot(profile, store.finalized_header.beacon.slot)
  const finalized_period = compute_sync_committee_period_at_slot(profile, finalized_header.beacon.slot)
  let result = store
  if (store.next_sync_committee === null) {
    // The specification asserts this; callers only apply updates for which it holds.
    if (finalized_period === store_period) result = { ...result, next_sync_committee: next }
  } else if (finalized_period === store_period + 1) {
    result = {
      ...result,
      current_sync_committee: store.next_sync_committee,
      next_sync_committee: next,
      previous_max_active_participants: store.current_max_active_participants,
      current_max_active_participants: 0,
    }
  }
  if (finalized_header.beacon.slot > store.finalized_header.beacon.slot) {
    const behind = finalized_header.beacon.slot > store.optimistic_header.beacon.slot
    result = { ...result, finalized_header, optimistic_header: behind ? finalized_header : result.optimistic_header }
  }
  return result
}

/** `process_light_client_update`. @throws whatever `validate_light_client_update` throws; the store is then unchanged. */
export function process_light_client_update(
  store: LightClientStore,
  update: LightClientUpdate,
  current_slot: number,
  profile: NetworkProfile,
  engines: Engines,
): LightClientStore {
  return process_valid_update(
    store,
    validate_light_client_update(store, update, current_slot, profile, engines),
    profile,
  )
}

/** `process_light_client_update` after the validation. */
export function process_valid_update(
  store: LightClientStore,
  valid: ValidUpdate,
  profile: NetworkProfile,
): LightClientStore {
  const { update, next } = valid
  const best = store.best_valid_update
  const kept =
    best === null || is_better_update(update, best.update, profile) ? { ...store, best_valid_update: valid } : store
  return advance_store(kept, progressOf(update, next), profile)
}

function progressOf(update: LightClientUpdate, next: ProvenCommittee | null): Progress {
  const { attested_header, finalized_header, sync_aggregate } = update
  const has_finality = is_finality_update(update)
  return { attested_header, finalized_header, next, has_finality, participants: participants(sync_aggregate) }
}

/** The part of `process_light_client_update` that moves heads and committees. */
export function advance_store(store: LightClientStore, progress: Progress, profile: NetworkProfile): LightClientStore {
  const { attested_header, finalized_header, participants: active } = progress
  let result: LightClientStore = {
    ...store,
    current_max_active_participants: Math.max(store.current_max_active_participants, active),
  }
  if (active > get_safety_threshold(result) && attested_header.beacon.slot > result.optimistic_header.beacon.slot)
    result = { ...result, optimistic_header: attested_header }

  const periodOf = (slot: number) => compute_sync_committee_period_at_slot(profile, slot)
  const has_finalized_next =
    store.next_sync_committee === null &&
    progress.next !== null &&
    progress.has_finality &&
    periodOf(finalized_header.beacon.slot) === periodOf(attested_header.beacon.slot)
  const supermajority = active * 3 >= profile.preset.SYNC_COMMITTEE_SIZE * 2
  const newer = finalized_header.beacon.slot > store.finalized_header.beacon.slot
  if (supermajority && (newer || has_finalized_next))
    result = { ...apply_light_client_update(result, progress, profile), best_valid_update: null }
  return result
}

/**
 * `process_light_client_store_force_update`. Accepts less than two thirds, so it is never called by the driver:
 * only a person may decide on it.
 */
export function process_light_client_store_force_update(
  store: LightClientStore,
  current_slot: number,
  profile: NetworkProfile,
): LightClientStore {
  const best = store.best_valid_update
  if (!(current_slot > store.finalized_header.beacon.slot + slotsPerPeriod(profile)) || best === null) return store
  const { attested_header, finalized_header } = best.update
  const stuck = finalized_header.beacon.slot <= store.finalized_header.beacon.slot
  const progress = { finalized_header: stuck ? attested_header : finalized_header, next: best.next }
  return { ...apply_light_client_update(store, progress, profile), best_valid_update: null }
}
