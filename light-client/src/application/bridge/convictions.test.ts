import { expect, test } from 'vitest'
import { createConvictions } from './convictions.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

test('terms double up to a day, and begin anew after a day of honesty', () => {
  const convictions = createConvictions<string>()
  let now = 5 * DAY
  const terms: number[] = []
  for (let i = 0; i < 10; i++) {
    const until = convictions.convict('node', now)
    terms.push((until - now) / MINUTE)
    expect(convictions.isBarred('node', until - 1)).toBe(true)
    expect(convictions.isBarred('node', until)).toBe(false)
    now = until + 1
  }
  expect(terms).toEqual([10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440])
  expect(convictions.isBarred('another', now)).toBe(false)
  now += DAY
  expect(convictions.convict('node', now) - now).toBe(10 * MINUTE)
})

test('several lies of one moment are one conviction', () => {
  const convictions = createConvictions<string>()
  const until = convictions.convict('node', 1000)
  expect(convictions.convict('node', 2000)).toBe(until)
  expect(convictions.convict('node', until) - until).toBe(20 * MINUTE)
})
