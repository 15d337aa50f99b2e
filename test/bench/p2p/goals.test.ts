import { expect, test } from 'vitest'
import { NAMES, row, verdictOf } from './goals.ts'
import { reportText } from './report-text.ts'

test.each([
  [NAMES.answers, 999, 'short'],
  [NAMES.answers, 1000, 'least'],
  [NAMES.answers, 3000, 'aim'],
  [NAMES.cold, 1501, 'short'],
  [NAMES.cold, 1500, 'aim'],
  ['something for information', 1, null],
] as const)('%s: %d is judged %s', (name, value, verdict) => {
  expect(verdictOf(row('node', name, value, '/s'))).toBe(verdict)
})

test('the report says what falls short, and shows each note once', () => {
  const text = reportText([
    row('node', NAMES.answers, 640, '/s', 'two cores'),
    row('chromium', NAMES.warm, 210, 'ms', 'two cores'),
    row('node', 'dial', 12.34, 'ms'),
  ])
  expect(text).toMatch(/cached evidence answers +640 \/s +≥ 1000 +≥ 3000 +FALLS SHORT +1\)/)
  expect(text).toMatch(/warm +210 ms +≤ 300 +reaches its goal +1\)/)
  expect(text.match(/two cores/g)).toHaveLength(1)
  expect(text).toContain('1 of 2 goals are reached')
})
