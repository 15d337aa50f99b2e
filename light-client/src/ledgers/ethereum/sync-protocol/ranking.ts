import type { LightClientUpdate } from '../data.ts'
import { compute_sync_committee_period_at_slot } from '../forks.ts'
import type { NetworkProfile } from '../profile.ts'
import { participants } from './signature.ts'
import { is_finality_update, is_sync_committee_update } from './validate.ts'

/** `is_better_update` (altair/light-client/sync-protocol.md): the first difference decides. */
export function is_better_update(
  new_update: LightClientUpdate,
  old_update: LightClientUpdate,
  profile: NetworkProfile,
): boolean {
  const size = profile.preset.SYNC_COMMITTEE_SIZE
  const rank = (update: LightClientUpdate) => {
    const periodOf = (slot: number) => compute_sync_committee_period_at_slot(profile, slot)
    const active = participants(update.sync_aggregate)
    const supermajority = active * 3 >= size * 2
    const attested_period = periodOf(update.attested_header.beacon.slot)
    const finality = is_finality_update(update)
    return [
      supermajority ? 1 : 0,
      supermajority ? 0 : active,
      is_sync_committee_update(update) && attested_period === periodOf(update.signature_slot) ? 1 : 0,
      finality ? 1 : 0,
      // only asked of updates with finality: without it both count alike, as the specification has it
      finality && periodOf(update.finalized_header.beacon.slot) === attested_period ? 1 : 0,
      active,
      -update.attested_header.beacon.slot,
      -update.signature_slot,
    ]
  }
  const [a, b] = [rank(new_update), rank(old_update)]
  const difference = a.findIndex((value, i) => value !== b[i])
  return difference >= 0 && a[difference]! > b[difference]!
}
