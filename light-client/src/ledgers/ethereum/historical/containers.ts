/** The answer to `historical_block`: 4-byte fork digest of the slot of the block ‖ SSZ HistoricalBlock. @module */
import type { Hashes } from '@glowworm/wasm-core'
import { list } from '../../../data/ssz/list.ts'
import * as ssz from '../../../data/ssz/types.ts'
import { type LightClientHeader, lightClientTypes } from '../data.ts'
import { rulesAtSlot, type WireFormat, withDigest } from '../forks.ts'
import type { NetworkProfile } from '../profile.ts'
import { decodeObject } from '../wire.ts'

/** Bounds of what may be sent, not of what there is: 50 nodes from Gloas on, headers of some 700 bytes. */
const MAX_BRANCH = 64
const MAX_HEADER_BYTES = 4096

export interface HistoricalBlock {
  /** The old block, in the layout of its own slot's fork (`block_to_light_client_header`). */
  readonly header: LightClientHeader
  /** From the root of the beacon block to the state of the finalized one, lowest first. */
  readonly branch: readonly Uint8Array[]
  /** RLP of the execution header that a header of Gloas only names; empty before. */
  readonly execution_header: Uint8Array
}

const typeOf = (profile: NetworkProfile) => (format: WireFormat) =>
  ssz.container({
    header: lightClientTypes(profile.preset, format).LightClientHeader,
    branch: list(ssz.bytes32, MAX_BRANCH),
    execution_header: ssz.byteList(MAX_HEADER_BYTES),
  }) as ssz.SszType<HistoricalBlock>

/** @throws {SszError | UnknownForkDigest} */
export function decodeHistoricalBlock(bytes: Uint8Array, profile: NetworkProfile, hashes: Hashes): HistoricalBlock {
  return decodeObject(bytes, typeOf(profile), ({ header }) => header.beacon.slot, profile, hashes).value
}

export function encodeHistoricalBlock(block: HistoricalBlock, profile: NetworkProfile, hashes: Hashes): Uint8Array {
  const { slot } = block.header.beacon
  return withDigest(profile, slot, typeOf(profile)(rulesAtSlot(profile, slot).format).serialize(block), hashes)
}
