/**
 * For how long a node upstream that was caught lying is not asked. It stands in a fixed place, may be the only one its
 * owner has, and may have been repaired: ten minutes, doubling with each lie up to a day. Pure; the time is given.
 * @module
 */

/** Milliseconds. */
const FIRST = 10 * 60_000
const LONGEST = 24 * 3600_000

export interface Convictions<K> {
  isBarred(node: K, now: number): boolean
  /** @returns until when it is barred; lies while it is barred, by answers under way, do not count again */
  convict(node: K, now: number): number
}

export function createConvictions<K>(): Convictions<K> {
  const terms = new Map<K, { readonly term: number; readonly until: number }>()
  const isBarred = (node: K, now: number) => (terms.get(node)?.until ?? 0) > now
  return {
    isBarred,
    convict(node, now) {
      const before = terms.get(node)
      if (before && isBarred(node, now)) return before.until
      // a node that has been honest for as long as the longest term begins anew
      const repeated = before && now - before.until < LONGEST
      const term = repeated ? Math.min(LONGEST, before.term * 2) : FIRST
      terms.set(node, { term, until: now + term })
      return now + term
    },
  }
}
