/**
 * Amounts between the ledger's smallest unit and what a person reads and types. All exact, all bigint: a float never
 * touches an amount.
 * @module
 */

export const ETHER_DECIMALS = 18
export const GWEI_DECIMALS = 9

/** Decimal and grouping sign of a language, e.g. `,` and `.` in German. */
export interface Signs {
  readonly decimal: string
  readonly group: string
}

export function signsOf(language: string): Signs {
  const parts = new Intl.NumberFormat(language, { useGrouping: true }).formatToParts(1_234_567.5)
  return {
    decimal: parts.find((part) => part.type === 'decimal')?.value ?? '.',
    group: parts.find((part) => part.type === 'group')?.value ?? ',',
  }
}

/** Exact decimal text without grouping, `.` as decimal sign and no trailing zeros: 1500000000000000000n → `1.5`. */
export function exactUnits(value: bigint, decimals: number): string {
  const negative = value < 0n
  const digits = (negative ? -value : value).toString().padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '')
  return `${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`
}

/**
 * For reading: grouped, the language's signs, at most `maxFraction` digits after the sign. Cut digits leave an ellipsis;
 * an amount too small for the digits prints as `<0.000001`, never as zero.
 */
export function readableUnits(value: bigint, decimals: number, signs: Signs, maxFraction = 6): string {
  const [whole = '0', fraction = ''] = exactUnits(value < 0n ? -value : value, decimals).split('.')
  const kept = fraction.slice(0, maxFraction)
  const minus = value < 0n ? '−' : ''
  if (whole === '0' && fraction !== '' && /^0*$/.test(kept) && maxFraction > 0)
    return `${minus}<0${signs.decimal}${'1'.padStart(maxFraction, '0')}`
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, signs.group)
  const cut = fraction.length > kept.length ? '…' : ''
  return `${minus}${grouped}${kept === '' ? '' : signs.decimal + kept}${cut}`
}

/** For a text field: every digit, the language's decimal sign, no grouping. */
export function typedUnits(value: bigint, decimals: number, signs: Signs): string {
  return exactUnits(value, decimals).replace('.', signs.decimal)
}

/** Of 2²⁵⁶, the number that no amount on the ledger reaches. */
const MOST_DIGITS = 78

export type ParsedAmount =
  | { readonly ok: true; readonly value: bigint }
  | { readonly ok: false; readonly problem: 'empty' | 'not-a-number' | 'grouping' | 'too-fine' | 'beyond' }

/**
 * Reads what a person typed. `.` and `,` both serve as decimal sign, but a text that could be a grouped number in the
 * language (`1.000` in German) is refused: guessing wrong would cost a factor of a thousand. `beyond`: no word of the
 * ledger holds it.
 */
export function parseAmount(text: string, decimals: number, signs: Signs): ParsedAmount {
  const trimmed = text.trim()
  if (trimmed === '') return { ok: false, problem: 'empty' }
  const match = /^(\d*)(?:([.,])(\d*))?$/.exec(trimmed)
  if (!match) return { ok: false, problem: /^[\d.,\s'’]+$/.test(trimmed) ? 'grouping' : 'not-a-number' }
  const [, whole = '', sign, fraction = ''] = match
  if (whole === '' && fraction === '') return { ok: false, problem: 'not-a-number' }
  if (sign !== undefined && sign === signs.group && /^[1-9]\d{0,2}$/.test(whole) && fraction.length === 3)
    return { ok: false, problem: 'grouping' }
  const significant = fraction.replace(/0+$/, '')
  if (significant.length > decimals) return { ok: false, problem: 'too-fine' }
  // Before it is made a number: that of many thousand digits takes its time.
  if (whole.replace(/^0+/, '').length > MOST_DIGITS) return { ok: false, problem: 'beyond' }
  const value = BigInt(whole || '0') * 10n ** BigInt(decimals) + BigInt(significant.padEnd(decimals, '0') || '0')
  return value < 2n ** 256n ? { ok: true, value } : { ok: false, problem: 'beyond' }
}
