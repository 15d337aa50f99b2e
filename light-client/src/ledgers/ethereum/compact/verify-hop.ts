/** The rules of the sync protocol on a hop (docs/hops.md). @module */
import type { Engines } from '@glowworm/wasm-core'
import { bytesEqual } from '../../../data/hex.ts'
import { calculate_multi_merkle_root } from '../../../data/ssz/multiproof.ts'
import { BeaconBlockHeader, type LightClientHeader } from '../data.ts'
import { compute_sync_committee_period_at_slot, rulesAtSlot } from '../forks.ts'
import type { NetworkProfile } from '../profile.ts'
import { committeeRoot } from '../sync-protocol/committee.ts'
import {
  InsufficientParticipation,
  InvalidBranch,
  InvalidHeader,
  InvalidHop,
  IrrelevantUpdate,
} from '../sync-protocol/errors.ts'
import { invalidHeaderReason } from '../sync-protocol/header.ts'
import { advance_store } from '../sync-protocol/process.ts'
import { isSupermajority, type PendingSignature, participants, pendingSignature } from '../sync-protocol/signature.ts'
import type { LightClientStore } from '../sync-protocol/store.ts'
import { committeeAt, expectSlotOrder } from '../sync-protocol/validate.ts'
import type { CommitteeHop, HopEnd } from './containers.ts'
import { stateLeaves } from './state-leaves.ts'

/** The store after a hop, and the signature it hangs on. */
export interface CheckedHop {
  readonly store: LightClientStore
  readonly signature: PendingSignature
}

/**
 * Everything `validate_light_client_update` demands of the update this hop was made from, but its signature. The state
 * root of the attested header is not given but computed, so what the proof says reaches the signing root: a hop with
 * any other finalized header, next committee or proof carries a signature of something else.
 * @param end the headers with their execution parts; given for the last hop of a run, null before
 * @throws one typed error per rule
 */
export function checkHop(
  store: LightClientStore,
  hop: CommitteeHop,
  end: HopEnd | null,
  current_slot: number,
  profile: NetworkProfile,
  engines: Engines,
): CheckedHop {
  const { hashes, merkle } = engines
  const { attested, finalized, sync_aggregate, signature_slot } = hop
  const active = participants(sync_aggregate)
  if (!isSupermajority(sync_aggregate, profile))
    throw new InsufficientParticipation(active, Math.ceil((profile.preset.SYNC_COMMITTEE_SIZE * 2) / 3))
  expectSlotOrder(finalized.slot, attested.slot, signature_slot, current_slot)

  const periodOf = (slot: number) => compute_sync_committee_period_at_slot(profile, slot)
  const period = periodOf(attested.slot)
  if (periodOf(finalized.slot) !== period || periodOf(signature_slot) !== period)
    throw new InvalidHop('the slots of a hop lie in different periods')
  if (finalized.slot === 0) throw new InvalidHop('a hop finalizes genesis')
  const store_period = periodOf(store.finalized_header.beacon.slot)
  if (period === store_period && store.next_sync_committee)
    throw new IrrelevantUpdate(attested.slot, store.finalized_header.beacon.slot)
  const committee = committeeAt(store, signature_slot, profile)

  const next = { pubkeys_root: hop.next_pubkeys_root, aggregate_pubkey: hop.next_aggregate_pubkey, pubkeys: null }
  const leaves = stateLeaves(rulesAtSlot(profile, attested.slot), {
    finalized: BeaconBlockHeader.hashTreeRoot(finalized, merkle),
    next: committeeRoot(next, merkle),
    current: committeeRoot(committee, merkle),
  })
  const state_root = calculate_multi_merkle_root(leaves, hop.state_proof, hashes)
  if (!state_root) throw new InvalidBranch('next sync committee and the finalized header')
  const attested_header: LightClientHeader = { beacon: { ...attested, state_root } }
  const signature = pendingSignature(committee, sync_aggregate, attested_header, signature_slot, hop, profile, engines)
  const headers = { attested_header, finalized_header: { beacon: finalized } }
  if (end) expectEnd(end, headers, profile, engines)
  const progress = { ...(end ?? headers), next, has_finality: true, participants: active }
  return { signature, store: advance_store(store, progress, profile) }
}

/** The execution parts are checked where they are kept: in the headers of the last hop. */
function expectEnd(end: HopEnd, proven: HopEnd, profile: NetworkProfile, engines: Engines): void {
  for (const name of ['attested_header', 'finalized_header'] as const) {
    if (!sameBeacon(end[name], proven[name])) throw new InvalidHop(`the ${name} at the end is not that of the last hop`)
    const reason = invalidHeaderReason(end[name], profile, engines)
    if (reason) throw new InvalidHeader(name === 'attested_header' ? 'attested' : 'finalized', reason)
  }
}

function sameBeacon(a: LightClientHeader, b: LightClientHeader): boolean {
  return bytesEqual(BeaconBlockHeader.serialize(a.beacon), BeaconBlockHeader.serialize(b.beacon))
}
