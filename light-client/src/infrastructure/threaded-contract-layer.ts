/**
 * The contract layer in a thread of its own: whatever a call computes, and be it one precompile for a minute, the
 * program goes on meanwhile, and the thread is ended when the call may compute no longer. For Node.
 * @module
 */
import { Worker } from 'node:worker_threads'
import { failureOf } from '../contract/carried-failure.ts'
import type { ContractLayer } from '../contract/contract-layer.ts'
import { CallTookTooLong, type Work } from '../contract/work.ts'
import { GlowwormError } from '../errors.ts'
import type { ContractJob, ContractOutcome } from './contract-thread.ts'
import { startWork } from './work.ts'

export interface ThreadedContractLayer extends ContractLayer {
  /** Ends the thread; calls under way are rejected. */
  close(): Promise<void>
}

const HEAP_MEGABYTES = 512
const LONGEST_TIMER = 2 ** 31 - 1
/** In a checkout the sources themselves run. */
const [ENTRY, FLAGS] = import.meta.url.endsWith('.ts')
  ? ['./contract-thread.ts', ['--conditions=source']]
  : ['./contract-thread.js', []]

/** Starts the thread at the first call. One call is computed at a time, in the order they come. */
export function threadedContractLayer(): ThreadedContractLayer {
  let thread: Worker | null = null
  let turn: Promise<unknown> = Promise.resolve()
  let closed = false

  async function compute(job: ContractJob, work: Work): Promise<ContractOutcome> {
    work.signal.throwIfAborted()
    if (closed) throw new ThreadEnded('it was closed')
    const fresh = thread === null
    thread ??= new Worker(new URL(ENTRY, import.meta.url), {
      execArgv: FLAGS,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES },
    })
    const running = thread
    const { promise, resolve, reject } = Promise.withResolvers<ContractOutcome>()
    let end = () => {}
    let timer: ReturnType<typeof setTimeout> | undefined
    const start = () => {
      end = work.begin()
      timer = setTimeout(() => reject(new CallTookTooLong(work.limit)), Math.min(work.left, LONGEST_TIMER))
      running.postMessage(job)
    }
    // The first message says that it is ready: loading the EVM is not the call's time.
    const onMessage = (message: 'ready' | ContractOutcome) => (message === 'ready' ? start() : resolve(message))
    const onExit = () => reject(new ThreadEnded('it ended'))
    const onError = (cause: unknown) => reject(new ThreadEnded(cause instanceof Error ? cause.message : String(cause)))
    const onAbort = () => reject(work.signal.reason)
    running.on('message', onMessage).on('exit', onExit).on('error', onError)
    work.signal.addEventListener('abort', onAbort)
    try {
      running.ref()
      if (!fresh) start()
      return await promise
    } catch (cause) {
      // Only ending the thread ends what it computes; the next call starts another.
      if (thread === running) thread = null
      running.on('error', () => {})
      await running.terminate()
      throw cause
    } finally {
      end()
      clearTimeout(timer)
      work.signal.removeEventListener('abort', onAbort)
      running.off('message', onMessage).off('exit', onExit).off('error', onError)
      running.unref() // an idle thread keeps no program from ending
    }
  }

  return {
    async execute({ engines: _, ...ground }, claim, work = startWork(Number.POSITIVE_INFINITY, NEVER)) {
      const computed = turn.then(() => compute({ ground, claim }, work))
      turn = computed.catch(() => {})
      const outcome = await computed
      if ('failure' in outcome) throw failureOf(outcome.failure)
      return outcome.value
    },
    async close() {
      closed = true
      await thread?.terminate()
    },
  }
}

const NEVER = new AbortController().signal

/** The thread is no more: closed, out of memory, or it never started. */
export class ThreadEnded extends GlowwormError {
  constructor(why: string) {
    super(
      { name: 'Infrastructure.ThreadEnded', code: 'CALL_THREAD_ENDED', kind: 'unprovable' },
      `the thread that executes calls ended: ${why}`,
      { next: 'Try again; give the call less gas.' },
    )
  }
}
