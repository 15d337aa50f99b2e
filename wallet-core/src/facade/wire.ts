/**
 * Plain data plus `bigint` and `Uint8Array` as JSON-safe values: `chrome.runtime` and `chrome.storage` know JSON only
 * and turn bytes into `{}` without a word. Where a channel copies bytes as bytes they stay what they are, so that no
 * secret becomes a string on its way; all else is the same everywhere.
 *
 * A bigint becomes `{"$": "n", "v": decimal}`, bytes become `{"$": "b", "v": base64}`; an object that itself has a
 * key `$` is wrapped as `{"$": "o", "v": object}`. `undefined` members are left out.
 * @module
 */
import { base64 } from '@scure/base'
import { WalletError } from '../errors.ts'

export type Wire = null | boolean | number | string | Uint8Array | readonly Wire[] | { readonly [key: string]: Wire }

/** How bytes cross: as base64, or as they are. */
export type BytesCross = 'as-text' | 'as-bytes'

/** @throws {NotPlainData} functions, symbols, class instances, numbers that JSON lacks, nesting deeper than 32. */
export function toWire(value: unknown, bytes: BytesCross = 'as-text', depth = 0): Wire {
  if (depth > 32) throw new NotPlainData('nested too deeply')
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      if (!Number.isFinite(value)) throw new NotPlainData('a number that is not finite')
      return value
    case 'bigint':
      return { $: 'n', v: value.toString() }
    case 'object': {
      if (value === null) return null
      if (value instanceof Uint8Array) return bytes === 'as-bytes' ? value : { $: 'b', v: base64.encode(value) }
      if (Array.isArray(value)) return value.map((item) => toWire(item, bytes, depth + 1))
      const prototype: unknown = Object.getPrototypeOf(value)
      if (prototype !== Object.prototype && prototype !== null) throw new NotPlainData('an instance of a class')
      const entries = Object.entries(value).filter(([, item]) => item !== undefined)
      const plain = Object.fromEntries(entries.map(([key, item]) => [key, toWire(item, bytes, depth + 1)]))
      return Object.hasOwn(plain, '$') ? { $: 'o', v: plain } : plain
    }
    default:
      throw new NotPlainData(`a ${typeof value}`)
  }
}

/** @throws {NotPlainData} for anything `toWire` cannot have made. */
export function fromWire(wire: unknown, depth = 0): unknown {
  if (depth > 64) throw new NotPlainData('nested too deeply')
  if (wire === null || typeof wire === 'string' || typeof wire === 'boolean') return wire
  if (typeof wire === 'number') {
    if (!Number.isFinite(wire)) throw new NotPlainData('a number that is not finite')
    return wire
  }
  if (typeof wire !== 'object') throw new NotPlainData(`a ${typeof wire}`)
  if (wire instanceof Uint8Array) return wire
  if (Array.isArray(wire)) return wire.map((item) => fromWire(item, depth + 1))
  const fields = wire as Record<string, unknown>
  if (!Object.hasOwn(fields, '$')) return membersOf(fields, depth)
  const { $: mark, v: inner } = fields
  if (mark === 'n' && typeof inner === 'string' && /^(0|-?[1-9][0-9]{0,99})$/.test(inner)) return BigInt(inner)
  if (mark === 'b' && typeof inner === 'string') return bytesOf(inner)
  if (mark === 'o' && typeof inner === 'object' && inner !== null && !Array.isArray(inner))
    return membersOf(inner as Record<string, unknown>, depth)
  throw new NotPlainData('an unknown mark')
}

function membersOf(fields: Record<string, unknown>, depth: number): Record<string, unknown> {
  const entries = Object.entries(fields).map(([key, item]) => [key, fromWire(item, depth + 1)] as const)
  return Object.fromEntries(entries)
}

function bytesOf(text: string): Uint8Array {
  try {
    return base64.decode(text)
  } catch (cause) {
    throw new NotPlainData('bytes that are not base64', cause)
  }
}

/** Data that does not go over the wire. Always a fault of the program on one side. */
export class NotPlainData extends WalletError {
  constructor(what: string, cause?: unknown) {
    super(
      { name: 'Wire.NotPlainData', code: 'NOT_PLAIN_DATA', kind: 'usage' },
      `Expected plain data, bigint and Uint8Array; got ${what}.`,
      { cause },
    )
  }
}
