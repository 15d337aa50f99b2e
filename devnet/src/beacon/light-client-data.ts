/**
 * Light-client objects made from blocks as a full node makes them (consensus-specs altair/light-client/full-node.md)
 * and ranked as sync-protocol.md says.
 * @module
 */
import { BitArray } from '@chainsafe/ssz'
import { type DevnetFork, PRESET, periodOf } from '../forks.ts'
import { ssz } from '../lodestar.ts'
import { type BlockRecord, emptyLightClientHeader, lightClientHeaderOf } from './block.ts'
import type {
  LightClientBootstrap,
  LightClientFinalityUpdate,
  LightClientOptimisticUpdate,
  LightClientUpdate,
} from './fork-types.ts'
import type { Committee } from './validators.ts'

/** A light-client object and the fork whose format it has on the wire: that of its (attested) header. */
export interface Versioned<T> {
  readonly fork: DevnetFork
  readonly value: T
}

/** create_light_client_bootstrap */
export function createBootstrap(block: BlockRecord, current: Committee): Versioned<LightClientBootstrap> {
  return {
    fork: block.fork,
    value: {
      header: lightClientHeaderOf(block, block.fork),
      currentSyncCommittee: { pubkeys: current.pubkeys, aggregatePubkey: current.aggregatePubkey },
      currentSyncCommitteeBranch: block.currentSyncCommitteeBranch,
    },
  }
}

/**
 * create_light_client_update
 * @param block the block that carries the sync aggregate
 * @param attested its parent
 * @param finalized the block the attested state calls finalized, where there is one
 * @param next the committee of the period after the attested one
 */
export function createUpdate(
  block: BlockRecord,
  attested: BlockRecord,
  finalized: BlockRecord | undefined,
  next: Committee,
): Versioned<LightClientUpdate> {
  const carriesCommittee = periodOf(attested.slot) === periodOf(block.slot)
  return {
    fork: attested.fork,
    value: {
      attestedHeader: lightClientHeaderOf(attested, attested.fork),
      nextSyncCommittee: carriesCommittee
        ? { pubkeys: next.pubkeys, aggregatePubkey: next.aggregatePubkey }
        : ssz.altair.SyncCommittee.defaultValue(),
      nextSyncCommitteeBranch: carriesCommittee
        ? attested.nextSyncCommitteeBranch
        : zeroes(attested.nextSyncCommitteeBranch),
      finalizedHeader: finalized
        ? lightClientHeaderOf(finalized, attested.fork)
        : emptyLightClientHeader(attested.fork),
      finalityBranch: finalized ? attested.finalityBranch : zeroes(attested.finalityBranch),
      syncAggregate: {
        syncCommitteeBits: BitArray.fromBoolArray([...block.syncAggregate.bits]),
        syncCommitteeSignature: block.syncAggregate.signature,
      },
      signatureSlot: block.slot,
    },
  }
}

export function finalityUpdateOf({ fork, value }: Versioned<LightClientUpdate>): Versioned<LightClientFinalityUpdate> {
  const { attestedHeader, finalizedHeader, finalityBranch, syncAggregate, signatureSlot } = value
  return { fork, value: { attestedHeader, finalizedHeader, finalityBranch, syncAggregate, signatureSlot } }
}

export function optimisticUpdateOf({
  fork,
  value,
}: Versioned<LightClientUpdate>): Versioned<LightClientOptimisticUpdate> {
  const { attestedHeader, syncAggregate, signatureSlot } = value
  return { fork, value: { attestedHeader, syncAggregate, signatureSlot } }
}

export const participantsOf = (update: LightClientUpdate) =>
  update.syncAggregate.syncCommitteeBits.getTrueBitIndexes().length

export const hasSupermajority = (update: LightClientUpdate) =>
  participantsOf(update) * 3 >= PRESET.SYNC_COMMITTEE_SIZE * 2

/** is_better_update: the first difference decides. */
export function isBetterUpdate(candidate: LightClientUpdate, best: LightClientUpdate): boolean {
  const [a, b] = [rank(candidate), rank(best)]
  if (a.supermajority !== b.supermajority) return a.supermajority
  if (!a.supermajority && a.participants !== b.participants) return a.participants > b.participants
  if (a.relevantCommittee !== b.relevantCommittee) return a.relevantCommittee
  if (a.finality !== b.finality) return a.finality
  if (a.finality && a.committeeFinality !== b.committeeFinality) return a.committeeFinality
  if (a.participants !== b.participants) return a.participants > b.participants
  if (a.attestedSlot !== b.attestedSlot) return a.attestedSlot < b.attestedSlot
  return a.signatureSlot < b.signatureSlot
}

function rank(update: LightClientUpdate) {
  const attestedPeriod = periodOf(update.attestedHeader.beacon.slot)
  return {
    supermajority: hasSupermajority(update),
    participants: participantsOf(update),
    relevantCommittee:
      update.nextSyncCommitteeBranch.some(isNonZero) && attestedPeriod === periodOf(update.signatureSlot),
    finality: update.finalityBranch.some(isNonZero),
    committeeFinality: periodOf(update.finalizedHeader.beacon.slot) === attestedPeriod,
    attestedSlot: update.attestedHeader.beacon.slot,
    signatureSlot: update.signatureSlot,
  }
}

const isNonZero = (bytes: Uint8Array) => bytes.some((byte) => byte !== 0)
const zeroes = (branch: Uint8Array[]) => branch.map(() => new Uint8Array(32))
