/**
 * Forced updates (altair/light-client/sync-protocol.md, `process_light_client_store_force_update`), as two pure steps:
 * remember the best update there is, then take it although two thirds did not finalize it. Nothing here is ever called
 * by what follows the chain: only a person may decide on it, and everything proven afterwards says so.
 * @module
 */
import { GlowwormError } from '../../errors.ts'
import type { Instant } from '../verified.ts'
import type { AdvanceContext } from './advance.ts'
import type { EthereumAnchor } from './consensus.ts'
import { slotAt, slotsPerPeriod, timeOfSlot } from './forks.ts'
import type { NetworkProfile } from './profile.ts'
import { process_light_client_store_force_update, process_valid_update } from './sync-protocol/process.ts'
import { participants } from './sync-protocol/signature.ts'
import { validate_light_client_update } from './sync-protocol/validate.ts'
import { decodeUpdate } from './wire.ts'

/** What was taken by force. */
export interface ForcedUpdate {
  /** Of the header that now stands for finality. */
  readonly slot: number
  /** How many of the committee signed, and how many there are. */
  readonly participants: number
  readonly committee: number
}

/**
 * The anchor with an update remembered, if it is the best so far. Neither head moves here.
 * @returns null when two thirds finalize something new by it: that is an ordinary update
 * @throws the typed errors of `sync-protocol/errors.ts`
 */
export function considerUpdate(
  anchor: EthereumAnchor,
  bytes: Uint8Array,
  now: Instant,
  { profile, engines }: AdvanceContext,
): EthereumAnchor | null {
  const update = decodeUpdate(bytes, profile, engines.hashes)
  const valid = validate_light_client_update(anchor.store, update, slotAt(profile, now), profile, engines)
  const { best_valid_update } = process_valid_update(anchor.store, valid, profile)
  return best_valid_update === null ? null : { ...anchor, store: { ...anchor.store, best_valid_update } }
}

/** @throws {ForceUpdateRefused} where the specification does not allow it */
export function forceUpdate(
  anchor: EthereumAnchor,
  now: Instant,
  profile: NetworkProfile,
): { readonly anchor: EthereumAnchor; readonly forced: ForcedUpdate } {
  const { store } = anchor
  const due = store.finalized_header.beacon.slot + slotsPerPeriod(profile) + 1
  const slot = slotAt(profile, now)
  if (slot < due) throw new ForceUpdateRefused(`not before ${new Date(timeOfSlot(profile, due)).toISOString()}`)
  const best = store.best_valid_update
  if (best === null) throw new ForceUpdateRefused('no source has an update that the committee signed')
  const moved = process_light_client_store_force_update(store, slot, profile)
  const forced: ForcedUpdate = {
    slot: moved.finalized_header.beacon.slot,
    participants: participants(best.update.sync_aggregate),
    committee: profile.preset.SYNC_COMMITTEE_SIZE,
  }
  return { anchor: { ...anchor, store: moved, forced }, forced }
}

/** The specification's condition for a forced update does not hold; nothing was changed. */
export class ForceUpdateRefused extends GlowwormError {
  constructor(reason: string) {
    super(
      { name: 'Ethereum.ForceUpdateRefused', code: 'FORCE_UPDATE_REFUSED', kind: 'unprovable' },
      `no update is forced: ${reason}`,
    )
  }
}
