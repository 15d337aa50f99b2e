/** Ethereum's answer to "what do we trust": the sync-committee protocol, as pure steps over evidence bytes. @module */
import type { Engines } from '@glowworm/wasm-core'
import { refuseStaleCheckpoint } from '../../consensus/checkpoint-age.ts'
import { fromHex, toHex } from '../../data/hex.ts'
import type { Instant } from '../verified.ts'
import type { LightClientHeader, LightClientUpdate } from './data.ts'
import type { Hex } from './evidence.ts'
import { forkAtSlot, slotAt, timeOfSlot } from './forks.ts'
import { FORK_NAMES, type NetworkProfile } from './profile.ts'
import { InsufficientParticipation } from './sync-protocol/errors.ts'
import { initialize_light_client_store } from './sync-protocol/initialize.ts'
import { process_light_client_update } from './sync-protocol/process.ts'
import { participants } from './sync-protocol/signature.ts'
import type { LightClientStore } from './sync-protocol/store.ts'
import { decodeBootstrap, decodeFinalityUpdate, decodeOptimisticUpdate, decodeUpdate } from './wire.ts'

/** A block root believed from outside (weak subjectivity), and how old it may be. */
export interface EthereumTrust {
  readonly checkpoint: Hex
  /** Default: the weak-subjectivity period of the checkpoint's fork. */
  readonly maxAgeDays?: number
}

export interface EthereumAnchor {
  readonly checkpoint: Hex
  readonly store: LightClientStore
}

/** What moves the anchor on, with its bytes in the form of `evidence.ts` (one update, not the whole answer). */
export interface EthereumAdvance {
  readonly kind: 'update' | 'finality_update' | 'optimistic_update'
  readonly bytes: Uint8Array
}

/**
 * Days after which stake that signed a checkpoint may have been withdrawn. 3,532 epochs while the churn limit of
 * Phase 0 to Fulu holds; about 7 days from Gloas on, when exits get faster (EIP-8061).
 */
export function weakSubjectivityDays(profile: NetworkProfile, slot: number): number {
  const fork = forkAtSlot(profile, slot).name
  return FORK_NAMES.indexOf(fork) >= FORK_NAMES.indexOf('gloas') ? 7 : 15.7
}

/** @throws {StaleCheckpoint | UntrustedBootstrap | InvalidHeader | InvalidBranch | SszError} */
export function bootstrap(
  trust: EthereumTrust,
  evidence: Uint8Array,
  now: Instant,
  profile: NetworkProfile,
  engines: Engines,
): EthereumAnchor {
  const root = fromHex(trust.checkpoint, 'checkpoint', 32)
  const value = decodeBootstrap(evidence, profile, engines.hashes)
  const store = initialize_light_client_store(root, value, profile, engines)
  const slot = value.header.beacon.slot
  const maxAge = trust.maxAgeDays ?? profile.maxCheckpointAgeDays ?? weakSubjectivityDays(profile, slot)
  refuseStaleCheckpoint(timeOfSlot(profile, slot), now, maxAge)
  return { checkpoint: trust.checkpoint, store }
}

/** @throws the typed errors of `sync-protocol/errors.ts`; the anchor given stays valid. */
export function advance(
  anchor: EthereumAnchor,
  evidence: EthereumAdvance,
  now: Instant,
  profile: NetworkProfile,
  engines: Engines,
): EthereumAnchor {
  const update = decodeAdvance(evidence, profile, engines)
  const current_slot = slotAt(profile, now + MAXIMUM_CLOCK_DISPARITY)
  const store = process_light_client_update(anchor.store, update, current_slot, profile, engines)
  // The specification's threshold is relative to what was seen so far, which right after a bootstrap is nothing. A head
  // that anything is proven against needs more than half of the committee, whatever was seen.
  const active = participants(update.sync_aggregate)
  const majority = Math.floor(profile.preset.SYNC_COMMITTEE_SIZE / 2) + 1
  if (store.optimistic_header !== anchor.store.optimistic_header && active < majority)
    throw new InsufficientParticipation(active, majority)
  return { ...anchor, store }
}

/** Clocks of honest nodes differ by at most this many milliseconds (p2p specification, MAXIMUM_GOSSIP_CLOCK_DISPARITY). */
const MAXIMUM_CLOCK_DISPARITY = 500

export function decodeAdvance(evidence: EthereumAdvance, profile: NetworkProfile, engines: Engines): LightClientUpdate {
  switch (evidence.kind) {
    case 'update':
      return decodeUpdate(evidence.bytes, profile, engines.hashes)
    case 'finality_update':
      return decodeFinalityUpdate(evidence.bytes, profile, engines.hashes)
    case 'optimistic_update':
      return decodeOptimisticUpdate(evidence.bytes, profile, engines.hashes)
  }
}

/** What an anchored header says about the execution chain. Null before Capella, whose data has no execution part. */
export function executionOf(
  header: LightClientHeader,
): { blockHash: Hex; blockNumber: bigint | null; stateRoot: Hex | null } | null {
  if (header.execution_block_hash)
    return { blockHash: toHex(header.execution_block_hash), blockNumber: null, stateRoot: null }
  const execution = header.execution
  if (!execution || execution.block_hash.every((byte) => byte === 0)) return null
  return {
    blockHash: toHex(execution.block_hash),
    blockNumber: execution.block_number,
    stateRoot: toHex(execution.state_root),
  }
}
