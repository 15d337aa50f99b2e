/** Lengths and limits of the beacon state and block body that differ between presets (consensus-specs presets/). @module */
import { slotsPerHistoricalRoot } from '../forks.ts'
import { type NetworkProfile, PRESETS } from '../profile.ts'

export interface BeaconLimits {
  readonly SLOTS_PER_EPOCH: number
  readonly SLOTS_PER_HISTORICAL_ROOT: number
  readonly SYNC_COMMITTEE_SIZE: number
  readonly ETH1_DATA_VOTES: number
  readonly EPOCHS_PER_HISTORICAL_VECTOR: number
  readonly EPOCHS_PER_SLASHINGS_VECTOR: number
  readonly PENDING_PARTIAL_WITHDRAWALS_LIMIT: number
  readonly PENDING_CONSOLIDATIONS_LIMIT: number
  readonly MAX_COMMITTEES_PER_SLOT: number
  readonly MAX_WITHDRAWALS_PER_PAYLOAD: number
}

/**
 * Those of the mainnet preset, or of the minimal one where a profile has its epochs. What another preset has otherwise
 * shows when a state does not hash to its root.
 */
export function beaconLimits(profile: NetworkProfile): BeaconLimits {
  const { SLOTS_PER_EPOCH, SYNC_COMMITTEE_SIZE } = profile.preset
  const own = { SLOTS_PER_EPOCH, SYNC_COMMITTEE_SIZE, SLOTS_PER_HISTORICAL_ROOT: slotsPerHistoricalRoot(profile) }
  if (SLOTS_PER_EPOCH === PRESETS.minimal.SLOTS_PER_EPOCH)
    return {
      ...own,
      ETH1_DATA_VOTES: 4 * SLOTS_PER_EPOCH,
      EPOCHS_PER_HISTORICAL_VECTOR: 64,
      EPOCHS_PER_SLASHINGS_VECTOR: 64,
      PENDING_PARTIAL_WITHDRAWALS_LIMIT: 64,
      PENDING_CONSOLIDATIONS_LIMIT: 64,
      MAX_COMMITTEES_PER_SLOT: 4,
      MAX_WITHDRAWALS_PER_PAYLOAD: 4,
    }
  return {
    ...own,
    ETH1_DATA_VOTES: 64 * SLOTS_PER_EPOCH,
    EPOCHS_PER_HISTORICAL_VECTOR: 65_536,
    EPOCHS_PER_SLASHINGS_VECTOR: 8192,
    PENDING_PARTIAL_WITHDRAWALS_LIMIT: 2 ** 27,
    PENDING_CONSOLIDATIONS_LIMIT: 2 ** 18,
    MAX_COMMITTEES_PER_SLOT: 64,
    MAX_WITHDRAWALS_PER_PAYLOAD: 16,
  }
}
