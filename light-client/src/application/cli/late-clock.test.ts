import { expect, it } from 'vitest'
import { timeOfSlot } from '../../ledgers/ethereum/forks.ts'
import { PROFILES } from '../../ledgers/ethereum/profiles.ts'
import { warnOfLateClock } from './late-clock.ts'
import type { Output } from './output.ts'

const SLOT = 10_000_000
const at = timeOfSlot(PROFILES.mainnet, SLOT)

it.each([
  [-86_400_000, /at least 1440 minutes behind/],
  [-61_000, /at least 1 minutes behind/],
  [-59_000, null],
  [86_400_000, null],
])('a clock %d ms from a proven slot', (off, said) => {
  const warnings: string[] = []
  const output = { warn: (text: string) => warnings.push(text) } as unknown as Output
  const clock = { now: () => at + off, sleep: () => Promise.reject(new Error('nobody sleeps')) }
  expect(warnOfLateClock(SLOT, PROFILES.mainnet, clock, output)).toBe(said !== null)
  expect(warnings).toEqual(said === null ? [] : [expect.stringMatching(said)])
})
