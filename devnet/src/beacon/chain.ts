/** The beacon chain: puts blocks on top of each other and keeps what light clients may ask for. @module */
import { BrokenChain } from '../errors.ts'
import {
  bytesOf,
  epochOf,
  type ForkSchedule,
  forkAtEpoch,
  hexOf,
  PRESET,
  periodOf,
  SLOTS_PER_PERIOD,
  sha256,
  syncCommitteeDomain,
} from '../forks.ts'
import { applyBlock, type BlockRecord, genesisBlock } from './block.ts'
import type {
  LightClientBootstrap,
  LightClientFinalityUpdate,
  LightClientOptimisticUpdate,
  LightClientUpdate,
  PayloadHeader,
} from './fork-types.ts'
import {
  createBootstrap,
  createUpdate,
  finalityUpdateOf,
  hasSupermajority,
  isBetterUpdate,
  optimisticUpdateOf,
  participantsOf,
  type Versioned,
} from './light-client-data.ts'
import { genesisState, processSlots } from './state.ts'
import { type Committee, drawCommittee, drawParticipants, makeValidators, signAsCommittee } from './validators.ts'

/** How well the imagined validators behave; functions are asked once per slot or epoch. */
export interface Conditions {
  /** The share of committee seats that sign at a slot, 0 to 1. */
  participation: (slot: number) => number
  /** Whether nobody proposes at a slot. */
  misses: (slot: number) => boolean
  /** Whether two thirds attest in an epoch; two such epochs in a row finalize the first. */
  justifies: (epoch: number) => boolean
}

export interface BeaconChain {
  readonly schedule: ForkSchedule
  readonly genesisTime: number
  head(): BlockRecord
  /** The head's finalized and justified blocks; undefined while there are none. */
  finalized(): BlockRecord | undefined
  justified(): BlockRecord | undefined
  block(root: string): BlockRecord | undefined
  blockAtSlot(slot: number): BlockRecord | undefined
  /** The block whose post-state has this root. */
  blockWithState(root: string): BlockRecord | undefined
  /** Puts a block at `slot` over an execution block. */
  append(slot: number, payload: PayloadHeader): BlockRecord
  /** Of finalized checkpoint blocks only. */
  bootstrap(root: string): Versioned<LightClientBootstrap> | undefined
  /** Roots that `bootstrap` knows, oldest first. */
  checkpoints(): readonly { readonly slot: number; readonly root: `0x${string}` }[]
  bestUpdate(period: number): Versioned<LightClientUpdate> | undefined
  finalityUpdate(): Versioned<LightClientFinalityUpdate> | undefined
  optimisticUpdate(): Versioned<LightClientOptimisticUpdate> | undefined
}

/** Blocks older than this many slots are forgotten unless they are checkpoints. */
const KEPT_SLOTS = 8 * SLOTS_PER_PERIOD
const KEPT_CHECKPOINTS = 4096

