import fc from 'fast-check'
import { expect, test } from 'vitest'
import { peerConnectionBudget } from './peer-connection-budget.ts'

test('whatever the attempts, an hour never begins as many connections as a tab has', () => {
  const pauses = fc.array(fc.oneof(fc.constant(0), fc.nat(2_000)), { minLength: 500, maxLength: 3_000 })
  fc.assert(
    fc.property(pauses, fc.constantFrom(1, 400, 40_000), (steps, stretch) => {
      let now = 0
      const budget = peerConnectionBudget({ now: () => now })
      const begun: number[] = []
      for (const pause of steps) {
        now += pause * stretch
        if (budget.take()) begun.push(now)
      }
      let from = 0
      for (let to = 0; to < begun.length; to++) {
        while (begun[from]! < begun[to]! - 3_600_000) from++
        expect(to - from + 1).toBeLessThanOrEqual(60 + 240 + 1)
      }
    }),
    { numRuns: 30 },
  )
})

test('it comes back with time, and a clock that goes backwards gives nothing', () => {
  let now = 1_000_000
  const budget = peerConnectionBudget({ now: () => now }, 2, 1000)
  expect([budget.take(), budget.take(), budget.take()]).toEqual([true, true, false])
  now -= 500_000
  expect(budget.take()).toBe(false)
  now += 1000
  expect([budget.take(), budget.take()]).toEqual([true, false])
})
