/**
 * The beacon state as far as it must be hashed to prove two of its fields (consensus-specs
 * {capella,deneb,electra,fulu}/beacon-chain.md). Only whoever serves old blocks needs this; a verifier holds the root.
 * @module
 */
import type { Engines } from '@glowworm/wasm-core'
import { bytesEqual } from '../../../data/hex.ts'
import { branchOf } from '../../../data/ssz/branch.ts'
import { packedList, packedVector, recordList } from '../../../data/ssz/packed.ts'
import * as ssz from '../../../data/ssz/types.ts'
import { GlowwormError } from '../../../errors.ts'
import {
  BeaconBlockHeader,
  CapellaExecutionPayloadHeader,
  DenebExecutionPayloadHeader,
  lightClientTypes,
} from '../data.ts'
import { FORK_RULES, forkAtSlot } from '../forks.ts'
import { FORK_NAMES, type ForkName, type NetworkProfile } from '../profile.ts'
import { HISTORICAL_ROOTS_DEPTH, placeOf } from './place.ts'
import { beaconLimits } from './presets.ts'

const VALIDATOR_REGISTRY_LIMIT = 2 ** 40
const PENDING_DEPOSITS_LIMIT = 2 ** 27

/** What a state is asked for: two fields and what leads from them to the root. */
export interface HistoricalState {
  readonly slot: number
  /** SLOTS_PER_HISTORICAL_ROOT roots of 32 bytes. */
  readonly block_roots: Uint8Array
  readonly block_roots_branch: readonly Uint8Array[]
  /** Summaries of 64 bytes: block_summary_root, state_summary_root. */
  readonly historical_summaries: Uint8Array
  readonly historical_summaries_branch: readonly Uint8Array[]
}

const Checkpoint = ssz.container({ epoch: ssz.uint64, root: ssz.bytes32 })
const Fork = ssz.container({
  previous_version: ssz.byteVector(4),
  current_version: ssz.byteVector(4),
  epoch: ssz.uint64,
})
const ETH1_DATA = [32, 8, 32]
const Eth1Data = ssz.container({ deposit_root: ssz.bytes32, deposit_count: ssz.uint64, block_hash: ssz.bytes32 })

type Fields = Record<string, ssz.SszType<unknown>>

/** Fields of `BeaconState` in order. */
function stateFields(fork: ForkName, profile: NetworkProfile): Fields {
  const limits = beaconLimits(profile)
  const reached = (target: ForkName) => FORK_NAMES.indexOf(fork) >= FORK_NAMES.indexOf(target)
  const roots = packedVector(32, limits.SLOTS_PER_HISTORICAL_ROOT)
  const numbers = packedList(8, VALIDATOR_REGISTRY_LIMIT)
  const flags = packedList(1, VALIDATOR_REGISTRY_LIMIT)
  const { SyncCommittee } = lightClientTypes(profile.preset, FORK_RULES[fork].format)
  const fields = {
    genesis_time: ssz.uint64,
    genesis_validators_root: ssz.bytes32,
    slot: ssz.uint64Number,
    fork: Fork,
    latest_block_header: BeaconBlockHeader,
    block_roots: roots,
    state_roots: roots,
    historical_roots: packedList(32, 2 ** HISTORICAL_ROOTS_DEPTH),
    eth1_data: Eth1Data,
    eth1_data_votes: recordList(ETH1_DATA, limits.ETH1_DATA_VOTES),
    eth1_deposit_index: ssz.uint64,
    // pubkey, withdrawal_credentials, effective_balance, slashed, and four epochs
    validators: recordList([48, 32, 8, 1, 8, 8, 8, 8], VALIDATOR_REGISTRY_LIMIT),
    balances: numbers,
    randao_mixes: packedVector(32, limits.EPOCHS_PER_HISTORICAL_VECTOR),
    slashings: packedVector(8, limits.EPOCHS_PER_SLASHINGS_VECTOR),
    previous_epoch_participation: flags,
    current_epoch_participation: flags,
    justification_bits: ssz.bitvector(4),
    previous_justified_checkpoint: Checkpoint,
    current_justified_checkpoint: Checkpoint,
    finalized_checkpoint: Checkpoint,
    inactivity_scores: numbers,
    current_sync_committee: SyncCommittee,
    next_sync_committee: SyncCommittee,
    latest_execution_payload_header: reached('deneb') ? DenebExecutionPayloadHeader : CapellaExecutionPayloadHeader,
    next_withdrawal_index: ssz.uint64,
    next_withdrawal_validator_index: ssz.uint64,
    historical_summaries: recordList([32, 32], 2 ** HISTORICAL_ROOTS_DEPTH),
  }
  const electra = {
    deposit_requests_start_index: ssz.uint64,
    deposit_balance_to_consume: ssz.uint64,
    exit_balance_to_consume: ssz.uint64,
    earliest_exit_epoch: ssz.uint64,
    consolidation_balance_to_consume: ssz.uint64,
    earliest_consolidation_epoch: ssz.uint64,
    // pubkey, withdrawal_credentials, amount, signature, slot
    pending_deposits: recordList([48, 32, 8, 96, 8], PENDING_DEPOSITS_LIMIT),
    // validator_index, amount, withdrawable_epoch
    pending_partial_withdrawals: recordList([8, 8, 8], limits.PENDING_PARTIAL_WITHDRAWALS_LIMIT),
    // source_index, target_index
    pending_consolidations: recordList([8, 8], limits.PENDING_CONSOLIDATIONS_LIMIT),
  }
  const fulu = { proposer_lookahead: packedVector(8, 2 * limits.SLOTS_PER_EPOCH) }
  return { ...fields, ...(reached('electra') ? electra : {}), ...(reached('fulu') ? fulu : {}) } as Fields
}