export function createBeaconChain(options: {
  genesisTime: number
  secondsPerSlot: number
  validators: number
  forks: ForkSchedule['forks']
  blobSchedule: ForkSchedule['blobSchedule']
  conditions: Conditions
}): BeaconChain {
  const { conditions, forks } = options
  const validators = makeValidators(options.validators)
  const committees = new Map<number, Committee>()
  const committeeOf = (period: number) => {
    const committee = committees.get(period) ?? drawCommittee(validators, period)
    committees.set(period, committee)
    committees.delete(period - 4)
    return committee
  }
  const justifies = (epoch: number) => conditions.justifies(epoch)
  const state = genesisState({ time: options.genesisTime, validators, forks, committeeOf, justifies })
  const genesisValidatorsRoot = Uint8Array.from(state.view.genesisValidatorsRoot)
  const schedule: ForkSchedule = { forks, blobSchedule: options.blobSchedule, genesisValidatorsRoot }

  const blocks = new Map<string, BlockRecord>()
  const bySlot = new Map<number, BlockRecord>()
  const checkpoints = new Map<
    string,
    { slot: number; root: `0x${string}`; bootstrap: Versioned<LightClientBootstrap> }
  >()
  const bestUpdates = new Map<number, Versioned<LightClientUpdate>>()
  let finality: Versioned<LightClientUpdate> | undefined
  let optimistic: Versioned<LightClientUpdate> | undefined
  let head = remember(genesisBlock(state))

  function remember(block: BlockRecord): BlockRecord {
    blocks.set(block.root, block)
    bySlot.set(block.slot, block)
    for (const [root, old] of blocks) {
      if (old.slot >= block.slot - KEPT_SLOTS) break
      if (root === block.finalized.root || root === block.justified.root) continue
      blocks.delete(root)
      bySlot.delete(old.slot)
    }
    return block
  }

  function sign(slot: number, parentRoot: string) {
    const share = conditions.participation(slot)
    const bits = drawParticipants(slot, Math.round(Math.min(1, Math.max(0, share)) * PRESET.SYNC_COMMITTEE_SIZE))
    // The domain is that of the slot before the signature's, which is not always the attested block's.
    const { version } = forkAtEpoch(forks, epochOf(Math.max(slot, 1) - 1))
    const signingRoot = sha256(bytesOf(parentRoot), syncCommitteeDomain(version, genesisValidatorsRoot))
    return signAsCommittee(validators, committeeOf(periodOf(slot)), bits, signingRoot)
  }

  function publish(block: BlockRecord, attested: BlockRecord): void {
    const finalized = blocks.get(attested.finalized.root)
    const update = createUpdate(block, attested, finalized, committeeOf(periodOf(attested.slot) + 1))
    if (participantsOf(update.value) === 0) return
    const period = periodOf(attested.slot)
    const best = bestUpdates.get(period)
    if (period === periodOf(block.slot) && (!best || isBetterUpdate(update.value, best.value)))
      bestUpdates.set(period, update)
    optimistic = update
    if (finalized && (hasSupermajority(update.value) || !finality || !hasSupermajority(finality.value)))
      finality = update
  }

  function keepCheckpoint(block: BlockRecord): void {
    const finalized = blocks.get(block.finalized.root)
    if (!finalized || checkpoints.has(finalized.root)) return
    const bootstrap = createBootstrap(finalized, committeeOf(periodOf(finalized.slot)))
    checkpoints.set(finalized.root, { slot: finalized.slot, root: finalized.root, bootstrap })
    const [oldest] = checkpoints.keys()
    if (checkpoints.size > KEPT_CHECKPOINTS && oldest) checkpoints.delete(oldest)
  }

  return {
    schedule,
    genesisTime: options.genesisTime,
    head: () => head,
    finalized: () => blocks.get(head.finalized.root),
    justified: () => blocks.get(head.justified.root),
    block: (root) => blocks.get(root),
    blockAtSlot: (slot) => bySlot.get(slot),
    blockWithState: (root) => [...blocks.values()].find(({ beacon }) => hexOf(beacon.stateRoot) === root),
    append(slot, payload) {
      if (slot <= head.slot) throw new BrokenChain(`a block at slot ${slot} cannot follow slot ${head.slot}`)
      const time = options.genesisTime + slot * options.secondsPerSlot
      if (payload.timestamp !== time)
        throw new BrokenChain(
          `execution block ${payload.blockNumber} has time ${payload.timestamp}, slot ${slot} ${time}`,
        )
      const attested = head
      processSlots(state, slot)
      const syncAggregate = sign(slot, attested.root)
      const block = remember(applyBlock(state, { payload, syncAggregate }))
      head = block
      publish(block, attested)
      keepCheckpoint(block)
      return block
    },
    bootstrap: (root) => checkpoints.get(root)?.bootstrap,
    checkpoints: () => [...checkpoints.values()],
    bestUpdate: (period) => bestUpdates.get(period),
    finalityUpdate: () => finality && finalityUpdateOf(finality),
    optimisticUpdate: () => optimistic && optimisticUpdateOf(optimistic),
  }
}
