/**
 * The parts of the beacon state that light clients see, moved forward as the specs say: recent block and state roots,
 * historical summaries, checkpoints, sync committees, fork, execution payload header. Attestations, balances and
 * randomness stand still, so a chain made of these states is light-client-valid, not state-transition-valid.
 * @module
 */
import type { ForkActivation } from '@glowworm/light-client/ledgers/ethereum/profile'
import { bytesOf, type DevnetFork, epochOf, forkAtEpoch, PRESET, SLOTS_PER_HISTORICAL_ROOT } from '../forks.ts'
import { ssz } from '../lodestar.ts'
import { type BlockHeader, type StateView, typesOf } from './fork-types.ts'
import type { Committee, Validator } from './validators.ts'

export interface BeaconChainState {
  readonly forks: readonly ForkActivation[]
  readonly committeeOf: (period: number) => Committee
  /** Whether two thirds attest in an epoch, so that it becomes justified. */
  readonly justifies: (epoch: number) => boolean
  fork: DevnetFork
  view: StateView
  /** `state.latest_block_header`; its `stateRoot` is zero until the next slot begins. */
  latestHeader: BlockHeader
}

const ZERO_ROOT = new Uint8Array(32)
const FAR_FUTURE_EPOCH = Number.POSITIVE_INFINITY

/** Of a block without any content, as genesis blocks are. */
function emptyBodyRoot(fork: DevnetFork): Uint8Array {
  if (fork === 'gloas') return ssz.gloas.BeaconBlockBody.hashTreeRoot(ssz.gloas.BeaconBlockBody.defaultValue())
  const type = typesOf(fork).BlindedBeaconBlockBody
  return type.hashTreeRoot(type.defaultValue())
}

export interface Genesis {
  readonly time: number
  readonly validators: readonly Validator[]
  readonly forks: readonly ForkActivation[]
  readonly committeeOf: (period: number) => Committee
  readonly justifies: (epoch: number) => boolean
}

/** The state of slot 0. Its block has an empty body, as on every network that starts after the merge. */
export function genesisState({ time, validators, forks, committeeOf, justifies }: Genesis): BeaconChainState {
  const fork = forkAtEpoch(forks, 0)
  const types = typesOf(fork.name)
  const view = types.BeaconState.defaultViewDU()
  view.genesisTime = time
  view.validators = types.BeaconState.fields.validators.toViewDU(
    validators.map(({ pubkey }) => ({
      pubkey,
      withdrawalCredentials: ZERO_ROOT,
      effectiveBalance: 32e9,
      slashed: false,
      activationEligibilityEpoch: 0,
      activationEpoch: 0,
      exitEpoch: FAR_FUTURE_EPOCH,
      withdrawableEpoch: FAR_FUTURE_EPOCH,
    })),
  )
  view.balances = types.BeaconState.fields.balances.toViewDU(validators.map(() => 32e9))
  view.genesisValidatorsRoot = view.validators.hashTreeRoot()
  view.fork = forkView(fork.version, fork.version, 0)
  view.currentSyncCommittee = committeeView(committeeOf(0))
  view.nextSyncCommittee = committeeView(committeeOf(1))
  const bodyRoot = emptyBodyRoot(fork.name)
  const latestHeader = withFields(ssz.phase0.BeaconBlockHeader.defaultValue(), { bodyRoot })
  view.latestBlockHeader = ssz.phase0.BeaconBlockHeader.toViewDU(latestHeader)
  return { forks, committeeOf, justifies, fork: fork.name, view, latestHeader }
}

/** process_slots: brings the state to the beginning of `slot`. */
export function processSlots(state: BeaconChainState, slot: number): void {
  while (state.view.slot < slot) {
    processSlot(state)
    const next = state.view.slot + 1
    if (next % PRESET.SLOTS_PER_EPOCH === 0) processEpoch(state, epochOf(next))
    state.view.slot = next
    const fork = forkAtEpoch(state.forks, epochOf(next))
    if (fork.name !== state.fork) upgrade(state, fork.name, fork.version, fork.epoch)
  }
}

/** process_slot: remembers the roots of the slot that ends. */
function processSlot(state: BeaconChainState): void {
  const { view } = state
  const stateRoot = view.hashTreeRoot()
  view.stateRoots.set(view.slot % SLOTS_PER_HISTORICAL_ROOT, stateRoot)
  if (Buffer.compare(state.latestHeader.stateRoot, ZERO_ROOT) === 0) setLatestHeader(state, { stateRoot })
  const blockRoot = ssz.phase0.BeaconBlockHeader.hashTreeRoot(state.latestHeader)
  view.blockRoots.set(view.slot % SLOTS_PER_HISTORICAL_ROOT, blockRoot)
}

