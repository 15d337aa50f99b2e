/** The thread of `call-thread.ts`: executes calls, a slice of each in turn. @module */
import { parentPort, workerData } from 'node:worker_threads'
import { loadHeadlessEngines } from '@glowworm/wasm-core/load-headless-engines'
import { type CarriedFailure, carry } from '../contract/carried-failure.ts'
import type { ProvenGround } from '../contract/contract-layer.ts'
import { ExecutionFault, execute } from '../contract/index.ts'
import { bytesEqual } from '../data/hex.ts'
import { GlowwormError } from '../errors.ts'
import type { CallClaim, CallValues } from '../ledgers/ethereum/call-claims.ts'
import { setOccupant, type ThreadGauge } from './thread-gauge.ts'
import { createWorkplace } from './work.ts'

export interface ContractJob {
  readonly ground: Omit<ProvenGround, 'engines'>
  readonly claim: CallClaim
}

export type ToContractThread =
  | {
      readonly type: 'run'
      readonly id: number
      readonly job: ContractJob
      readonly asker: string
      readonly limit: number
      readonly spent: number
    }
  /** Nobody wants the result any more. */
  | { readonly type: 'stop'; readonly id: number }

export type ContractOutcome = { readonly value: CallValues[CallClaim['type']] } | { readonly failure: CarriedFailure }

export interface FromContractThread {
  readonly id: number
  readonly outcome: ContractOutcome
  /** Milliseconds that it has computed in all. */
  readonly spent: number
}

const gauge = workerData as ThreadGauge
const engines = await loadHeadlessEngines()
const workplace = createWorkplace()
const underWay = new Map<number, AbortController>()
/** The evidence of the job before. What was verified is remembered by the bytes themselves, which arrive as copies. */
let held: ReadonlyMap<string, Uint8Array> = new Map()

function known({ evidence }: ContractJob['ground']): Map<string, Uint8Array> {
  const same = new Map<string, Uint8Array>()
  for (const [key, bytes] of evidence) {
    const before = held.get(key)
    same.set(key, before && bytesEqual(before, bytes) ? before : bytes)
  }
  held = same
  return same
}

async function run({ id, job, asker, limit, spent }: Extract<ToContractThread, { type: 'run' }>): Promise<void> {
  const stopping = new AbortController()
  underWay.set(id, stopping)
  const onOccupied = (occupied: boolean) => setOccupant(gauge, occupied ? id : 0)
  const work = workplace.start(limit, stopping.signal, { asker, spent, onOccupied })
  let outcome: ContractOutcome
  try {
    const ground = { ...job.ground, evidence: known(job.ground), engines }
    outcome = { value: await execute(ground, job.claim, work) }
  } catch (cause) {
    outcome = { failure: carry(cause instanceof GlowwormError ? cause : new ExecutionFault(cause)) }
  }
  underWay.delete(id)
  parentPort?.postMessage({ id, outcome, spent: work.spent } satisfies FromContractThread)
}

parentPort?.on('message', (message: ToContractThread) => {
  if (message.type === 'run') void run(message)
  else underWay.get(message.id)?.abort(new Error('given up'))
})
