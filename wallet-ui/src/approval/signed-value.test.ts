import { expect, test } from 'vitest'
import { atomText, isLargest } from './signed-value.ts'

test('text cannot hide or turn itself round', () => {
  expect(atomText('Pay \u202e001 to Bob\u200b\n')).toBe('Pay \\u{202e}001 to Bob\\u{200b}\\u{a}')
  expect(atomText('Grüße 🙂 مرحبا')).toBe('Grüße 🙂 مرحبا')
})

test('numbers, truth and bytes', () => {
  expect(atomText(-(2n ** 70n))).toBe('-1180591620717411303424')
  expect(atomText(false)).toBe('false')
  expect(atomText(Uint8Array.of(0, 255))).toBe('0x00ff')
  expect(atomText(new Uint8Array(0))).toBe('0x')
})

test('only the greatest of its own type is without limit', () => {
  const line = (type: string, value: bigint) => ({ path: 'amount', depth: 0, name: 'amount', type, value })
  expect(isLargest(line('uint256', 2n ** 256n - 1n))).toBe(true)
  expect(isLargest(line('uint', 2n ** 256n - 1n))).toBe(true)
  expect(isLargest(line('uint160', 2n ** 160n - 1n))).toBe(true)
  expect(isLargest(line('uint256', 2n ** 160n - 1n))).toBe(false)
  expect(isLargest(line('int256', 2n ** 255n - 1n))).toBe(false)
})
