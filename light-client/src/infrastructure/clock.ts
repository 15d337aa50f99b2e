import type { Clock } from './ports.ts'

/** The platform's clock and timers. */
export const platformClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const onAbort = () => {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      }, milliseconds)
      signal?.addEventListener('abort', onAbort, { once: true })
    }),
}

/** A clock that stands at `instant`, for judging recorded data by its own time. Sleeping still takes real time. */
export function clockAt(instant: number): Clock {
  return { now: () => instant, sleep: platformClock.sleep }
}
