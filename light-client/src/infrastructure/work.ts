import { createTurns } from '../contract/turns.ts'
import { CallTookTooLong, type Work } from '../contract/work.ts'

/** Milliseconds after which whatever else the thread has to do gets its turn. */
const SLICE = 8

export interface WorkOptions {
  readonly asker?: string
  /** Milliseconds that it has computed before. */
  readonly spent?: number
  /** Told whenever it begins or ceases to occupy the thread. */
  readonly onOccupied?: (occupied: boolean) => void
}

/** One thread in which several calls compute, a slice at a time. */
export interface Workplace {
  /** @param limit milliseconds of computing; waiting for evidence, or for a turn, does not count */
  start(limit: number, signal: AbortSignal, options?: WorkOptions): Work
}

export function createWorkplace(): Workplace {
  const turns = createTurns()
  let isPlanned = false
  function plan(): void {
    if (isPlanned) return
    isPlanned = true
    later(() => {
      isPlanned = false
      turns.next()?.go()
      if (turns.waiting.length > 0) plan()
    })
  }

  return {
    start(limit, signal, { asker = '', spent = 0, onOccupied } = {}) {
      let before = spent
      let since: number | null = null
      const total = () => before + (since === null ? 0 : performance.now() - since)
      const occupy = () => {
        since = performance.now()
        onOccupied?.(true)
      }
      const rest = () => {
        before = total()
        since = null
        onOccupied?.(false)
      }
      return {
        signal,
        asker,
        limit,
        get spent() {
          return total()
        },
        get left() {
          return Math.max(0, limit - total())
        },
        spend(milliseconds) {
          before += milliseconds
        },
        begin() {
          occupy()
          return rest
        },
        turn() {
          signal.throwIfAborted()
          if (total() > limit) throw new CallTookTooLong(limit)
          if (since === null || performance.now() - since < SLICE) return null
          rest()
          return new Promise((resolve) => {
            turns.wait({
              asker,
              spent: before,
              go() {
                occupy()
                resolve()
              },
            })
            plan()
          })
        },
      }
    },
  }
}

/** A timer, not a microtask: only between tasks does a thread take up other work. */
function later(work: () => void): void {
  if (typeof setImmediate === 'function') setImmediate(work)
  else setTimeout(work, 0)
}
