/** Executes calls on a proven block: `eth_call`, and the single runs that estimates and access lists are made of. @module */
import { toHex } from '../data/hex.ts'
import type { BlockOverrides, CallOutcome, CallRequest, StateOverrides } from '../ledgers/ethereum/call-claims.ts'
import { type BlockContext, blockContext, overrideBlock } from './block-context.ts'
import { ancestorHashes } from './block-hashes.ts'
import type { ProvenGround } from './contract-layer.ts'
import { createMachine, type Machine } from './machine.ts'
import { messageOf } from './message.ts'
import { applyOverrides } from './overrides.ts'
import { type ProvenState, provenState } from './proven-state.ts'
import { StateOverlay } from './state-overlay.ts'
import { type Message, runTransaction, type TransactionResult } from './transaction.ts'
import type { Work } from './work.ts'

/** Everything that executes on one block. Each run leaves the state as it found it. */
export interface Bench {
  readonly block: BlockContext
  readonly machine: Machine
  readonly state: ProvenState
  /** @throws {CallRefused | MissingEvidence} */
  run(message: Message): Promise<TransactionResult>
}

/** @throws {UnknownForkRules | MissingEvidence | InvalidStateProof | InvalidCode} */
export async function prepare(
  ground: ProvenGround,
  options: {
    readonly stateOverrides?: StateOverrides | undefined
    readonly blockOverrides?: BlockOverrides | undefined
    readonly traceTransfers?: boolean
  } = {},
  work?: Work,
): Promise<Bench> {
  const { blockHash, stateRoot, evidence, profile, engines } = ground
  const real = blockContext(ground.header, profile)
  const block = overrideBlock(real, options.blockOverrides)
  const state = provenState(stateRoot, blockHash, evidence, engines)
  const overlay = new StateOverlay(state, engines.hashes)
  const machine = await createMachine({
    hardFork: real.hardFork,
    chainId: profile.chainId,
    overlay,
    blockHashes: ancestorHashes(real, blockHash, state, evidence, engines),
    engines,
    ...(options.traceTransfers ? { traceTransfers: true } : {}),
    ...(work ? { work } : {}),
  })
  await applyOverrides(machine, options.stateOverrides)
  return {
    block,
    machine,
    state,
    async run(message) {
      await overlay.checkpoint()
      try {
        return await runTransaction(machine, block, message, true)
      } finally {
        await overlay.revert()
      }
    },
  }
}

/** @throws {CallRefused | UnknownForkRules | MissingEvidence} */
export async function executeCall(
  ground: ProvenGround,
  claim: { call: CallRequest; stateOverrides?: StateOverrides; blockOverrides?: BlockOverrides },
  work?: Work,
): Promise<CallOutcome> {
  const bench = await prepare(ground, claim, work)
  const result = await bench.run(messageOf(claim.call, bench.block))
  const { status, halt, gasUsed, logs } = result
  return { status, returnData: toHex(result.returnData), halt, gasUsed, logs, reads: bench.state.reads() }
}
