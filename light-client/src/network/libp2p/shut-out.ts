/**
 * Whom not to be connected to any more: a place that a liar takes is a place an honest peer does not get, and all the
 * places of a node are few. Pure; the time is given.
 * @module
 */

export interface ShutOut {
  /** This peer passed on something provably false. @returns whether that was once too often */
  passedOnFalse(peer: string, now: number): boolean
  /** It was caught lying about what it was asked. */
  bar(peer: string): void
  isBarred(peer: string, now: number): boolean
}

/** Passing on one false update may be the fault of an old version; a second one within this time is a habit. */
const HABIT_WITHIN = 10 * 60_000
/** Milliseconds; gossip proves who passed something on, but keeps no evidence of it. */
const BARRED_FOR = 60 * 60_000
/** Names are free, so the oldest are forgotten. */
const MOST = 1024

export function createShutOut(): ShutOut {
  const firstFalse = new Map<string, number>()
  const barredUntil = new Map<string, number>()
  const keep = (map: Map<string, number>, peer: string, value: number) => {
    map.delete(peer)
    map.set(peer, value)
    if (map.size > MOST) map.delete(map.keys().next().value!)
  }
  return {
    passedOnFalse(peer, now) {
      const before = firstFalse.get(peer)
      keep(firstFalse, peer, now)
      if (before === undefined || now - before > HABIT_WITHIN) return false
      keep(barredUntil, peer, now + BARRED_FOR)
      return true
    },
    bar: (peer) => keep(barredUntil, peer, Number.POSITIVE_INFINITY),
    isBarred: (peer, now) => (barredUntil.get(peer) ?? 0) > now,
  }
}
