/** Welch's t-test with cropping, as dudect does it (Reparaz, Balasch, Verbauwhede, "Dude, is my code constant time?", 2017). */

/** Times of two classes of inputs, in the order in which they were measured. */
export interface Samples {
  readonly times: Float64Array
  /** 0 or 1 for each. */
  readonly classes: Uint8Array
}

export interface Verdict {
  /** The largest |t| of all tests. */
  readonly t: number
  /** Which test that was. */
  readonly test: string
}

const CROPS = 100

/** The whole, then without what is slower than each of many percentiles, then of the squared distances from the mean. */
export function strongestEvidence({ times, classes }: Samples): Verdict {
  const sorted = times.slice().sort()
  const limits = Array.from({ length: CROPS }, (_, i) => 1 - 0.5 ** ((10 * (i + 1)) / CROPS))
  const middle = means(times, classes)
  const spread = times.map((time, i) => (time - middle[classes[i]!]!) ** 2)
  const tests: Verdict[] = [
    { test: 'all times', t: welch(times, classes, Number.POSITIVE_INFINITY) },
    { test: 'spread of all times', t: welch(spread, classes, Number.POSITIVE_INFINITY) },
    ...limits.map((limit) => ({
      test: `the fastest ${(100 * limit).toFixed(1)} %`,
      t: welch(times, classes, sorted[Math.floor(limit * (sorted.length - 1))]!),
    })),
  ]
  return tests.reduce((worst, one) => (one.t > worst.t ? one : worst))
}

/** |t| of the values up to `limit`; 0 when a class has fewer than a thousand. */
export function welch(values: Float64Array, classes: Uint8Array, limit: number): number {
  const count = [0, 0]
  const mean = [0, 0]
  const squares = [0, 0]
  for (const [i, value] of values.entries()) {
    if (value > limit) continue
    const k = classes[i]! // Welford's running mean and sum of squares
    count[k]!++
    const before = value - mean[k]!
    mean[k]! += before / count[k]!
    squares[k]! += before * (value - mean[k]!)
  }
  if (Math.min(...count) < 1000) return 0
  const error = squares.reduce((sum, square, k) => sum + square / (count[k]! - 1) / count[k]!, 0)
  return error === 0 ? 0 : Math.abs(mean[0]! - mean[1]!) / Math.sqrt(error)
}

function means(values: Float64Array, classes: Uint8Array): number[] {
  return [0, 1].map((k) => {
    const own = values.filter((_, i) => classes[i] === k)
    return own.reduce((sum, value) => sum + value, 0) / own.length
  })
}
