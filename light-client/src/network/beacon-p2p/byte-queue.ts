/** Bytes that have arrived and are not read yet. Appending costs what it appends, however small the pieces are. @module */
export interface ByteQueue {
  readonly length: number
  append(bytes: Uint8Array): void
  /** A view of the next `count` bytes, or of as many as there are. Valid until the next `append`. */
  peek(count: number): Uint8Array
  /** Removes and returns the next `count` bytes, of which there must be so many. */
  take(count: number): Uint8Array
}

const FIRST_ROOM = 512

export function byteQueue(): ByteQueue {
  let buffer = new Uint8Array(FIRST_ROOM)
  let start = 0
  let end = 0
  return {
    get length() {
      return end - start
    },
    append(bytes) {
      if (end + bytes.length > buffer.length) {
        const held = buffer.subarray(start, end)
        const needed = held.length + bytes.length
        const target = needed > buffer.length / 2 ? new Uint8Array(needed * 2) : buffer
        target.set(held)
        buffer = target
        end = held.length
        start = 0
      }
      buffer.set(bytes, end)
      end += bytes.length
    },
    peek: (count) => buffer.subarray(start, Math.min(end, start + count)),
    take(count) {
      if (count > end - start) throw new RangeError(`${count} bytes asked for, ${end - start} are there`)
      const taken = buffer.slice(start, start + count)
      start += count
      return taken
    },
  }
}
