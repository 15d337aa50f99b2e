/** Where the state of a finalized block holds the root of an older block. @module */
import { compute_epoch_at_slot, rulesAtSlot, slotsPerHistoricalRoot } from '../forks.ts'
import { FORK_NAMES, type NetworkProfile } from '../profile.ts'
import { depthOf } from '../sync-protocol/merkle-branch.ts'

/** A node of a tree: so many levels below the root, and its place among the nodes of that level. */
export interface Place {
  readonly depth: number
  readonly index: number
}

/** consensus-specs HISTORICAL_ROOTS_LIMIT, the same in every preset. */
export const HISTORICAL_ROOTS_DEPTH = 24

export const placeOf = (gindex: number): Place => ({ depth: depthOf(gindex), index: gindex - 2 ** depthOf(gindex) })

/** `concat_generalized_indices`. Depths add up to at most 50 (Gloas), so the index stays exact. */
export function below(...places: readonly Place[]): Place {
  return places.reduce((above, { depth, index }) => ({
    depth: above.depth + depth,
    index: above.index * 2 ** depth + index,
  }))
}

/** Which list of the state a block stands in. */
export type HistoryField = 'block_roots' | 'historical_summaries'

export interface HistoryPlace extends Place {
  readonly field: HistoryField
}

/**
 * The place of the root of the block at `slot` in the state of the block at `stateSlot`: `block_roots` holds those of
 * the last SLOTS_PER_HISTORICAL_ROOT slots, `historical_summaries` the roots of such vectors since Capella.
 * @returns why there is none, in words, instead
 */
export function historyPlace(profile: NetworkProfile, stateSlot: number, slot: number): HistoryPlace | string {
  const span = slotsPerHistoricalRoot(profile)
  const { BLOCK_ROOTS_GINDEX, HISTORICAL_SUMMARIES_GINDEX } = rulesAtSlot(profile, stateSlot)
  if (slot >= stateSlot) return `slot ${slot} is not before slot ${stateSlot}, whose state should know it`
  const inVector = { depth: Math.ceil(Math.log2(span)), index: slot % span }
  if (stateSlot - slot <= span) return { field: 'block_roots', ...below(placeOf(BLOCK_ROOTS_GINDEX), inVector) }
  const summary = summaryIndex(profile, slot)
  if (summary === null || HISTORICAL_SUMMARIES_GINDEX === null) return `slot ${slot} has no historical summary`
  const place = below(
    placeOf(HISTORICAL_SUMMARIES_GINDEX),
    { depth: 1, index: 0 }, // the elements, beside the length
    { depth: HISTORICAL_ROOTS_DEPTH, index: summary },
    { depth: 1, index: 0 }, // block_summary_root, beside state_summary_root
    inVector,
  )
  return { field: 'historical_summaries', ...place }
}

/**
 * Index of the summary of a slot. The first was made at the first boundary after Capella began; where the profile does
 * not say when that was (it starts later, and not at genesis), no index is known.
 */
export function summaryIndex(profile: NetworkProfile, slot: number): number | null {
  const capella = profile.forks.find(({ name }) => FORK_NAMES.indexOf(name) >= FORK_NAMES.indexOf('capella'))
  if (!capella || (capella.name !== 'capella' && capella.epoch !== 0)) return null
  const epochs = slotsPerHistoricalRoot(profile) / profile.preset.SLOTS_PER_EPOCH
  const index = Math.floor(compute_epoch_at_slot(profile, slot) / epochs) - Math.floor(capella.epoch / epochs)
  return index >= 0 ? index : null
}
