import { GlowwormError } from '../../errors.ts'
import type { Clock } from '../../infrastructure/ports.ts'
import { timeLimits } from './time-limits.ts'

export interface Deadline {
  /** Aborts when time is up (reason `DeadlinePassed`) or the parent aborts (its reason). */
  readonly signal: AbortSignal
  /** Starts the time anew. */
  restart(): void
  /** Ends it; the signal will not abort any more. Always call it, or the timer lives on. */
  clear(): void
}

/** A time limit on work, driven by the clock port. */
export function startDeadline(clock: Clock, milliseconds: number, parent?: AbortSignal): Deadline {
  const controller = new AbortController()
  const limits = timeLimits<null>(clock, () => controller.abort(new DeadlinePassed(milliseconds)))
  const onParent = () => controller.abort(parent?.reason)
  const restart = () => {
    if (!controller.signal.aborted) limits.start(null, milliseconds)
  }
  if (parent?.aborted) onParent()
  else parent?.addEventListener('abort', onParent, { once: true })
  restart()
  return {
    signal: controller.signal,
    restart,
    clear() {
      limits.end()
      parent?.removeEventListener('abort', onParent)
    },
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
