import { base64, hex } from '@scure/base'
import type { ImportRequest } from '../facade/facade.ts'
import { ImportTooCostly, InvalidImport } from './errors.ts'

/** The fields of a JSON object that somebody else wrote, read with errors that name them. */
export interface Fields {
  readonly keys: readonly string[]
  object(name: string): Fields
  /** Null where there is none. */
  optional(name: string): unknown
  text(name: string): string
  /** A whole number from 1 to `most`. @throws {ImportTooCostly} above */
  cost(name: string, most: number): number
  hexBytes(name: string, length: number | null): Uint8Array
  base64Bytes(name: string): Uint8Array
}

const MOST_BYTES = 4 * 1024 * 1024

/** @throws {InvalidImport} */
export function parseJson(kind: ImportRequest['kind'], bytes: Uint8Array): unknown {
  if (bytes.length > MOST_BYTES) throw new InvalidImport(kind, `it has more than ${MOST_BYTES} bytes`)
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    // The parser's own message would quote the file.
    throw new InvalidImport(kind, 'it is not JSON')
  }
}

/** Names are looked up whatever their case: old programs wrote `Crypto`. @throws {InvalidImport} */
export function fieldsOf(kind: ImportRequest['kind'], value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InvalidImport(kind, `${what} is not an object`)
  const entries = new Map(Object.entries(value).map(([name, item]) => [name.toLowerCase(), item as unknown]))
  const optional = (name: string) => entries.get(name.toLowerCase()) ?? null
  const text = (name: string) => {
    const item = optional(name)
    if (typeof item !== 'string') throw new InvalidImport(kind, `${name} is not a text`)
    return item
  }
  const bytes = (name: string, decode: () => Uint8Array) => {
    try {
      return decode()
    } catch {
      throw new InvalidImport(kind, `${name} is not well encoded`)
    }
  }
  return {
    keys: [...entries.keys()],
    object: (name) => fieldsOf(kind, optional(name), name),
    optional,
    text,
    cost(name, most) {
      const item = optional(name)
      if (typeof item !== 'number' || !Number.isSafeInteger(item) || item < 1)
        throw new InvalidImport(kind, `${name} is not a whole number above 0`)
      if (item > most) throw new ImportTooCostly(name, item, most)
      return item
    },
    hexBytes(name, length) {
      const digits = text(name)
      const read = bytes(name, () => hex.decode((digits.startsWith('0x') ? digits.slice(2) : digits).toLowerCase()))
      if (length !== null && read.length !== length)
        throw new InvalidImport(kind, `${name} has ${read.length} bytes, expected ${length}`)
      return read
    },
    base64Bytes(name) {
      const digits = text(name)
      return bytes(name, () => base64.decode(digits))
    },
  }
}
