/** How well a peer has done: pure arithmetic, the time is always given. @module */

/** What happened with one request to a peer. */
export type Happening =
  /** Its evidence was proven true. */
  | { readonly kind: 'held'; readonly milliseconds: number }
  /** It answered honestly, and it was of no use: it does not have it, or has nothing newer. */
  | { readonly kind: 'useless' }
  /** No answer, a broken one, or one cut off. */
  | { readonly kind: 'failed' }

export interface Standing {
  /** Decaying counts, as of `at`. */
  readonly held: number
  readonly failed: number
  /** Milliseconds an answer takes, moving average; null before the first. */
  readonly latency: number | null
  /** Failures in a row. */
  readonly row: number
  /** It is asked only when nobody else is left, until then. */
  readonly restsUntil: number
  readonly at: number
}

export const NEW_STANDING: Standing = { held: 0, failed: 0, latency: null, row: 0, restsUntil: 0, at: 0 }

/** Milliseconds after which what a peer did counts half. */
export const HALF_LIFE = 10 * 60_000
/** Answers that held beyond this many add nothing: an old friend must not become unbeatable. */
const ENOUGH = 20
/** Milliseconds at which an answer counts as slow altogether. */
const SLOW = 5_000
const REST_FIRST = 2_000
const REST_LONGEST = 5 * 60_000

/** @param random 0 up to 1; spreads the rests of many askers of one peer */
export function afterHappening(before: Standing, happening: Happening, now: number, random: number): Standing {
  const { held, failed, latency, row, restsUntil } = decayed(before, now)
  switch (happening.kind) {
    case 'held': {
      const taken = Math.max(0, happening.milliseconds)
      return {
        held: held + 1,
        failed,
        latency: latency === null ? taken : latency * 0.8 + taken * 0.2,
        row: 0,
        restsUntil: 0,
        at: now,
      }
    }
    case 'useless':
      return { held, failed, latency, row: 0, restsUntil, at: now }
    case 'failed': {
      const rest = Math.min(REST_LONGEST, REST_FIRST * 2 ** Math.min(row, 20)) * (1 + random / 2)
      return { held, failed: failed + 1, latency, row: row + 1, restsUntil: now + rest, at: now }
    }
  }
}

/** From about 1 (answers well and fast) over 0 (nothing known) downwards (failures). */
export function scoreOf(standing: Standing, now: number): number {
  const { held, failed, latency } = decayed(standing, now)
  const slowness = latency === null ? 0 : Math.min(1, latency / SLOW) / 2
  return Math.min(held, ENOUGH) / ENOUGH - failed - slowness * Math.min(1, held)
}

function decayed(standing: Standing, now: number): Standing {
  const share = 0.5 ** (Math.max(0, now - standing.at) / HALF_LIFE)
  return { ...standing, held: standing.held * share, failed: standing.failed * share }
}
