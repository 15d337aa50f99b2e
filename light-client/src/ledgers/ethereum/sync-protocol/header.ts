import type { Engines, Merkle } from '@glowworm/wasm-core'
import { bytesEqual } from '../../../data/hex.ts'
import type * as ssz from '../../../data/ssz/types.ts'
import {
  BeaconBlockHeader,
  CapellaExecutionPayloadHeader,
  DenebExecutionPayloadHeader,
  type LightClientHeader,
} from '../data.ts'
import {
  EXECUTION_BLOCK_HASH_GINDEX,
  EXECUTION_BLOCK_HASH_GINDEX_GLOAS,
  EXECUTION_PAYLOAD_GINDEX,
  forkAtSlot,
} from '../forks.ts'
import { FORK_NAMES, type ForkName, type NetworkProfile } from '../profile.ts'
import { is_valid_normalized_merkle_branch, isZeroBranch } from './merkle-branch.ts'

const reached = (fork: ForkName, target: ForkName) => FORK_NAMES.indexOf(fork) >= FORK_NAMES.indexOf(target)

/** The root by which a block is known. */
export function beaconRoot(header: LightClientHeader, merkle: Merkle): Uint8Array {
  return BeaconBlockHeader.hashTreeRoot(header.beacon, merkle)
}

/** `get_lc_execution_root`: what the execution branch proves for a header of its slot's fork. */
export function get_lc_execution_root(header: LightClientHeader, profile: NetworkProfile, merkle: Merkle): Uint8Array {
  const fork = forkAtSlot(profile, header.beacon.slot).name
  if (header.execution_block_hash) return header.execution_block_hash
  if (!header.execution || !reached(fork, 'capella')) return new Uint8Array(32)
  if (!reached(fork, 'deneb')) return CapellaExecutionPayloadHeader.hashTreeRoot(header.execution, merkle)
  return DenebExecutionPayloadHeader.hashTreeRoot(withBlobFields(header.execution), merkle)
}

function withBlobFields(execution: NonNullable<LightClientHeader['execution']>): DenebExecutionPayloadHeader {
  return {
    ...execution,
    blob_gas_used: execution.blob_gas_used ?? 0n,
    excess_blob_gas: execution.excess_blob_gas ?? 0n,
  }
}

/** `is_valid_light_client_header` for every layout; answers with the reason it is not, or null. */
export function invalidHeaderReason(
  header: LightClientHeader,
  profile: NetworkProfile,
  engines: Engines,
): string | null {
  const fork = forkAtSlot(profile, header.beacon.slot).name
  const branch = header.execution_branch ?? []
  const proves = (leaf: Uint8Array, gindex: number) =>
    is_valid_normalized_merkle_branch(leaf, branch, gindex, header.beacon.body_root, engines.merkle)

  if (header.execution_block_hash) {
    const gindex = reached(fork, 'gloas')
      ? EXECUTION_BLOCK_HASH_GINDEX_GLOAS
      : reached(fork, 'deneb')
        ? EXECUTION_BLOCK_HASH_GINDEX.deneb
        : reached(fork, 'capella')
          ? EXECUTION_BLOCK_HASH_GINDEX.capella
          : null
    if (gindex !== null)
      return proves(header.execution_block_hash, gindex) ? null : 'the execution block hash is not in the block body'
    const empty = header.execution_block_hash.every((byte) => byte === 0) && isZeroBranch(branch)
    return empty ? null : 'a header before Capella carries an execution block hash'
  }

  if (!header.execution) return reached(fork, 'capella') ? 'the execution header is missing' : null
  if (
    !reached(fork, 'deneb') &&
    ((header.execution.blob_gas_used ?? 0n) !== 0n || (header.execution.excess_blob_gas ?? 0n) !== 0n)
  )
    return 'a header before Deneb carries blob gas'
  if (!reached(fork, 'capella')) {
    const type = DenebExecutionPayloadHeader as ssz.SszType<DenebExecutionPayloadHeader>
    const empty =
      bytesEqual(type.serialize(withBlobFields(header.execution)), type.serialize(type.zero())) && isZeroBranch(branch)
    return empty ? null : 'a header before Capella carries an execution header'
  }
  return proves(get_lc_execution_root(header, profile, engines.merkle), EXECUTION_PAYLOAD_GINDEX)
    ? null
    : 'the execution header is not in the block body'
}
