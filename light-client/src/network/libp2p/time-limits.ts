import type { Clock } from '../../infrastructure/ports.ts'

export interface TimeLimits<K> {
  /** Starts the limit of `key`, or starts it anew. */
  start(key: K, milliseconds: number): void
  has(key: K): boolean
  clear(key: K): void
  /** Nothing passes any more, and no timer is left. */
  end(): void
}

interface Limit {
  since: number
  milliseconds: number
}

/**
 * Why the timer ends that is not needed any more. Nobody sees it. An error would say where it was made: made while a
 * program begins, that has the browser read the whole program once more, 30 ms at each start of the extension's worker.
 */
const NOT_NEEDED = { message: 'not needed any more' }

/**
 * Many time limits with one timer, for what is begun and ended far more often than it runs out: to start or clear one
 * costs an entry in a map. `onPassed` is called once for each that passes, which is then gone.
 */
export function timeLimits<K>(clock: Clock, onPassed: (key: K, milliseconds: number) => void): TimeLimits<K> {
  const limits = new Map<K, Limit>()
  let timer: AbortController | null = null
  let wakesAt = Number.POSITIVE_INFINITY

  const left = (limit: Limit, now: number): number => {
    // the clock was set back: what has passed is not known, so it starts anew
    if (now < limit.since) limit.since = now
    return limit.since + limit.milliseconds - now
  }
  const stop = () => {
    timer?.abort(NOT_NEEDED)
    timer = null
    wakesAt = Number.POSITIVE_INFINITY
  }
  const sleep = (milliseconds: number) => {
    stop()
    timer = new AbortController()
    wakesAt = clock.now() + milliseconds
    clock.sleep(milliseconds, timer.signal).then(look, () => {})
  }
  const look = () => {
    stop()
    const now = clock.now()
    for (const [key, limit] of [...limits]) {
      if (left(limit, now) > 0 || limits.get(key) !== limit) continue
      limits.delete(key)
      onPassed(key, limit.milliseconds)
    }
    const next = Math.min(...[...limits.values()].map((limit) => left(limit, now)))
    if (Number.isFinite(next) && !timer) sleep(next)
  }

  return {
    start(key, milliseconds) {
      const now = clock.now()
      limits.set(key, { since: now, milliseconds })
      if (now + milliseconds < wakesAt) sleep(milliseconds)
    },
    has: (key) => limits.has(key),
    clear: (key) => void limits.delete(key),
    end() {
      limits.clear()
      stop()
    },
  }
}
