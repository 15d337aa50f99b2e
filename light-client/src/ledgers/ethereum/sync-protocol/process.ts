import type { Engines } from '@glowworm/wasm-core'
import type { LightClientUpdate } from '../data.ts'
import { compute_sync_committee_period_at_slot, slotsPerPeriod } from '../forks.ts'
import type { NetworkProfile } from '../profile.ts'
import { is_better_update } from './ranking.ts'
import { participants } from './signature.ts'
import { get_safety_threshold, type LightClientStore } from './store.ts'
import { is_finality_update, is_sync_committee_update, validate_light_client_update } from './validate.ts'

/** `apply_light_client_update` */
export function apply_light_client_update(
  store: LightClientStore,
  update: LightClientUpdate,
  profile: NetworkProfile,
): LightClientStore {
  const store_period = compute_sync_committee_period_at_slot(profile, store.finalized_header.beacon.slot)
  const finalized_period = compute_sync_committee_period_at_slot(profile, update.finalized_header.beacon.slot)
  const next = is_sync_committee_update(update) ? update.next_sync_committee : null
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
  if (update.finalized_header.beacon.slot > store.finalized_header.beacon.slot) {
    const finalized_header = update.finalized_header
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
  validate_light_client_update(store, update, current_slot, profile, engines)
  const active = participants(update.sync_aggregate)
  let result = store

  if (store.best_valid_update === null || is_better_update(update, store.best_valid_update, profile))
    result = { ...result, best_valid_update: update }
  result = { ...result, current_max_active_participants: Math.max(store.current_max_active_participants, active) }

  if (
    active > get_safety_threshold(result) &&
    update.attested_header.beacon.slot > result.optimistic_header.beacon.slot
  )
    result = { ...result, optimistic_header: update.attested_header }

  const periodOf = (slot: number) => compute_sync_committee_period_at_slot(profile, slot)
  const has_finalized_next =
    store.next_sync_committee === null &&
    is_sync_committee_update(update) &&
    is_finality_update(update) &&
    periodOf(update.finalized_header.beacon.slot) === periodOf(update.attested_header.beacon.slot)
  const supermajority = active * 3 >= profile.preset.SYNC_COMMITTEE_SIZE * 2
  const newer = update.finalized_header.beacon.slot > store.finalized_header.beacon.slot
  if (supermajority && (newer || has_finalized_next))
    result = { ...apply_light_client_update(result, update, profile), best_valid_update: null }
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
  const stuck = best.finalized_header.beacon.slot <= store.finalized_header.beacon.slot
  const update = stuck ? { ...best, finalized_header: best.attested_header } : best
  return { ...apply_light_client_update(store, update, profile), best_valid_update: null }
}
