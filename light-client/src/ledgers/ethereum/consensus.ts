/** Ethereum's answer to "what do we trust": the sync-committee protocol, as pure steps over evidence bytes. @module */
import type { Engines } from '@glowworm/wasm-core'
import { refuseStaleCheckpoint } from '../../consensus/checkpoint-age.ts'
import { fromHex, toHex } from '../../data/hex.ts'
import type { Instant } from '../verified.ts'
import { decodeCompactBootstrap } from './compact/wire.ts'
import type { LightClientHeader } from './data.ts'
import type { Hex } from './evidence.ts'
import type { ForcedUpdate } from './force-update.ts'
import { forkAtSlot, timeOfSlot } from './forks.ts'
import { FORK_NAMES, type NetworkProfile } from './profile.ts'
import { initialize_light_client_store, initializeByCommittee } from './sync-protocol/initialize.ts'
import type { LightClientStore } from './sync-protocol/store.ts'
import { decodeBootstrap } from './wire.ts'

/** A block root believed from outside (weak subjectivity), and how old it may be. */
export interface EthereumTrust {
  readonly checkpoint: Hex
  /** Default: the weak-subjectivity period of the checkpoint's fork. */
  readonly maxAgeDays?: number
}

export interface EthereumAnchor {
  readonly checkpoint: Hex
  readonly store: LightClientStore
  /** Set when an update was forced on the way here: from then on nothing is final. */
  readonly forced?: ForcedUpdate
}

/**
 * Days after which stake that signed a checkpoint may have been withdrawn. 3,532 epochs while the churn limit of
 * Phase 0 to Fulu holds; about 7 days from Gloas on, when exits get faster (EIP-8061).
 */
export function weakSubjectivityDays(profile: NetworkProfile, slot: number): number {
  const fork = forkAtSlot(profile, slot).name
  return FORK_NAMES.indexOf(fork) >= FORK_NAMES.indexOf('gloas') ? 7 : 15.7
}

/** How old the newest block that is proven may be at a start: what a person allowed, else the network's own limit. */
export function maxAgeDays(trust: Pick<EthereumTrust, 'maxAgeDays'>, profile: NetworkProfile, slot: number): number {
  return trust.maxAgeDays ?? profile.maxCheckpointAgeDays ?? weakSubjectivityDays(profile, slot)
}

/** @throws {StaleCheckpoint | UntrustedBootstrap | InvalidHeader | InvalidBranch | SszError} */
export function bootstrap(
  trust: EthereumTrust,
  evidence: Uint8Array,
  now: Instant,
  profile: NetworkProfile,
  engines: Engines,
): EthereumAnchor {
  const value = decodeBootstrap(evidence, profile, engines.hashes)
  return start(trust, now, profile, (root) => initialize_light_client_store(root, value, profile, engines))
}

/** The same from a bootstrap that knows its committee by root and aggregate key only. */
export function bootstrapCompact(
  trust: EthereumTrust,
  evidence: Uint8Array,
  now: Instant,
  profile: NetworkProfile,
  engines: Engines,
): EthereumAnchor {
  const value = decodeCompactBootstrap(evidence, profile, engines.hashes)
  const { header, current_pubkeys_root, current_aggregate_pubkey, current_sync_committee_branch } = value
  const committee = { pubkeys_root: current_pubkeys_root, aggregate_pubkey: current_aggregate_pubkey, pubkeys: null }
  const proof = { header, committee, committee_branch: current_sync_committee_branch }
  return start(trust, now, profile, (root) => initializeByCommittee(root, proof, profile, engines))
}

function start(
  trust: EthereumTrust,
  now: Instant,
  profile: NetworkProfile,
  initialize: (root: Uint8Array) => LightClientStore,
): EthereumAnchor {
  const store = initialize(fromHex(trust.checkpoint, 'checkpoint', 32))
  const { slot } = store.finalized_header.beacon
  refuseStaleCheckpoint(timeOfSlot(profile, slot), now, maxAgeDays(trust, profile, slot))
  return { checkpoint: trust.checkpoint, store }
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
