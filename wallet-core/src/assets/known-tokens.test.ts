import type { Hex } from '@glowworm/light-client'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { imitated, type ListedToken } from './known-tokens.ts'

const REAL: Hex = `0x${'11'.repeat(20)}`
const OTHER: Hex = `0x${'22'.repeat(20)}`
const listed: readonly ListedToken[] = [{ address: REAL, symbol: 'USDC' }]

test.each([
  ['the same letters', 'USDC'],
  ['small ones', 'usdc'],
  ['a Cyrillic С', 'USD\u0421'],
  ['wide ones', '\uff35\uff33\uff24\uff23'],
  ['an accent', 'U\u0301SDC'],
  ['signs between them', 'U.S.D-C'],
  ['something unseen', 'US\u200bDC'],
  ['a sign behind them', 'USDC\u2713'],
])('another contract with %s borrows the name', (_, symbol) => {
  expect(imitated(symbol, OTHER, listed)).toBe(REAL)
  expect(imitated(symbol, REAL, listed)).toBeNull()
})

test('a name of its own is borrowed from nobody, and no name makes it fail', () => {
  for (const symbol of ['USDT', 'USDCX', 'SDC', '', '\u2713']) expect(imitated(symbol, OTHER, listed)).toBeNull()
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (symbol) => {
      const found = imitated(symbol, OTHER, listed)
      expect(found === null || found === REAL).toBe(true)
    }),
  )
})
