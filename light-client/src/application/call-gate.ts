/** How many calls are worked on at once, and how many may wait for that. @module */
import { GlowwormError } from '../errors.ts'

export interface CallGate {
  /**
   * Resolves when there is room; the function it gives makes room again.
   * @throws {TooManyCalls} @throws the reason of the signal
   */
  enter(signal: AbortSignal): Promise<() => void>
}

export function createCallGate(atOnce: number, waiting: number): CallGate {
  let inside = 0
  const queue = new Set<() => void>()
  const leave = () => {
    inside--
    const [next] = queue
    next?.()
  }
  return {
    async enter(signal) {
      signal.throwIfAborted()
      if (inside >= atOnce) {
        if (queue.size >= waiting) throw new TooManyCalls(atOnce + waiting)
        await new Promise<void>((resolve, reject) => {
          const settle = (done: () => void) => {
            queue.delete(next)
            signal.removeEventListener('abort', abort)
            done()
          }
          // The place is taken here, not when the waiting code runs, so that nobody slips in between.
          const next = () =>
            settle(() => {
              inside++
              resolve()
            })
          const abort = () => settle(() => reject(signal.reason))
          queue.add(next)
          signal.addEventListener('abort', abort)
        })
      } else inside++
      let left = false
      return () => {
        if (!left) leave()
        left = true
      }
    },
  }
}

/** More calls are under way than are worked on or kept waiting. */
export class TooManyCalls extends GlowwormError {
  constructor(most: number) {
    super(
      { name: 'Application.TooManyCalls', code: 'TOO_MANY_CALLS', kind: 'unprovable' },
      `${most} calls are under way already`,
      { next: 'Ask again when some of them are answered.' },
    )
  }
}
