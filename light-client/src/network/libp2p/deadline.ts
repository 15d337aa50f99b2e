import { GlowwormError } from '../../errors.ts'
import type { Clock } from '../../infrastructure/ports.ts'

export interface Deadline {
  /** Aborts when time is up (reason `DeadlinePassed`) or the parent aborts (its reason). */
  readonly signal: AbortSignal
  /** Starts the time anew. */
  restart(): void
  /** Ends it; the signal will not abort any more. Always call it, or the timer lives on. */
  clear(): void
}

/** Why a timer ends that is not needed any more. Nobody sees it: an error of its own each time would cost a stack trace. */
const NOT_NEEDED = new Error('the deadline is not needed any more')

/** A time limit on work, driven by the clock port. */
export function startDeadline(clock: Clock, milliseconds: number, parent?: AbortSignal): Deadline {
  const controller = new AbortController()
  let timer = new AbortController()
  const onParent = () => controller.abort(parent?.reason)
  const start = () => {
    timer = new AbortController()
    clock.sleep(milliseconds, timer.signal).then(
      () => controller.abort(new DeadlinePassed(milliseconds)),
      () => {},
    )
  }
  const clear = () => {
    timer.abort(NOT_NEEDED)
    parent?.removeEventListener('abort', onParent)
  }
  if (parent?.aborted) onParent()
  else {
    parent?.addEventListener('abort', onParent, { once: true })
    start()
  }
  return {
    signal: controller.signal,
    restart() {
      timer.abort(NOT_NEEDED)
      if (!controller.signal.aborted) start()
    },
    clear,
  }
}

/** Settles like `work`, or rejects with the signal's reason if that comes first. The work itself is not stopped. */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason)
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}

/** Somebody took too long. */
export class DeadlinePassed extends GlowwormError {
  constructor(milliseconds: number) {
    super(
      { name: 'Network.DeadlinePassed', code: 'DEADLINE_PASSED', kind: 'unreachable' },
      `no answer within ${(milliseconds / 1000).toFixed(1)} s`,
      { next: 'Try again, or ask another source.' },
    )
  }
}
