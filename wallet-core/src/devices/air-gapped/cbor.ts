/** As much of CBOR (RFC 8949) as the messages of EIP-4527 need: no floats, nothing of indefinite length. */
import { concatBytes } from '@glowworm/light-client/data/hex'
import { UnreadableAnswer } from '../errors.ts'

export class Tagged {
  readonly tag: number
  readonly value: Cbor
  constructor(tag: number, value: Cbor) {
    this.tag = tag
    this.value = value
  }
}

export type Cbor = number | string | boolean | null | Uint8Array | readonly Cbor[] | ReadonlyMap<number, Cbor> | Tagged

const MAJOR = { unsigned: 0, negative: 1, bytes: 2, text: 3, list: 4, map: 5, tag: 6, simple: 7 } as const
const DEEPEST = 16

export function encodeCbor(value: Cbor): Uint8Array {
  if (typeof value === 'number') return value < 0 ? head(MAJOR.negative, -1 - value) : head(MAJOR.unsigned, value)
  if (typeof value === 'boolean') return Uint8Array.of(value ? 0xf5 : 0xf4)
  if (value === null) return Uint8Array.of(0xf6)
  if (typeof value === 'string') {
    const bytes = new TextEncoder().encode(value)
    return concatBytes(head(MAJOR.text, bytes.length), bytes)
  }
  if (value instanceof Uint8Array) return concatBytes(head(MAJOR.bytes, value.length), value)
  if (value instanceof Tagged) return concatBytes(head(MAJOR.tag, value.tag), encodeCbor(value.value))
  if (value instanceof Map)
    return concatBytes(
      head(MAJOR.map, value.size),
      ...[...value].flatMap(([key, item]) => [encodeCbor(key), encodeCbor(item)]),
    )
  const list = value as readonly Cbor[]
  return concatBytes(head(MAJOR.list, list.length), ...list.map(encodeCbor))
}

function head(major: number, count: number): Uint8Array {
  const first = major << 5
  if (count < 24) return Uint8Array.of(first | count)
  if (count < 0x100) return Uint8Array.of(first | 24, count)
  const bytes = new Uint8Array(count < 0x10000 ? 3 : count <= 0xffffffff ? 5 : 9)
  const view = new DataView(bytes.buffer)
  bytes[0] = first | (bytes.length === 3 ? 25 : bytes.length === 5 ? 26 : 27)
  if (bytes.length === 3) view.setUint16(1, count)
  else if (bytes.length === 5) view.setUint32(1, count)
  else view.setBigUint64(1, BigInt(count))
  return bytes
}

/** Reads one item that fills all of `bytes`. Map keys are whole numbers here. @throws {UnreadableAnswer} */
export function decodeCbor(bytes: Uint8Array): Cbor {
  let at = 0
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

  function take(count: number): number {
    if (count > bytes.length - at) throw new UnreadableAnswer('it ends early')
    at += count
    return at - count
  }

  function number(small: number): number {
    if (small < 24) return small
    if (small === 24) return bytes[take(1)]!
    if (small === 25) return view.getUint16(take(2))
    if (small === 26) return view.getUint32(take(4))
    if (small !== 27) throw new UnreadableAnswer('an item has no definite length')
    const large = view.getBigUint64(take(8))
    if (large > BigInt(Number.MAX_SAFE_INTEGER)) throw new UnreadableAnswer('a number is too large')
    return Number(large)
  }

  function item(depth: number): Cbor {
    if (depth > DEEPEST) throw new UnreadableAnswer('it is nested too deep')
    const first = bytes[take(1)]!
    const [major, small] = [first >> 5, first & 31]
    if (major === MAJOR.simple) {
      if (small === 20 || small === 21) return small === 21
      if (small === 22) return null
      throw new UnreadableAnswer('it holds something of an unexpected type')
    }
    const count = number(small)
    switch (major) {
      case MAJOR.unsigned:
        return count
      case MAJOR.negative:
        return -1 - count
      case MAJOR.bytes:
        return bytes.slice(take(count), at)
      case MAJOR.text:
        return text(bytes.subarray(take(count), at))
      case MAJOR.tag:
        return new Tagged(count, item(depth + 1))
      case MAJOR.list:
        return Array.from({ length: fitting(count) }, () => item(depth + 1))
      default: {
        const map = new Map<number, Cbor>()
        for (let left = fitting(count); left > 0; left--) {
          const key = item(depth + 1)
          if (typeof key !== 'number' || map.has(key)) throw new UnreadableAnswer('a map has an unexpected key')
          map.set(key, item(depth + 1))
        }
        return map
      }
    }
  }

  /** An item takes a byte at least: more than are left cannot be there. */
  function fitting(count: number): number {
    if (count > bytes.length - at) throw new UnreadableAnswer('it ends early')
    return count
  }

  const value = item(0)
  if (at !== bytes.length) throw new UnreadableAnswer('something follows its end')
  return value
}

function text(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new UnreadableAnswer('a text is not UTF-8')
  }
}
