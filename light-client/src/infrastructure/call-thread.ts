/** One thread that executes calls, seen from outside. For Node. @module */
import { Worker } from 'node:worker_threads'
import type { Work } from '../contract/work.ts'
import type { ContractJob, ContractOutcome, FromContractThread, ToContractThread } from './contract-thread.ts'
import { createGauge, readOccupant } from './thread-gauge.ts'

export interface ThreadedCall {
  readonly id: number
  readonly job: ContractJob
  readonly work: Work
  readonly done: PromiseWithResolvers<ContractOutcome>
  /** How often its thread came to nothing under it, for a reason that may be the call itself. */
  lost: number
}

export interface CallThread {
  /** Those given up too, until the thread has noticed. */
  readonly calls: ReadonlyMap<number, ThreadedCall>
  put(call: ThreadedCall): void
  /** The call that has occupied the thread without a break, and for how many milliseconds at least. */
  occupant(): { readonly call: ThreadedCall; readonly milliseconds: number } | null
  /** Ends the thread, with whatever it computes. @returns the calls that were in it and are still wanted */
  end(): ThreadedCall[]
  /** Resolves when it is no more. */
  readonly gone: Promise<void>
}

const HEAP_MEGABYTES = 512
/** In a checkout the sources themselves run. */
const isSource = import.meta.url.endsWith('.ts')
const FLAGS = isSource ? ['--conditions=source'] : []

/**
 * @param onCall a call has left it, whatever the outcome
 * @param onLost it ended by itself, e.g. for want of memory, with these calls in it
 */
export function startCallThread(onCall: () => void, onLost: (calls: ThreadedCall[], why: string) => void): CallThread {
  const gauge = createGauge()
  const worker = new Worker(new URL('./contract-thread.ts', import.meta.url), {
    execArgv: FLAGS,
    workerData: gauge,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES },
  })
  const calls = new Map<number, ThreadedCall>()
  const listeners = new Map<number, () => void>()
  let ended = false
  let seen = { call: 0, changes: -1, at: 0 }

  const say = (message: ToContractThread) => worker.postMessage(message)
  const take = (id: number): ThreadedCall | undefined => {
    const call = calls.get(id)
    calls.delete(id)
    const onAbort = listeners.get(id)
    if (onAbort) call?.work.signal.removeEventListener('abort', onAbort)
    listeners.delete(id)
    if (calls.size === 0) worker.unref() // an idle thread keeps no program from ending
    return call
  }
  function end(): ThreadedCall[] {
    ended = true
    void worker.terminate()
    return [...calls.keys()].map((id) => take(id)!).filter(({ work }) => !work.signal.aborted)
  }
  const lost = (why: string) => {
    if (!ended) onLost(end(), why)
  }
  worker.on('message', ({ id, outcome, spent }: FromContractThread) => {
    const call = take(id)
    if (!call) return
    call.work.spend(spent - call.work.spent)
    call.done.resolve(outcome)
    onCall()
  })
  worker.on('error', (cause) => lost(cause instanceof Error ? cause.message : String(cause)))
  const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  void gone.then(() => lost('it ended'))
  worker.unref()

  return {
    calls,
    put(call) {
      const { id, job, work } = call
      const onAbort = () => say({ type: 'stop', id })
      calls.set(id, call)
      listeners.set(id, onAbort)
      work.signal.addEventListener('abort', onAbort)
      worker.ref()
      say({ type: 'run', id, job, asker: work.asker, limit: work.limit, spent: work.spent })
    },
    occupant() {
      const now = performance.now()
      const { call, changes } = readOccupant(gauge)
      if (call !== seen.call || changes !== seen.changes) seen = { call, changes, at: now }
      const occupying = calls.get(call)
      return occupying ? { call: occupying, milliseconds: now - seen.at } : null
    },
    end,
    gone,
  }
}
