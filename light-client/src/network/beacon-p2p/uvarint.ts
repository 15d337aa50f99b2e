/** Unsigned LEB128 varints of lengths, as the consensus networking specification and snappy use them. @module */

/** Bytes of the longest varint read; enough for lengths below 2^35. */
const MAX_BYTES = 5

export function encodeUvarint(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = value
  do {
    const low = rest % 128
    rest = Math.floor(rest / 128)
    bytes.push(rest > 0 ? low | 0x80 : low)
  } while (rest > 0)
  return Uint8Array.from(bytes)
}

export type ReadUvarint =
  | { readonly value: number; readonly size: number }
  | 'incomplete'
  | 'too large'
  | 'not canonical'

/** Reads the varint at the beginning of `bytes`. One above `limit` is recognised before it is complete. */
export function readUvarint(bytes: Uint8Array, limit: number): ReadUvarint {
  let value = 0
  for (let i = 0; i < Math.min(bytes.length, MAX_BYTES); i++) {
    const byte = bytes[i]!
    value += (byte & 0x7f) * 2 ** (7 * i)
    if (value > limit) return 'too large'
    if ((byte & 0x80) === 0) return byte === 0 && i > 0 ? 'not canonical' : { value, size: i + 1 }
  }
  return bytes.length >= MAX_BYTES ? 'too large' : 'incomplete'
}
