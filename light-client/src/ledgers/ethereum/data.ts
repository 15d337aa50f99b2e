/**
 * Light-client containers per fork (consensus-specs {altair,capella,deneb,electra,gloas}/light-client/sync-protocol.md).
 * Field names are the specification's. Objects of all forks share one TypeScript shape: what a layout lacks is absent.
 * @module
 */
import * as ssz from '../../data/ssz/types.ts'
import type { WireFormat } from './forks.ts'
import type { Preset } from './profile.ts'

const BeaconBlockHeader = ssz.container({
  slot: ssz.uint64Number,
  proposer_index: ssz.uint64,
  parent_root: ssz.bytes32,
  state_root: ssz.bytes32,
  body_root: ssz.bytes32,
})

export { BeaconBlockHeader }
export type BeaconBlockHeader = ssz.ValueOf<typeof BeaconBlockHeader>

/** Fields of `ExecutionPayloadHeader` in Capella; later forks append to them. */
export const executionFields = {
  parent_hash: ssz.bytes32,
  fee_recipient: ssz.bytes20,
  state_root: ssz.bytes32,
  receipts_root: ssz.bytes32,
  logs_bloom: ssz.byteVector(256),
  prev_randao: ssz.bytes32,
  block_number: ssz.uint64,
  gas_limit: ssz.uint64,
  gas_used: ssz.uint64,
  timestamp: ssz.uint64,
  extra_data: ssz.byteList(32),
  base_fee_per_gas: ssz.uint256,
  block_hash: ssz.bytes32,
  transactions_root: ssz.bytes32,
  withdrawals_root: ssz.bytes32,
}
/** 15 fields; the form in which a Capella header is hashed. */
export const CapellaExecutionPayloadHeader = ssz.container(executionFields)
/** 17 fields, Deneb to Fulu. */
export const DenebExecutionPayloadHeader = ssz.container({
  ...executionFields,
  blob_gas_used: ssz.uint64,
  excess_blob_gas: ssz.uint64,
})
export type CapellaExecutionPayloadHeader = ssz.ValueOf<typeof CapellaExecutionPayloadHeader>
export type DenebExecutionPayloadHeader = ssz.ValueOf<typeof DenebExecutionPayloadHeader>
export type ExecutionPayloadHeader = CapellaExecutionPayloadHeader & Partial<DenebExecutionPayloadHeader>

export interface LightClientHeader {
  readonly beacon: BeaconBlockHeader
  /** Capella to Fulu layouts. */
  readonly execution?: ExecutionPayloadHeader
  /** Gloas layout. */
  readonly execution_block_hash?: Uint8Array
  /** All layouts from Capella on. */
  readonly execution_branch?: readonly Uint8Array[]
}

export interface SyncCommittee {
  /** SYNC_COMMITTEE_SIZE keys of 48 bytes, one after another. */
  readonly pubkeys: Uint8Array
  readonly aggregate_pubkey: Uint8Array
}

export interface SyncAggregate {
  readonly sync_committee_bits: Uint8Array
  readonly sync_committee_signature: Uint8Array
}

export interface LightClientBootstrap {
  readonly header: LightClientHeader
  readonly current_sync_committee: SyncCommittee
  readonly current_sync_committee_branch: readonly Uint8Array[]
}

export interface LightClientUpdate {
  readonly attested_header: LightClientHeader
  readonly next_sync_committee: SyncCommittee
  readonly next_sync_committee_branch: readonly Uint8Array[]
  readonly finalized_header: LightClientHeader
  readonly finality_branch: readonly Uint8Array[]
  readonly sync_aggregate: SyncAggregate
  readonly signature_slot: number
}

export type LightClientFinalityUpdate = Omit<LightClientUpdate, 'next_sync_committee' | 'next_sync_committee_branch'>
export type LightClientOptimisticUpdate = Pick<
  LightClientUpdate,
  'attested_header' | 'sync_aggregate' | 'signature_slot'