export function setLatestHeader(state: BeaconChainState, fields: Partial<BlockHeader>): void {
  state.latestHeader = withFields(state.latestHeader, fields)
  state.view.latestBlockHeader = ssz.phase0.BeaconBlockHeader.toViewDU(state.latestHeader)
}

/** A changed copy. Field by field, because Lodestar caches the root on the object and a spread would copy that too. */
export function withFields(header: BlockHeader, fields: Partial<BlockHeader>): BlockHeader {
  return {
    slot: fields.slot ?? header.slot,
    proposerIndex: fields.proposerIndex ?? header.proposerIndex,
    parentRoot: fields.parentRoot ?? header.parentRoot,
    stateRoot: fields.stateRoot ?? header.stateRoot,
    bodyRoot: fields.bodyRoot ?? header.bodyRoot,
  }
}

/** process_epoch for the epoch before `next`: justification and finality, historical summaries, sync committees. */
function processEpoch(state: BeaconChainState, next: number): void {
  const { view } = state
  const ending = next - 1
  // process_justification_and_finalization does nothing in the first two epochs.
  if (ending >= 2) {
    const before = view.currentJustifiedCheckpoint.toValue()
    view.previousJustifiedCheckpoint = checkpointView(before)
    if (state.justifies(ending)) {
      const start = ending * PRESET.SLOTS_PER_EPOCH
      const root = view.blockRoots.get(start % SLOTS_PER_HISTORICAL_ROOT)
      view.currentJustifiedCheckpoint = checkpointView({ epoch: ending, root })
      if (before.epoch === ending - 1) view.finalizedCheckpoint = checkpointView(before)
    }
  }
  if (next % (SLOTS_PER_HISTORICAL_ROOT / PRESET.SLOTS_PER_EPOCH) === 0) {
    view.historicalSummaries.push(
      ssz.capella.HistoricalSummary.toViewDU({
        blockSummaryRoot: view.blockRoots.hashTreeRoot(),
        stateSummaryRoot: view.stateRoots.hashTreeRoot(),
      }),
    )
  }
  if (next % PRESET.EPOCHS_PER_SYNC_COMMITTEE_PERIOD === 0) {
    const period = next / PRESET.EPOCHS_PER_SYNC_COMMITTEE_PERIOD
    view.currentSyncCommittee = committeeView(state.committeeOf(period))
    view.nextSyncCommittee = committeeView(state.committeeOf(period + 1))
  }
}

/** upgrade_to_*: carries what this devnet maintains into the next fork's container; the next block sets the payload. */
function upgrade(state: BeaconChainState, fork: DevnetFork, version: string, epoch: number): void {
  const old = state.view
  old.commit()
  const view = typesOf(fork).BeaconState.defaultViewDU()
  view.genesisTime = old.genesisTime
  view.genesisValidatorsRoot = old.genesisValidatorsRoot
  view.slot = old.slot
  view.fork = forkView(hexOfVersion(old.fork.currentVersion), version, epoch)
  view.latestBlockHeader = old.latestBlockHeader
  view.blockRoots = old.blockRoots
  view.stateRoots = old.stateRoots
  // Gloas makes progressive lists of these: equal values, other trees.
  const { fields } = typesOf(fork).BeaconState
  view.validators = fields.validators.toViewDU(old.validators.toValue())
  view.balances = fields.balances.toViewDU(old.balances.toValue())
  view.historicalSummaries = fields.historicalSummaries.toViewDU(old.historicalSummaries.toValue())
  view.previousJustifiedCheckpoint = old.previousJustifiedCheckpoint
  view.currentJustifiedCheckpoint = old.currentJustifiedCheckpoint
  view.finalizedCheckpoint = old.finalizedCheckpoint
  view.currentSyncCommittee = old.currentSyncCommittee
  view.nextSyncCommittee = old.nextSyncCommittee
  state.view = view
  state.fork = fork
}

function committeeView({ pubkeys, aggregatePubkey }: Committee) {
  return ssz.altair.SyncCommittee.toViewDU({ pubkeys, aggregatePubkey })
}
function checkpointView(value: { epoch: number; root: Uint8Array }) {
  return ssz.phase0.Checkpoint.toViewDU(value)
}
function forkView(previous: string, current: string, epoch: number) {
  return ssz.phase0.Fork.toViewDU({ previousVersion: bytesOf(previous), currentVersion: bytesOf(current), epoch })
}
function hexOfVersion(version: Uint8Array): string {
  return Buffer.from(version).toString('hex')
}
