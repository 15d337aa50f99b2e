/**
 * Uniform Resources (BCR-2020-005, BCR-2024-001): CBOR as codes that QR carries well, in one part or in many. Parts may
 * come in any order and with gaps; as many as there are fragments, or a few more, are enough.
 * @module
 */
import { UnreadableAnswer } from '../errors.ts'
import { crc32, decodeBytewords, encodeBytewords } from './bytewords.ts'
import { decodeCbor, encodeCbor } from './cbor.ts'
import { mixedFragments } from './fountain.ts'

type Sha256 = (data: Uint8Array) => Uint8Array

/** Bytes in a part: a QR code of them is read from a screen by the cameras of the devices there are. */
const MOST_FRAGMENT = 200
const MOST_FRAGMENTS = 1024
const MOST_PARTS = 4096
/** More than any message of this protocol has. */
const MOST_MESSAGE = 256 * 1024

/** The codes to show in turn, over and over. @param type e.g. `eth-sign-request` */
export function encodeUr(type: string, message: Uint8Array): string[] {
  const count = Math.ceil(message.length / MOST_FRAGMENT)
  if (count <= 1) return [`ur:${type}/${encodeBytewords(message)}`]
  const length = Math.ceil(message.length / count)
  const checksum = crc32(message)
  return Array.from({ length: count }, (_, i) => {
    const fragment = new Uint8Array(length)
    fragment.set(message.subarray(i * length, (i + 1) * length))
    const part = encodeCbor([i + 1, count, message.length, checksum, fragment])
    return `ur:${type}/${i + 1}-${count}/${encodeBytewords(part)}`
  })
}

export type Decoded =
  | { readonly complete: true; readonly type: string; readonly message: Uint8Array }
  /** `progress`: share of the fragments that are known, below 1. */
  | { readonly complete: false; readonly progress: number }

/** What the parts seen so far come to. @throws {UnreadableAnswer} for parts that are none, or belong to different messages */
export function decodeUr(parts: readonly string[], sha256: Sha256): Decoded {
  if (!Array.isArray(parts) || parts.length > MOST_PARTS)
    throw new UnreadableAnswer('it has no plausible number of parts')
  const read = [...new Set(parts.map((part) => String(part).trim().toLowerCase()))].map(readPart)
  const [first] = read
  if (!first) return { complete: false, progress: 0 }
  if (read.some((part) => part.type !== first.type || part.count !== first.count))
    throw new UnreadableAnswer('its parts belong to different messages')
  if (first.count === null) {
    if (read.length > 1) throw new UnreadableAnswer('its parts belong to different messages')
    return { complete: true, type: first.type, message: first.body }
  }
  return join(
    first.type,
    read.map(({ body }) => readFragment(body, first.count!)),
    sha256,
  )
}

interface Part {
  readonly type: string
  /** Of fragments; null when the part is the whole message. */
  readonly count: number | null
  readonly body: Uint8Array
}

function readPart(text: string): Part {
  const [, type, count, letters] = /^ur:([a-z0-9-]{1,64})\/(?:\d{1,9}-(\d{1,4})\/)?([a-z]+)$/.exec(text) ?? []
  if (type === undefined || letters === undefined || letters.length > 4 * MOST_MESSAGE)
    throw new UnreadableAnswer('it does not begin with “ur:”')
  return { type, count: count === undefined ? null : Number(count), body: decodeBytewords(letters) }
}

interface Fragment {
  readonly number: number
  readonly count: number
  readonly length: number
  readonly checksum: number
  readonly bytes: Uint8Array
}

function readFragment(body: Uint8Array, expected: number): Fragment {
  const fields = decodeCbor(body)
  const [number, count, length, checksum, bytes] = Array.isArray(fields) && fields.length === 5 ? fields : []
  const whole = (value: unknown, most: number): value is number =>
    typeof value === 'number' && value >= 0 && value <= most
  if (
    !whole(number, 0xffffffff) ||
    number === 0 ||
    count !== expected ||
    !whole(count, MOST_FRAGMENTS) ||
    !whole(length, MOST_MESSAGE) ||
    !whole(checksum, 0xffffffff) ||
    !(bytes instanceof Uint8Array) ||
    bytes.length !== Math.ceil(length / count) ||
    length === 0
  )
    throw new UnreadableAnswer('a part of it is malformed')
  return { number, count, length, checksum, bytes }
}

function join(type: string, parts: readonly Fragment[], sha256: Sha256): Decoded {
  const { count, length, checksum } = parts[0]!
  if (parts.some((part) => part.length !== length || part.checksum !== checksum))
    throw new UnreadableAnswer('its parts belong to different messages')
  const known = new Map<number, Uint8Array>()
  let mixed = parts.map(({ number, bytes }) => ({
    bytes: bytes.slice(),
    of: new Set(mixedFragments(number, count, checksum, sha256)),
  }))
  // Each round takes out what is known; what then mixes one fragment only is that fragment.
  for (let before = -1; before !== known.size; ) {
    before = known.size
    for (const part of mixed) {
      for (const i of part.of) {
        const fragment = known.get(i)
        if (!fragment) continue
        fragment.forEach((byte, at) => {
          part.bytes[at]! ^= byte
        })
        part.of.delete(i)
      }
      if (part.of.size === 1) known.set([...part.of][0]!, part.bytes)
    }
    mixed = mixed.filter((part) => part.of.size > 1)
  }
  if (known.size < count) return { complete: false, progress: known.size / count }
  const message = new Uint8Array(count * parts[0]!.bytes.length)
  for (const [i, bytes] of known) message.set(bytes, i * bytes.length)
  const whole = message.slice(0, length)
  if (crc32(whole) !== checksum) throw new UnreadableAnswer('its checksum does not fit')
  return { complete: true, type, message: whole }
}
