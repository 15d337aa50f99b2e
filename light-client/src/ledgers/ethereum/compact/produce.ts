/** Compact evidence out of plain evidence. Nothing is verified here: whoever receives it does that. @module */
import type { Engines } from '@glowworm/wasm-core'
import { bytesEqual } from '../../../data/hex.ts'
import { calculate_multi_merkle_root, get_helper_indices } from '../../../data/ssz/multiproof.ts'
import type { LightClientBootstrap, LightClientUpdate } from '../data.ts'
import { compute_sync_committee_period_at_slot, rulesAtSlot } from '../forks.ts'
import type { NetworkProfile } from '../profile.ts'
import { proveAbsentKeys } from '../sync-protocol/absent-keys.ts'
import { committeeOf, committeeRoot } from '../sync-protocol/committee.ts'
import { beaconRoot } from '../sync-protocol/header.ts'
import { trimBranch } from '../sync-protocol/merkle-branch.ts'
import { isSupermajority } from '../sync-protocol/signature.ts'
import { is_finality_update, is_sync_committee_update } from '../sync-protocol/validate.ts'
import { NotHoppable } from './errors.ts'
import { stateLeaves } from './state-leaves.ts'
import { encodeCompactBootstrap, encodeCompactFinalityUpdate, encodeHopParts, type HopParts } from './wire.ts'

/**
 * The hop that an update makes.
 * @param pubkeys all keys of the committee of the update's period
 * @throws {NotHoppable}
 */
export function produceHop(
  update: LightClientUpdate,
  pubkeys: Uint8Array,
  profile: NetworkProfile,
  engines: Engines,
): HopParts {
  const { hashes, merkle } = engines
  const { attested_header, finalized_header, sync_aggregate, signature_slot } = update
  const { state_root, ...attested } = attested_header.beacon
  const finalized = finalized_header.beacon
  const [period, ...others] = [attested.slot, finalized.slot, signature_slot].map((slot) =>
    compute_sync_committee_period_at_slot(profile, slot),
  )
  if (!is_sync_committee_update(update)) throw new NotHoppable('it brings no committee')
  if (!is_finality_update(update) || finalized.slot === 0) throw new NotHoppable('it brings no finality')
  if (others.some((other) => other !== period)) throw new NotHoppable('its slots lie in different periods')
  if (!isSupermajority(sync_aggregate, profile)) throw new NotHoppable('less than two thirds signed')

  const rules = rulesAtSlot(profile, attested.slot)
  const nodes = new Map([
    ...siblings(update.finality_branch, rules.FINALIZED_ROOT_GINDEX),
    ...siblings(update.next_sync_committee_branch, rules.NEXT_SYNC_COMMITTEE_GINDEX),
  ])
  const next = committeeOf(update.next_sync_committee, merkle)
  const leaves = stateLeaves(rules, {
    finalized: beaconRoot(finalized_header, merkle),
    next: committeeRoot(next, merkle),
    current: nodes.get(rules.CURRENT_SYNC_COMMITTEE_GINDEX) ?? new Uint8Array(32),
  })
  const state_proof = get_helper_indices([...leaves.keys()]).map((index) => nodes.get(index)!)
  const root = calculate_multi_merkle_root(leaves, state_proof, hashes)
  if (!root || !bytesEqual(root, state_root)) throw new NotHoppable('its branches do not lead to its state root')
  const hop = {
    attested,
    finalized,
    next_pubkeys_root: next.pubkeys_root,
    next_aggregate_pubkey: next.aggregate_pubkey,
    state_proof,
    sync_aggregate,
    signature_slot,
    ...proveAbsentKeys(pubkeys, sync_aggregate.sync_committee_bits, hashes),
  }
  return encodeHopParts(hop, { attested_header, finalized_header }, profile, rules.format, hashes)
}

export function produceCompactBootstrap(
  { header, current_sync_committee, current_sync_committee_branch }: LightClientBootstrap,
  profile: NetworkProfile,
  engines: Engines,
): Uint8Array {
  const { pubkeys_root, aggregate_pubkey } = committeeOf(current_sync_committee, engines.merkle)
  const compact = {
    header,
    current_pubkeys_root: pubkeys_root,
    current_aggregate_pubkey: aggregate_pubkey,
    current_sync_committee_branch,
  }
  return encodeCompactBootstrap(compact, rulesAtSlot(profile, header.beacon.slot).format, profile, engines.hashes)
}

/**
 * @param update a finality update, as `decodeFinalityUpdate` gives it
 * @param pubkeys all keys of the committee of its signature slot
 */
export function produceCompactFinalityUpdate(
  { attested_header, finalized_header, finality_branch, sync_aggregate, signature_slot }: LightClientUpdate,
  pubkeys: Uint8Array,
  profile: NetworkProfile,
  { hashes }: Engines,
): Uint8Array {
  const compact = {
    update: { attested_header, finalized_header, finality_branch, sync_aggregate, signature_slot },
    ...proveAbsentKeys(pubkeys, sync_aggregate.sync_committee_bits, hashes),
  }
  return encodeCompactFinalityUpdate(compact, rulesAtSlot(profile, attested_header.beacon.slot).format, profile, hashes)
}

/** The nodes of a branch by their generalized indices. */
function siblings(branch: readonly Uint8Array[], gindex: number): [number, Uint8Array][] {
  const trimmed = trimBranch(branch, gindex)
  if (!trimmed) throw new NotHoppable('a branch has another length than its fork demands')
  return trimmed.map((node, height) => [(gindex >> height) ^ 1, node])
}