/**
 * Hashes a whole state and keeps what proves old blocks. Takes seconds for a state of a million validators; memory is
 * that of the bytes.
 * @param slot of the block whose post-state it is
 * @param pause awaited between fields, so that others get their turn
 * @throws {UnsupportedState} a fork whose state is not known here
 * @throws {WrongState | SszError} bytes that are no such state, or not the one with this root
 */
export async function openBeaconState(
  bytes: Uint8Array,
  { slot, root }: { readonly slot: number; readonly root: Uint8Array },
  profile: NetworkProfile,
  { hashes, merkle }: Engines,
  pause: () => Promise<void>,
): Promise<HistoricalState> {
  const { name } = forkAtSlot(profile, slot)
  if (name === 'gloas' || FORK_RULES[name].HISTORICAL_SUMMARIES_GINDEX === null) throw new UnsupportedState(name)
  const fields = stateFields(name, profile)
  const state = ssz.container(fields).deserialize(bytes) as Record<string, unknown>
  const names = Object.keys(fields)
  const roots = new Uint8Array(names.length * 32)
  for (const [i, field] of names.entries()) {
    roots.set(fields[field]!.hashTreeRoot(state[field], merkle), i * 32)
    await pause()
  }
  if (!bytesEqual(merkle.sszRoot(roots, names.length), root)) throw new WrongState(slot)
  const { BLOCK_ROOTS_GINDEX, HISTORICAL_SUMMARIES_GINDEX } = FORK_RULES[name]
  const branch = (gindex: number) => {
    const { depth, index } = placeOf(gindex)
    return branchOf(roots, depth, index, hashes)
  }
  return {
    slot,
    block_roots: (state.block_roots as Uint8Array).slice(),
    block_roots_branch: branch(BLOCK_ROOTS_GINDEX),
    historical_summaries: (state.historical_summaries as Uint8Array).slice(),
    historical_summaries_branch: branch(HISTORICAL_SUMMARIES_GINDEX),
  }
}

/** States of this fork cannot be hashed here. */
export class UnsupportedState extends GlowwormError {
  constructor(fork: ForkName) {
    super(
      { name: 'Ethereum.UnsupportedState', code: 'UNSUPPORTED_STATE', kind: 'unprovable' },
      `the layout of ${fork} states is not known here, so nothing can be proven by them`,
      { next: 'Old blocks are reached by the history contract and by their headers.' },
    )
  }
}

/** The bytes of a state that does not have the root it should. */
export class WrongState extends GlowwormError {
  constructor(slot: number) {
    super(
      { name: 'Ethereum.WrongState', code: 'WRONG_STATE', kind: 'lie' },
      `the state of slot ${slot} does not hash to the root in its block`,
      { next: 'Ask another source; if all say the same, the layout of the state has changed: update the software.' },
    )
  }
}
