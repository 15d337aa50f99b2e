import { expect, test } from 'vitest'
import { createShutOut } from './shut-out.ts'

const MINUTE = 60_000

test('one false update may be a mistake, two within minutes are not', () => {
  const shutOut = createShutOut()
  expect(shutOut.passedOnFalse('a', 0)).toBe(false)
  expect(shutOut.isBarred('a', 0)).toBe(false)
  expect(shutOut.passedOnFalse('b', MINUTE)).toBe(false)
  expect(shutOut.passedOnFalse('a', 2 * MINUTE)).toBe(true)
  expect([shutOut.isBarred('a', 2 * MINUTE), shutOut.isBarred('b', 2 * MINUTE)]).toEqual([true, false])
  expect(shutOut.passedOnFalse('b', 30 * MINUTE)).toBe(false)
  expect(shutOut.isBarred('a', 61 * MINUTE)).toBe(true)
  expect(shutOut.isBarred('a', 63 * MINUTE)).toBe(false)
})

test('a lie about what was asked has no end', () => {
  const shutOut = createShutOut()
  shutOut.bar('a')
  expect(shutOut.isBarred('a', Number.MAX_SAFE_INTEGER)).toBe(true)
})

test('very many liars are remembered within bounds, the newest for sure', () => {
  const shutOut = createShutOut()
  for (let i = 0; i < 5000; i++) shutOut.bar(`liar ${i}`)
  expect(shutOut.isBarred('liar 4999', 0)).toBe(true)
  expect(shutOut.isBarred('liar 0', 0)).toBe(false)
})
