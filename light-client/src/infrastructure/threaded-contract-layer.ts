/**
 * The contract layer in a few threads of its own: whatever calls compute, the program goes on meanwhile. In each thread
 * calls compute in turn (`contract/turns.ts`), so that a short one is answered before long ones that came earlier; one
 * asker's calls never get into all of the threads. What cannot be interrupted, one precompile for half a minute, is set
 * apart once others wait for it, and ended when it may compute no longer. For Node.
 * @module
 */
import { availableParallelism } from 'node:os'
import { failureOf } from '../contract/carried-failure.ts'
import type { ContractLayer } from '../contract/contract-layer.ts'
import { createTurns, type Waiting } from '../contract/turns.ts'
import { CallTookTooLong } from '../contract/work.ts'
import { GlowwormError } from '../errors.ts'
import { type CallThread, startCallThread, type ThreadedCall } from './call-thread.ts'
import type { ContractOutcome } from './contract-thread.ts'
import { createWorkplace } from './work.ts'

export interface ThreadedContractLayer extends ContractLayer {
  /** Ends the threads; calls under way are rejected. */
  close(): Promise<void>
}

/** Threads that calls share. One more, for what cannot be interrupted, is started when it is needed. */
const MOST_THREADS = Math.min(4, Math.max(2, availableParallelism()))
/** Milliseconds between two looks at what occupies the threads. */
const WATCH = 50
/** Milliseconds that one call may keep others waiting in its thread: many times a turn. */
const STUCK = 400
const NEVER = new AbortController().signal

type SetApart = Waiting & { readonly call: ThreadedCall }

/** Starts threads when there are calls for them. */
export function threadedContractLayer(mostThreads = MOST_THREADS): ThreadedContractLayer {
  const workplace = createWorkplace() // counts; the computing is done elsewhere
  const threads: CallThread[] = []
  const uninterruptible = createTurns<SetApart>()
  let apart: CallThread | null = null
  let watching: ReturnType<typeof setInterval> | null = null
  let nextId = 1
  let closed = false

  function place(call: ThreadedCall): void {
    const { asker } = call.work
    const own = threads.filter(({ calls }) => [...calls.values()].some(({ work }) => work.asker === asker))
    // Others must find a thread without this asker's calls.
    const open = own.length >= Math.max(1, mostThreads - 1) ? own : threads
    const free = open.find(({ calls }) => calls.size === 0)
    const least = open.toSorted((a, b) => a.calls.size - b.calls.size)[0]
    const thread = free ?? (open === threads && threads.length < mostThreads ? startThread() : least!)
    thread.put(call)
    watch()
  }
  function startThread(): CallThread {
    const thread = startCallThread(
      () => {},
      (calls, why) => {
        remove(thread)
        again(calls, why)
      },
    )
    threads.push(thread)
    return thread
  }
  const remove = (thread: CallThread) => {
    const at = threads.indexOf(thread)
    if (at >= 0) threads.splice(at, 1)
  }
  /** Any of them may be why the thread was lost: each is tried once more. */
  function again(calls: readonly ThreadedCall[], why: string): void {
    for (const call of calls)
      if (closed || ++call.lost > 1) call.done.reject(new ThreadEnded(why))
      else place(call)
  }

  function setApart(call: ThreadedCall): void {
    const { asker, spent } = call.work
    uninterruptible.wait({ asker, spent, call, go: () => apart!.put(call) })
    nextApart()
  }
  function nextApart(): void {
    if (apart && apart.calls.size > 0) return
    let next = uninterruptible.next()
    while (next?.call.work.signal.aborted) next = uninterruptible.next()
    if (!next) return
    apart ??= startCallThread(nextApart, (calls, why) => {
      apart = null
      for (const call of calls) call.done.reject(new ThreadEnded(why))
      nextApart()
    })
    next.go()
    watch()
  }

  function watch(): void {
    watching ??= setInterval(look, WATCH).unref()
  }
  function look(): void {
    for (const thread of [...threads, ...(apart ? [apart] : [])]) lookAt(thread)
    if (![...threads, apart].some((thread) => thread && thread.calls.size > 0)) {
      clearInterval(watching!)
      watching = null
    }
  }
  function lookAt(thread: CallThread): void {
    const occupant = thread.occupant()
    if (!occupant) return
    const { call, milliseconds } = occupant
    const isStuck = milliseconds > STUCK
    const isOver = milliseconds > call.work.left
    const isInTheWay = isStuck && thread !== apart && thread.calls.size > 1
    if (!isOver && !isInTheWay && !(isStuck && call.work.signal.aborted)) return
    // Only ending the thread ends what it computes.
    const others = thread.end().filter((one) => one !== call)
    if (thread === apart) apart = null
    else remove(thread)
    if (isOver) call.done.reject(new CallTookTooLong(call.work.limit))
    else if (!call.work.signal.aborted) {
      call.work.spend(milliseconds)
      setApart(call)
    }
    for (const one of others) place(one)
    nextApart()
  }

  return {
    async execute({ engines: _, ...ground }, claim, work = workplace.start(Number.POSITIVE_INFINITY, NEVER)) {
      work.signal.throwIfAborted()
      if (closed) throw new ThreadEnded('it was closed')
      const done = Promise.withResolvers<ContractOutcome>()
      const onAbort = () => done.reject(work.signal.reason)
      work.signal.addEventListener('abort', onAbort)
      place({ id: nextId++, job: { ground, claim }, work, done, lost: 0 })
      try {
        const outcome = await done.promise
        if ('failure' in outcome) throw failureOf(outcome.failure)
        return outcome.value
      } finally {
        work.signal.removeEventListener('abort', onAbort)
      }
    },
    async close() {
      closed = true
      if (watching) clearInterval(watching)
      const running = [...threads, ...(apart ? [apart] : [])]
      const left = running.flatMap((thread) => thread.end())
      for (let next = uninterruptible.next(); next; next = uninterruptible.next()) left.push(next.call)
      for (const call of left) call.done.reject(new ThreadEnded('it was closed'))
      await Promise.all(running.map(({ gone }) => gone))
    },
  }
}

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
