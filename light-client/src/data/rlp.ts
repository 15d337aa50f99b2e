/**
 * Recursive length prefix (Yellow Paper, appendix B). Decoding is strict: every input has at most one decoding and
 * every decoding exactly one encoding.
 * @module
 */
import { GlowwormError } from '../errors.ts'
import { concatBytes } from './hex.ts'

export type RlpItem = Uint8Array | readonly RlpItem[]

/** Encodes byte strings and lists of them. Numbers must come as minimal big-endian bytes. */
export function encode(item: RlpItem): Uint8Array {
  if (item instanceof Uint8Array) {
    if (item.length === 1 && item[0]! < 0x80) return item.slice()
    return concatBytes(header(0x80, item.length), item)
  }
  const payload = concatBytes(...item.map(encode))
  return concatBytes(header(0xc0, payload.length), payload)
}

function header(offset: number, length: number): Uint8Array {
  if (length < 56) return Uint8Array.of(offset + length)
  const digits: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256)
  return Uint8Array.of(offset + 55 + digits.length, ...digits)
}

/** Decodes one item that fills `bytes` completely. @throws {RlpError} */
export function decode(bytes: Uint8Array): RlpItem {
  const [item, end] = decodeAt(bytes, 0, 0)
  if (end !== bytes.length) throw new RlpError(`${bytes.length - end} byte(s) after the item`)
  return item
}

/** Depth of nested lists beyond which input is refused: nothing in Ethereum needs more, and recursion must end. */
const MAX_DEPTH = 16

function decodeAt(bytes: Uint8Array, at: number, depth: number): [RlpItem, number] {
  if (depth > MAX_DEPTH) throw new RlpError('lists are nested too deeply')
  const first = bytes[at]
  if (first === undefined) throw new RlpError('the input ends early')
  if (first < 0x80) return [bytes.subarray(at, at + 1), at + 1]
  const isList = first >= 0xc0
  const short = first - (isList ? 0xc0 : 0x80)
  let start = at + 1
  let length = short
  if (short > 55) {
    const size = short - 55
    if (size > 4) throw new RlpError('a length does not fit in 32 bits')
    if (start + size > bytes.length) throw new RlpError('the input ends early')
    if (bytes[start] === 0) throw new RlpError('a length has a leading zero')
    length = 0
    for (let i = 0; i < size; i++) length = length * 256 + bytes[start + i]!
    if (length < 56) throw new RlpError('a short length is written in the long form')
    start += size
  }
  const end = start + length
  if (end > bytes.length) throw new RlpError('the input ends early')
  if (!isList) {
    if (length === 1 && bytes[start]! < 0x80) throw new RlpError('a single byte is written in the long form')
    return [bytes.subarray(start, end), end]
  }
  const items: RlpItem[] = []
  for (let next = start; next < end; ) {
    const [item, after] = decodeAt(bytes, next, depth + 1)
    if (after > end) throw new RlpError('an item reaches past its list')
    items.push(item)
    next = after
  }
  return [items, end]
}

/** The item as a list. @throws {RlpError} */
export function asList(item: RlpItem | undefined, what: string, length?: number): readonly RlpItem[] {
  if (item === undefined || item instanceof Uint8Array) throw new RlpError(`${what} is not a list`)
  if (length !== undefined && item.length !== length)
    throw new RlpError(`${what} has ${item.length} items, expected ${length}`)
  return item
}

/** The item as a byte string, of `length` bytes when given. @throws {RlpError} */
export function asBytes(item: RlpItem | undefined, what: string, length?: number): Uint8Array {
  if (!(item instanceof Uint8Array)) throw new RlpError(`${what} is not a byte string`)
  if (length !== undefined && item.length !== length)
    throw new RlpError(`${what} has ${item.length} bytes, expected ${length}`)
  return item
}

/** The item as an unsigned number without leading zeros, of at most `maxBytes`. @throws {RlpError} */
export function asNumber(item: RlpItem | undefined, what: string, maxBytes = 32): bigint {
  const bytes = asBytes(item, what)
  if (bytes.length > maxBytes) throw new RlpError(`${what} has ${bytes.length} bytes, expected at most ${maxBytes}`)
  if (bytes[0] === 0) throw new RlpError(`${what} has a leading zero`)
  let value = 0n
  for (const byte of bytes) value = (value << 8n) | BigInt(byte)
  return value
}

/** Bytes that are not the canonical RLP of what they should be. */
export class RlpError extends GlowwormError {
  constructor(message: string) {
    super({ name: 'Data.RlpError', code: 'INVALID_RLP', kind: 'lie' }, `RLP: ${message}`)
  }
}
