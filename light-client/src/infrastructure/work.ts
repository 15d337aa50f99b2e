import { CallTookTooLong, type Work } from '../contract/work.ts'

/** Milliseconds after which whatever else the thread has to do gets its turn. */
const SLICE = 8

/** @param limit milliseconds of computing; waiting for evidence does not count */
export function startWork(limit: number, signal: AbortSignal): Work {
  let before = 0
  let start: number | null = null
  let yielded = 0
  const spent = () => before + (start === null ? 0 : performance.now() - start)
  return {
    signal,
    limit,
    get left() {
      return Math.max(0, limit - spent())
    },
    begin() {
      start = yielded = performance.now()
      return () => {
        before = spent()
        start = null
      }
    },
    turn() {
      signal.throwIfAborted()
      if (spent() > limit) throw new CallTookTooLong(limit)
      if (performance.now() - yielded < SLICE) return null
      return new Promise((resolve) => {
        const resume = () => {
          yielded = performance.now()
          resolve()
        }
        // A timer, not a microtask: only between tasks does a thread take up other work.
        if (typeof setImmediate === 'function') setImmediate(resume)
        else setTimeout(resume, 0)
      })
    },
  }
}
