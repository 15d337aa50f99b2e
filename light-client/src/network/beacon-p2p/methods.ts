/** Req/resp methods of the consensus network: ids, and the sizes of what they carry. @module */
import { byteVector, container, type SszType, uint64 } from '../../data/ssz/types.ts'
import { lightClientTypes } from '../../ledgers/ethereum/data.ts'
import type { WireFormat } from '../../ledgers/ethereum/forks.ts'
import type { Preset } from '../../ledgers/ethereum/profile.ts'
import type { LengthBounds } from './ssz-snappy.ts'

const id = (name: string, version: number) => `/eth2/beacon_chain/req/${name}/${version}/ssz_snappy`

/** consensus-specs altair/light-client/p2p-interface.md. */
export const LIGHT_CLIENT_METHODS = {
  bootstrap: id('light_client_bootstrap', 1),
  updates: id('light_client_updates_by_range', 1),
  finality_update: id('light_client_finality_update', 1),
  optimistic_update: id('light_client_optimistic_update', 1),
} as const

export type LightClientMethod = keyof typeof LIGHT_CLIENT_METHODS

export const LIGHT_CLIENT_METHOD_NAMES = Object.keys(LIGHT_CLIENT_METHODS) as readonly LightClientMethod[]

/** phase0, altair and fulu p2p-interface.md; whoever dials must answer these. */
export const STATUS_V1 = id('status', 1)
export const STATUS_V2 = id('status', 2)
export const PING = id('ping', 1)
export const METADATA = { 1: id('metadata', 1), 2: id('metadata', 2), 3: id('metadata', 3) } as const
export const GOODBYE = id('goodbye', 1)

export const MAX_REQUEST_LIGHT_CLIENT_UPDATES = 128

const bytes4 = byteVector(4)
const bytes32 = byteVector(32)

const statusFields = {
  fork_digest: bytes4,
  finalized_root: bytes32,
  finalized_epoch: uint64,
  head_root: bytes32,
  head_slot: uint64,
}
export const Status = container(statusFields)
/** Since Fulu. */
export const StatusV2 = container({ ...statusFields, earliest_available_slot: uint64 })

const metadataFields = { seq_number: uint64, attnets: byteVector(8) }
export const MetaData = {
  1: container(metadataFields),
  2: container({ ...metadataFields, syncnets: byteVector(1) }),
  3: container({ ...metadataFields, syncnets: byteVector(1), custody_group_count: uint64 }),
} as const

export const UpdatesByRangeRequest = container({ start_period: uint64, count: uint64 })
export { uint64 as Goodbye, uint64 as Ping }

/** Reasons of a goodbye that the specification names. */
export const GOODBYE_REASON = { clientShutDown: 1n, irrelevantNetwork: 2n, fault: 3n } as const

export const exactly = (size: number): LengthBounds => ({ min: size, max: size })

/** The container of a method's answer (of one chunk of it). */
export function typeOf(method: LightClientMethod, preset: Preset, format: WireFormat): SszType<unknown> {
  const types = lightClientTypes(preset, format)
  const byMethod: Record<LightClientMethod, SszType<unknown>> = {
    bootstrap: types.LightClientBootstrap,
    updates: types.LightClientUpdate,
    finality_update: types.LightClientFinalityUpdate,
    optimistic_update: types.LightClientOptimisticUpdate,
  }
  return byMethod[method]
}

/** Execution payload headers in the answer; `extra_data`, up to 32 bytes, is the only part of varying length. */
const HEADERS: Record<LightClientMethod, number> = {
  bootstrap: 1,
  updates: 2,
  finality_update: 2,
  optimistic_update: 1,
}
const MAX_EXTRA_DATA_BYTES = 32

/** Exact bounds of an answer's SSZ length. */
export function lengthBounds(method: LightClientMethod, preset: Preset, format: WireFormat): LengthBounds {
  const type = typeOf(method, preset, format)
  if (type.size !== null) return exactly(type.size)
  const min = type.serialize(type.zero()).length
  return { min, max: min + MAX_EXTRA_DATA_BYTES * HEADERS[method] }
}
