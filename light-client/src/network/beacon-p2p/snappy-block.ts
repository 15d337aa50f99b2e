/**
 * Snappy's block format (google/snappy format_description.txt): uvarint of the length, then literals and copies.
 * Own code, because the decoder of snappyjs 0.7.0 never returns from some inputs of a few bytes, takes truncated ones,
 * and fills with zeros what is missing; what comes from strangers must be decoded strictly.
 * @module
 */
import { GlowwormError } from '../../errors.ts'
import { encodeUvarint, readUvarint } from './uvarint.ts'

/** Copies reach back at most this far, so that every offset fits in two bytes. */
const WINDOW = 65_536
const MIN_MATCH = 4
const MAX_COPY = 64
const HASH_BITS = 12

/** Longest encoding of `length` bytes (`max_compressed_length` of the networking specification). */
export function maxCompressedLength(length: number): number {
  return 32 + length + Math.floor(length / 6)
}

/**
 * Decodes a whole block.
 * @param maxLength bytes; a block that declares more is refused before anything is allocated
 * @throws {InvalidSnappy}
 */
export function decodeSnappyBlock(block: Uint8Array, maxLength: number): Uint8Array {
  const prefix = readUvarint(block, maxLength)
  if (prefix === 'incomplete') throw new InvalidSnappy('the length is cut off')
  if (prefix === 'too large') throw new InvalidSnappy(`a block announces more than the ${maxLength} bytes allowed`)
  if (prefix === 'not canonical') throw new InvalidSnappy('a length is not in its shortest form')
  const out = new Uint8Array(prefix.value)
  let at = prefix.size
  let written = 0
  const little = (count: number) => {
    if (at + count > block.length) throw new InvalidSnappy('a block ends in the middle of an element')
    let value = 0
    for (let i = 0; i < count; i++) value += block[at + i]! * 2 ** (8 * i)
    at += count
    return value
  }
  while (at < block.length) {
    const tag = block[at++]!
    const kind = tag & 3
    if (kind === 0) {
      const short = tag >> 2
      const length = (short < 60 ? short : little(short - 59)) + 1
      if (length > block.length - at) throw new InvalidSnappy('a literal is cut off')
      if (length > out.length - written) throw new InvalidSnappy('a block is longer than it announces')
      out.set(block.subarray(at, at + length), written)
      at += length
      written += length
      continue
    }
    const length = kind === 1 ? 4 + ((tag >> 2) & 7) : 1 + (tag >> 2)
    const offset = kind === 1 ? ((tag >> 5) << 8) + little(1) : little(kind === 2 ? 2 : 4)
    if (offset === 0 || offset > written) throw new InvalidSnappy('a copy reaches before the beginning')
    if (length > out.length - written) throw new InvalidSnappy('a block is longer than it announces')
    // byte by byte: a copy may run into what it writes
    for (let i = 0; i < length; i++) out[written + i] = out[written + i - offset]!
    written += length
  }
  if (written !== out.length) throw new InvalidSnappy('a block is shorter than it announces')
  return out
}

/** Encodes greedily: the last place with the same four bytes is copied from, the rest are literals. */
export function encodeSnappyBlock(bytes: Uint8Array): Uint8Array {
  const prefix = encodeUvarint(bytes.length)
  const out = new Uint8Array(prefix.length + maxCompressedLength(bytes.length))
  out.set(prefix)
  let written = prefix.length
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  /** Position + 1 by hash of four bytes. */
  const places = new Uint32Array(1 << HASH_BITS)
  let literalFrom = 0
  let at = 0
  const literal = (until: number) => {
    for (let from = literalFrom; from < until; ) {
      const length = Math.min(until - from, WINDOW)
      if (length <= 60) out[written++] = (length - 1) << 2
      else {
        const wide = length > 256
        out[written++] = (wide ? 61 : 60) << 2
        out[written++] = (length - 1) & 0xff
        if (wide) out[written++] = (length - 1) >> 8
      }
      out.set(bytes.subarray(from, from + length), written)
      written += length
      from += length
    }
  }
  while (at + MIN_MATCH <= bytes.length) {
    const word = view.getUint32(at, true)
    const slot = Math.imul(word, 0x1e35a7bd) >>> (32 - HASH_BITS)
    const candidate = places[slot]! - 1
    places[slot] = at + 1
    if (candidate < 0 || at - candidate >= WINDOW || view.getUint32(candidate, true) !== word) {
      at++
      continue
    }
    let end = at + MIN_MATCH
    while (end < bytes.length && bytes[end] === bytes[end - at + candidate]) end++
    literal(at)
    const offset = at - candidate
    for (let rest = end - at; rest > 0; ) {
      const length = Math.min(rest, MAX_COPY)
      out[written++] = ((length - 1) << 2) | 2
      out[written++] = offset & 0xff
      out[written++] = offset >> 8
      rest -= length
    }
    at = end
    literalFrom = end
  }
  literal(bytes.length)
  return out.slice(0, written)
}

/** Bytes that are not snappy, or are more than they may be. */
export class InvalidSnappy extends GlowwormError {
  constructor(reason: string) {
    super({ name: 'Network.InvalidSnappy', code: 'INVALID_SNAPPY', kind: 'lie' }, `snappy: ${reason}`)
  }
}
