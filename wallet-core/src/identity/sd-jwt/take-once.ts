import type { TakeOnce } from './verify.ts'

/** Holds no more than this: a verifier that is flooded refuses everything rather than taking something twice. */
const MOST_REMEMBERED = 100_000

/** In the memory of one process. */
export function rememberTaken(clock: { now(): number }): TakeOnce {
  const taken = new Map<string, number>()
  return (digest, until) => {
    const now = clock.now()
    if (taken.size >= MOST_REMEMBERED) for (const [old, end] of taken) if (end < now) taken.delete(old)
    if (taken.has(digest) || taken.size >= MOST_REMEMBERED) return false
    taken.set(digest, until)
    return true
  }
}
