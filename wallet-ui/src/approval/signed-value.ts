/** Signed values as text that cannot pretend to be something else. */
import type { SignedLine } from '@glowworm/wallet-core/facade/facade'

/** Characters that are not seen, or that move others: they are written out. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu

export function atomText(value: NonNullable<SignedLine['value']>): string {
  if (typeof value === 'string') return visible(value)
  if (value instanceof Uint8Array) return value.length === 0 ? '0x' : `0x${hex(value)}`
  return String(value)
}

/** The greatest value of its type: contracts take it for "without limit". */
export function isLargest({ type, value }: SignedLine): boolean {
  const bits = /^uint(\d*)$/.exec(type)
  return bits !== null && typeof value === 'bigint' && value === (1n << BigInt(bits[1] || 256)) - 1n
}

function visible(text: string): string {
  return text.replace(HIDDEN, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`)
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
