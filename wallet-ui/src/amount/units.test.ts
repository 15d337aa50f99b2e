import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exactUnits, parseAmount, readableUnits, signsOf, typedUnits } from './units.ts'

const en = signsOf('en')
const de = signsOf('de')

describe('exactUnits', () => {
  it('places the decimal sign without a float', () => {
    expect(exactUnits(1_500_000_000_000_000_000n, 18)).toBe('1.5')
    expect(exactUnits(1n, 18)).toBe('0.000000000000000001')
    expect(exactUnits(123_456_789_012_345_678_901_234_567_890n, 18)).toBe('123456789012.34567890123456789')
    expect(exactUnits(0n, 18)).toBe('0')
    expect(exactUnits(-25n, 1)).toBe('-2.5')
    expect(exactUnits(25n, 0)).toBe('25')
  })

  it('is undone by parseAmount for every amount and language', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), fc.constantFrom(en, de), (value, signs) => {
        const parsed = parseAmount(typedUnits(value, 18, signs), 18, signs)
        expect(parsed).toEqual({ ok: true, value })
      }),
    )
  })
})

describe('readableUnits', () => {
  it('groups and uses the signs of the language', () => {
    expect(readableUnits(1_234_567n * 10n ** 18n, 18, en)).toBe('1,234,567')
    expect(readableUnits(1_234_567_500_000_000_000_000_000n, 18, de)).toBe('1.234.567,5')
  })

  it('marks cut digits and never prints a small amount as zero', () => {
    expect(readableUnits(1_234_567_890_000_000_000n, 18, en)).toBe('1.234567…')
    expect(readableUnits(1n, 18, en)).toBe('<0.000001')
    expect(readableUnits(-1n, 18, de)).toBe('−<0,000001')
    expect(readableUnits(0n, 18, en)).toBe('0')
    expect(readableUnits(10n ** 18n + 1n, 18, en)).toBe('1.000000…')
  })
})

describe('parseAmount', () => {
  it('takes both decimal signs', () => {
    expect(parseAmount('0.5', 18, en)).toEqual({ ok: true, value: 5n * 10n ** 17n })
    expect(parseAmount(' 0,5 ', 18, en)).toEqual({ ok: true, value: 5n * 10n ** 17n })
    expect(parseAmount('.5', 18, de)).toEqual({ ok: true, value: 5n * 10n ** 17n })
    expect(parseAmount('0,500', 18, en)).toEqual({ ok: true, value: 5n * 10n ** 17n })
  })

  it('refuses what might be a grouped number', () => {
    expect(parseAmount('1.000', 18, de)).toEqual({ ok: false, problem: 'grouping' })
    expect(parseAmount('1,000', 18, en)).toEqual({ ok: false, problem: 'grouping' })
    expect(parseAmount('1,000', 18, de)).toEqual({ ok: true, value: 10n ** 18n })
    expect(parseAmount('1,000.5', 18, en)).toEqual({ ok: false, problem: 'grouping' })
    expect(parseAmount('1 000', 18, en)).toEqual({ ok: false, problem: 'grouping' })
  })

  it('refuses what no word of the ledger holds, however long it is', () => {
    const most = 2n ** 256n - 1n
    expect(parseAmount(exactUnits(most, 18), 18, en)).toEqual({ ok: true, value: most })
    expect(parseAmount(`${'0'.repeat(100)}1`, 18, en)).toEqual({ ok: true, value: 10n ** 18n })
    for (const text of [exactUnits(most + 1n, 18), '9'.repeat(79), '9'.repeat(1_000_000)])
      expect(parseAmount(text, 18, en)).toEqual({ ok: false, problem: 'beyond' })
    expect(parseAmount((most + 1n).toString(), 0, en)).toEqual({ ok: false, problem: 'beyond' })
  })

  it('refuses what is no amount', () => {
    for (const text of ['abc', '-1', '1e18', '0x10', '.', ',', '+1', 'NaN', '١'])
      expect(parseAmount(text, 18, en)).toEqual({ ok: false, problem: 'not-a-number' })
    expect(parseAmount('  ', 18, en)).toEqual({ ok: false, problem: 'empty' })
    expect(parseAmount(`0.${'0'.repeat(18)}1`, 18, en)).toEqual({ ok: false, problem: 'too-fine' })
    expect(parseAmount(`0.1${'0'.repeat(30)}`, 18, en)).toEqual({ ok: true, value: 10n ** 17n })
  })
})
