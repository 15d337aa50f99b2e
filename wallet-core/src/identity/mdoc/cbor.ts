/** CBOR as ISO/IEC 18013-5 uses it: bytes inside of bytes (tag 24) stay as they came, because they are what is hashed. @module */
import { decode, encode, Tagged } from 'cborg'
import { MalformedCredential } from '../credential/errors.ts'

/** Embedded CBOR, text with a time (RFC 8949 §3.4), and a date (RFC 8943). */
const EMBEDDED = 24
const TIME = 0
const FULL_DATE = 1004

export type CborMap = ReadonlyMap<unknown, unknown>

/** @throws {MalformedCredential} naming `what` */
export function fromCbor(bytes: Uint8Array, what: string): unknown {
  try {
    const tags = Tagged.preserve(TIME, 1, EMBEDDED, FULL_DATE)
    return decode(bytes, { useMaps: true, rejectDuplicateMapKeys: true, allowIndefinite: true, tags })
  } catch (cause) {
    throw new MalformedCredential(`${what} is not CBOR`, cause)
  }
}

export const toCbor = (value: unknown): Uint8Array => encode(value)
export const embedded = (bytes: Uint8Array): Tagged => new Tagged(EMBEDDED, bytes)

/** @throws {MalformedCredential} naming `what` */
export function embeddedBytes(value: unknown, what: string): Uint8Array {
  if (value instanceof Tagged && value.tag === EMBEDDED && value.value instanceof Uint8Array) return value.value
  throw new MalformedCredential(`${what} is not embedded CBOR`)
}

/** @throws {MalformedCredential} naming `what` */
export function mapOf(value: unknown, what: string): CborMap {
  if (value instanceof Map) return value
  throw new MalformedCredential(`${what} is not a map`)
}

/** @throws {MalformedCredential} naming `what` */
export function textOf(value: unknown, what: string): string {
  if (typeof value === 'string' && value !== '' && value.length <= 256) return value
  throw new MalformedCredential(`${what} is not text`)
}

/** ms since the epoch. @throws {MalformedCredential} naming `what` */
export function timeOf(value: unknown, what: string): number {
  const time = value instanceof Tagged && value.tag === TIME ? Date.parse(String(value.value)) : Number.NaN
  if (Number.isNaN(time)) throw new MalformedCredential(`${what} is not a time`)
  return time
}

/** As JSON would have it: dates as text, bytes as their number. */
export function readable(value: unknown): unknown {
  if (value instanceof Tagged) return readable(value.value)
  if (value instanceof Uint8Array) return `(${value.length} bytes)`
  if (typeof value === 'bigint') return String(value)
  if (Array.isArray(value)) return value.map(readable)
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([name, inner]) => [String(name), readable(inner)]))
  return value ?? null
}
