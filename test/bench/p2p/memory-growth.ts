/** Whether memory grows, from samples over time. @module */

export interface Sample {
  /** Milliseconds since the beginning. */
  readonly at: number
  /** Bytes. */
  readonly bytes: number
}

/**
 * Bytes a minute, by the line through the samples of the last two thirds; before that, caches fill and code is
 * compiled. Theil and Sen's: the median of the slopes of all pairs, so that single samples do not tilt it.
 */
export function growthPerMinute(samples: readonly Sample[]): number {
  const late = samples.slice(Math.floor(samples.length / 3))
  const slopes = late.flatMap((a, i) => late.slice(i + 1).map((b) => (b.bytes - a.bytes) / (b.at - a.at)))
  if (slopes.length === 0) throw new Error('too few samples to tell whether memory grows')
  return slopes.sort((a, b) => a - b)[slopes.length >> 1]! * 60_000
}
