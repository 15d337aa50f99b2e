import { describe, expect, it } from 'vitest'
import { strongestEvidence, welch } from './t-test.ts'

/** Numbers from 0 to 1 that repeat (mulberry32). */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Times as a machine gives them, with a long tail; `shape` may change those of class 1. */
function samples(shape: (time: number, random: () => number) => number) {
  const random = generator(7)
  const classes = Uint8Array.from({ length: 20_000 }, () => (random() < 0.5 ? 0 : 1))
  const times = Float64Array.from(classes, (own) => {
    const time = 40 + random() + (random() < 0.05 ? 400 * random() : 0)
    return own ? shape(time, random) : time
  })
  return { times, classes }
}

describe("Welch's t", () => {
  it('is the difference of means over its standard error', () => {
    const classes = Uint8Array.from({ length: 2000 }, (_, i) => i & 1)
    // Class 0: 10, 12, 10, …; class 1: 11, 13, 11, …: variance 1000/999 each, so t = 1/√(2/999).
    const times = Float64Array.from(classes, (own, i) => 10 + own + (i & 2))
    expect(welch(times, classes, Number.POSITIVE_INFINITY)).toBeCloseTo(Math.sqrt(999 / 2), 6)
  })

  it('is not computed of fewer than a thousand', () => {
    expect(welch(new Float64Array(1000).fill(1), new Uint8Array(1000), Number.POSITIVE_INFINITY)).toBe(0)
  })
})

describe('the strongest evidence', () => {
  it('is weak when the classes are alike', () => {
    expect(strongestEvidence(samples((time) => time)).t).toBeLessThan(4.5)
  })

  it('finds a tenth of a microsecond under noise a thousand times as large', () => {
    expect(strongestEvidence(samples((time) => time + 0.1)).t).toBeGreaterThan(10)
  })

  it('finds times that differ in spread alone', () => {
    const wider = samples((time, random) => time + (random() - 0.5) * 600)
    expect(strongestEvidence(wider).t).toBeGreaterThan(10)
  })
})
