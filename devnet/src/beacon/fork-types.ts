/**
 * The SSZ types of each fork under one static type. From Capella to Fulu the containers differ by fields that are
 * added and by branch lengths; Lodestar's types ignore surplus properties when they serialise or hash, so a value that
 * carries the newest fields fits all of them. `electra` (whose fields Fulu shares) is therefore the static type. Gloas
 * changes the block body, the payload fields of the state and the light-client header; `gloas.ts` knows them.
 * @module
 */
import type { DevnetFork } from '../forks.ts'
import { ssz } from '../lodestar.ts'

type Electra = typeof ssz.electra

export interface ForkTypes {
  readonly BeaconState: Electra['BeaconState']
  /** Not in Gloas, where the block never contains the payload. */
  readonly BlindedBeaconBlockBody: Electra['BlindedBeaconBlockBody']
  readonly SignedBlindedBeaconBlock: Electra['SignedBlindedBeaconBlock']
  readonly LightClientBootstrap: Electra['LightClientBootstrap']
  readonly LightClientUpdate: Electra['LightClientUpdate']
  readonly LightClientFinalityUpdate: Electra['LightClientFinalityUpdate']
  readonly LightClientOptimisticUpdate: Electra['LightClientOptimisticUpdate']
}

const TYPES: Record<DevnetFork, ForkTypes> = {
  capella: ssz.capella as unknown as ForkTypes,
  deneb: ssz.deneb as unknown as ForkTypes,
  electra: ssz.electra,
  fulu: ssz.fulu as unknown as ForkTypes,
  gloas: ssz.gloas as unknown as ForkTypes,
}

export const typesOf = (fork: DevnetFork): ForkTypes => TYPES[fork]

export type StateView = ReturnType<Electra['BeaconState']['defaultViewDU']>
export type BlockBody = ReturnType<Electra['BlindedBeaconBlockBody']['defaultValue']>
export type BlockHeader = ReturnType<typeof ssz.phase0.BeaconBlockHeader.defaultValue>
export type PayloadHeader = ReturnType<Electra['ExecutionPayloadHeader']['defaultValue']>
export type LightClientHeader = ReturnType<Electra['LightClientHeader']['defaultValue']>
export type LightClientBootstrap = ReturnType<Electra['LightClientBootstrap']['defaultValue']>
export type LightClientUpdate = ReturnType<Electra['LightClientUpdate']['defaultValue']>
export type LightClientFinalityUpdate = ReturnType<Electra['LightClientFinalityUpdate']['defaultValue']>
export type LightClientOptimisticUpdate = ReturnType<Electra['LightClientOptimisticUpdate']['defaultValue']>
