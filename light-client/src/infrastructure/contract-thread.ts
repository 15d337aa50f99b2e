/** The thread of `threaded-contract-layer.ts`: executes one call after another. @module */
import { parentPort } from 'node:worker_threads'
import { loadHeadlessEngines } from '@glowworm/wasm-core/load-headless-engines'
import { type CarriedFailure, carry } from '../contract/carried-failure.ts'
import type { ProvenGround } from '../contract/contract-layer.ts'
import { ExecutionFault, execute } from '../contract/index.ts'
import { bytesEqual } from '../data/hex.ts'
import { GlowwormError } from '../errors.ts'
import type { CallClaim, CallValues } from '../ledgers/ethereum/call-claims.ts'

export interface ContractJob {
  readonly ground: Omit<ProvenGround, 'engines'>
  readonly claim: CallClaim
}

export type ContractOutcome = { readonly value: CallValues[CallClaim['type']] } | { readonly failure: CarriedFailure }

const engines = await loadHeadlessEngines()
/** The evidence of the job before. What was verified is remembered by the bytes themselves, which arrive as copies. */
let held: ReadonlyMap<string, Uint8Array> = new Map()

parentPort?.on('message', async ({ ground, claim }: ContractJob) => {
  const evidence = new Map<string, Uint8Array>()
  for (const [key, bytes] of ground.evidence) {
    const known = held.get(key)
    evidence.set(key, known && bytesEqual(known, bytes) ? known : bytes)
  }
  held = evidence
  let outcome: ContractOutcome
  try {
    outcome = { value: await execute({ ...ground, evidence, engines }, claim) }
  } catch (cause) {
    outcome = { failure: carry(cause instanceof GlowwormError ? cause : new ExecutionFault(cause)) }
  }
  parentPort?.postMessage(outcome)
})
parentPort?.postMessage('ready')
