/** What a consensus peer is told about this node: Status, MetaData. Pure. @module */
import type { Hashes } from '@glowworm/wasm-core'
import { bytesEqual } from '../../data/hex.ts'
import type { ValueOf } from '../../data/ssz/types.ts'
import { compute_epoch_at_slot, compute_fork_digest, slotAt } from '../../ledgers/ethereum/forks.ts'
import type { NetworkProfile } from '../../ledgers/ethereum/profile.ts'
import { digestsAround } from './gossip-topics.ts'
import type { Status, StatusV2 } from './methods.ts'

export type StatusV2Value = ValueOf<typeof StatusV2>

export function currentEpoch(profile: NetworkProfile, now: number): number {
  const first = profile.forks[0]!.epoch
  return Math.max(first, compute_epoch_at_slot(profile, Math.max(0, slotAt(profile, now))))
}

/**
 * This node's status. A light client has no blocks to give, so it shows the chain as it was at genesis: nobody will then
 * try to sync from it (altair/light-client/p2p-interface.md allows it).
 */
export function localStatus(profile: NetworkProfile, now: number, hashes: Hashes): StatusV2Value {
  return {
    fork_digest: compute_fork_digest(profile, currentEpoch(profile, now), hashes),
    finalized_root: new Uint8Array(32),
    finalized_epoch: 0n,
    head_root: new Uint8Array(32),
    head_slot: 0n,
    earliest_available_slot: 0n,
  }
}

/** Whether Status is spoken in its second version by now. */
export function speaksStatusV2(profile: NetworkProfile, now: number): boolean {
  const fulu = profile.forks.find(({ name }) => name === 'fulu' || name === 'gloas')
  return fulu !== undefined && currentEpoch(profile, now) >= fulu.epoch
}

/** Whether a peer with this status is on our network, and at our fork give or take its change. */
export function sameNetwork(
  status: ValueOf<typeof Status>,
  profile: NetworkProfile,
  now: number,
  hashes: Hashes,
): boolean {
  return digestsAround(profile, currentEpoch(profile, now), hashes).some((digest) =>
    bytesEqual(digest, status.fork_digest),
  )
}

/** No subnets, and no custody of columns: this node holds no blocks. */
export const LOCAL_METADATA = {
  seq_number: 0n,
  attnets: new Uint8Array(8),
  syncnets: new Uint8Array(1),
  custody_group_count: 0n,
}
