import { expect, test } from 'vitest'
import { growthPerMinute } from './memory-growth.ts'

const samples = (bytes: (second: number) => number) =>
  Array.from({ length: 60 }, (_, second) => ({ at: second * 1000, bytes: bytes(second) }))

test('what is lost for ever shows, whatever the noise', () => {
  const leak = samples((second) => 50e6 + second * 100_000 + (second % 7) * 400_000)
  expect(growthPerMinute(leak)).toBeGreaterThan(5e6)
  expect(growthPerMinute(leak)).toBeLessThan(7e6)
})

test('what fills at first and then stays does not count, and neither does a single sample', () => {
  expect(growthPerMinute(samples((second) => Math.min(second, 15) * 1e6))).toBe(0)
  expect(growthPerMinute(samples((second) => (second === 59 ? 90e6 : 50e6)))).toBe(0)
})

test('two samples are too few', () => {
  expect(() => growthPerMinute(samples(() => 1).slice(0, 1))).toThrow('too few')
})
