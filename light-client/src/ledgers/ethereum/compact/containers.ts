/**
 * What a client needs that knows committees by their aggregate key and the root of their keys (docs/hops.md). SSZ like
 * the objects these are made from, with their field names; the presets differ in the size of the committee only.
 * @module
 */
import { list } from '../../../data/ssz/list.ts'
import * as ssz from '../../../data/ssz/types.ts'
import {
  BeaconBlockHeader,
  DEPTHS,
  type LightClientFinalityUpdate,
  type LightClientHeader,
  lightClientTypes,
  type SyncAggregate,
} from '../data.ts'
import type { WireFormat } from '../forks.ts'
import type { Preset } from '../profile.ts'
import type { AbsentKeys } from '../sync-protocol/absent-keys.ts'

/** More nodes than a proof of two places in the state has in any fork. */
const MAX_STATE_PROOF = 64

/** One period: from its committee to the next, with finality within it. */
export interface CommitteeHop extends AbsentKeys {
  /** The header that was signed, without its state root: that is what the proof leads to. */
  readonly attested: Omit<BeaconBlockHeader, 'state_root'>
  readonly finalized: BeaconBlockHeader
  readonly next_pubkeys_root: Uint8Array
  readonly next_aggregate_pubkey: Uint8Array
  /** Multiproof of the finalized root and the next committee in the attested state. */
  readonly state_proof: readonly Uint8Array[]
  readonly sync_aggregate: SyncAggregate
  readonly signature_slot: number
}

/** The headers of the last hop of a run with their execution parts. */
export interface HopEnd {
  readonly attested_header: LightClientHeader
  readonly finalized_header: LightClientHeader
}

export interface CompactBootstrap {
  readonly header: LightClientHeader
  readonly current_pubkeys_root: Uint8Array
  readonly current_aggregate_pubkey: Uint8Array
  readonly current_sync_committee_branch: readonly Uint8Array[]
}

/** A finality update with the keys of those who did not sign it. */
export interface CompactFinalityUpdate extends AbsentKeys {
  readonly update: LightClientFinalityUpdate
}

const absentFields = (preset: Preset) => ({
  absent_pubkeys: list(ssz.bytes48, preset.SYNC_COMMITTEE_SIZE),
  absent_proof: list(ssz.bytes32, preset.SYNC_COMMITTEE_SIZE),
})

/** The same in every fork: the fork of the attested slot says which nodes the proof consists of. */
export function committeeHopType(preset: Preset): ssz.SszType<CommitteeHop> {
  return ssz.container({
    attested: ssz.container({
      slot: ssz.uint64Number,
      proposer_index: ssz.uint64,
      parent_root: ssz.bytes32,
      body_root: ssz.bytes32,
    }),
    finalized: BeaconBlockHeader,
    next_pubkeys_root: ssz.bytes32,
    next_aggregate_pubkey: ssz.bytes48,
    state_proof: list(ssz.bytes32, MAX_STATE_PROOF),
    sync_aggregate: lightClientTypes(preset, 'altair').SyncAggregate,
    signature_slot: ssz.uint64Number,
    ...absentFields(preset),
  })
}

export function hopEndType(preset: Preset, format: WireFormat): ssz.SszType<HopEnd> {
  const { LightClientHeader } = lightClientTypes(preset, format)
  return ssz.container({ attested_header: LightClientHeader, finalized_header: LightClientHeader })
}

export function compactBootstrapType(preset: Preset, format: WireFormat): ssz.SszType<CompactBootstrap> {
  return ssz.container({
    header: lightClientTypes(preset, format).LightClientHeader,
    current_pubkeys_root: ssz.bytes32,
    current_aggregate_pubkey: ssz.bytes48,
    current_sync_committee_branch: ssz.rootVector(DEPTHS[format].committee),
  })
}

export function compactFinalityUpdateType(preset: Preset, format: WireFormat): ssz.SszType<CompactFinalityUpdate> {
  return ssz.container({
    update: lightClientTypes(preset, format).LightClientFinalityUpdate,
    ...absentFields(preset),
  })
}
