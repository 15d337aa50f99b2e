import { GlowwormError } from '../errors.ts'
import type { Hex } from '../ledgers/ethereum/evidence.ts'

// marked so that bundles that only join bytes leave these out
const ASCII = /* @__PURE__ */ Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0))
const ascii = /* @__PURE__ */ new TextDecoder()

/** Bytes as 0x-prefixed lower-case hex. Not put together digit by digit: the collector pays dearly for long ropes. */
export function toHex(bytes: Uint8Array): Hex {
  const text = new Uint8Array(2 + 2 * bytes.length)
  text.set([48, 120]) // 0x
  for (let i = 0; i < bytes.length; i++) {
    text[2 + 2 * i] = ASCII[bytes[i]! >> 4]!
    text[3 + 2 * i] = ASCII[bytes[i]! & 15]!
  }
  return ascii.decode(text) as Hex
}

/**
 * 0x-prefixed hex as bytes. `length` fixes the number of bytes.
 * @throws {InvalidHex}
 */
export function fromHex(text: unknown, what: string, length?: number): Uint8Array {
  // Digits one by one: a group that repeats overflows the stack of the engine where the text has some megabytes.
  if (typeof text !== 'string' || text.length % 2 || !/^0x[0-9a-fA-F]*$/.test(text))
    throw new InvalidHex(what, `expected 0x and an even number of hex digits`)
  const bytes = new Uint8Array(text.length / 2 - 1)
  if (length !== undefined && bytes.length !== length)
    throw new InvalidHex(what, `expected ${length} bytes, got ${bytes.length}`)
  // letters have the seventh bit, and low bits that count from one in both cases
  const digit = (at: number) => (text.charCodeAt(at) & 15) + 9 * (text.charCodeAt(at) >> 6)
  for (let i = 0; i < bytes.length; i++) bytes[i] = 16 * digit(2 + 2 * i) + digit(3 + 2 * i)
  return bytes
}

/** A JSON-RPC quantity (`0x` and no leading zeros, but leading zeros are tolerated). @throws {InvalidHex} */
export function quantity(text: unknown, what: string): bigint {
  if (typeof text !== 'string' || !/^0x[0-9a-fA-F]{1,64}$/.test(text))
    throw new InvalidHex(what, 'expected a 0x quantity of at most 256 bits')
  return BigInt(text)
}

/** A number as a JSON-RPC quantity. */
export function toQuantity(value: bigint | number): Hex {
  return `0x${value.toString(16)}`
}

export function bytesEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

/** Big-endian bytes as a number; no length limit. */
export function toBigInt(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(toHex(bytes))
}

/** A number as big-endian bytes without leading zeros (0 is the empty string), as RLP wants it. */
export function minimalBytes(value: bigint): Uint8Array {
  if (value === 0n) return new Uint8Array(0)
  const digits = value.toString(16)
  return fromHex(`0x${digits.length % 2 ? '0' : ''}${digits}`, 'value')
}

/** Text that is not the hex it should be. */
export class InvalidHex extends GlowwormError {
  constructor(what: string, expected: string) {
    super({ name: 'Data.InvalidHex', code: 'INVALID_HEX', kind: 'usage' }, `${what}: ${expected}`)
  }
}