>

export interface LightClientTypes {
  readonly SyncAggregate: ssz.SszType<SyncAggregate>
  readonly SyncCommittee: ssz.SszType<SyncCommittee>
  readonly LightClientHeader: ssz.SszType<LightClientHeader>
  readonly LightClientBootstrap: ssz.SszType<LightClientBootstrap>
  readonly LightClientUpdate: ssz.SszType<LightClientUpdate>
  readonly LightClientFinalityUpdate: ssz.SszType<LightClientFinalityUpdate>
  readonly LightClientOptimisticUpdate: ssz.SszType<LightClientOptimisticUpdate>
}

/** Branch depths per layout: the floor of log2 of the generalized index. */
export const DEPTHS: Record<WireFormat, { committee: number; finality: number; execution: number }> = {
  altair: { committee: 5, finality: 6, execution: 0 },
  capella: { committee: 5, finality: 6, execution: 4 },
  deneb: { committee: 5, finality: 6, execution: 4 },
  electra: { committee: 6, finality: 7, execution: 4 },
  gloas: { committee: 11, finality: 9, execution: 11 },
}

function headerType(format: WireFormat): ssz.SszType<LightClientHeader> {
  const execution_branch = ssz.rootVector(DEPTHS[format].execution)
  switch (format) {
    case 'altair':
      return ssz.container({ beacon: BeaconBlockHeader })
    case 'capella':
      return ssz.container({ beacon: BeaconBlockHeader, execution: CapellaExecutionPayloadHeader, execution_branch })
    case 'deneb':
    case 'electra':
      return ssz.container({
        beacon: BeaconBlockHeader,
        execution: DenebExecutionPayloadHeader,
        execution_branch,
      }) as ssz.SszType<LightClientHeader>
    case 'gloas':
      return ssz.container({ beacon: BeaconBlockHeader, execution_block_hash: ssz.bytes32, execution_branch })
  }
}

function buildTypes(preset: Preset, format: WireFormat): LightClientTypes {
  const depths = DEPTHS[format]
  const LightClientHeader = headerType(format)
  const SyncCommittee = ssz.container({
    pubkeys: ssz.keyVector(preset.SYNC_COMMITTEE_SIZE),
    aggregate_pubkey: ssz.bytes48,
  })
  const SyncAggregate = ssz.container({
    sync_committee_bits: ssz.bitvector(preset.SYNC_COMMITTEE_SIZE),
    sync_committee_signature: ssz.bytes96,
  })
  const signature = { sync_aggregate: SyncAggregate, signature_slot: ssz.uint64Number }
  const finality = { finalized_header: LightClientHeader, finality_branch: ssz.rootVector(depths.finality) }
  return {
    SyncAggregate,
    SyncCommittee,
    LightClientHeader,
    LightClientBootstrap: ssz.container({
      header: LightClientHeader,
      current_sync_committee: SyncCommittee,
      current_sync_committee_branch: ssz.rootVector(depths.committee),
    }),
    LightClientUpdate: ssz.container({
      attested_header: LightClientHeader,
      next_sync_committee: SyncCommittee,
      next_sync_committee_branch: ssz.rootVector(depths.committee),
      ...finality,
      ...signature,
    }),
    LightClientFinalityUpdate: ssz.container({ attested_header: LightClientHeader, ...finality, ...signature }),
    LightClientOptimisticUpdate: ssz.container({ attested_header: LightClientHeader, ...signature }),
  }
}

const built = new WeakMap<Preset, Map<WireFormat, LightClientTypes>>()

/** The SSZ types of a wire format under a preset. */
export function lightClientTypes(preset: Preset, format: WireFormat): LightClientTypes {
  const formats = built.get(preset) ?? new Map<WireFormat, LightClientTypes>()
  built.set(preset, formats)
  const types = formats.get(format) ?? buildTypes(preset, format)
  formats.set(format, types)
  return types
}
