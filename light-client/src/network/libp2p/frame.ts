/**
 * Length-prefixed frames: unsigned varint length (LEB128, shortest form) and that many bytes.
 * @module
 */
import { GlowwormError } from '../../errors.ts'

export function encodeFrame(content: Uint8Array): Uint8Array {
  const prefix: number[] = []
  let rest = content.length
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) prefix.push((rest & 0x7f) | 0x80)
  prefix.push(rest)
  const frame = new Uint8Array(prefix.length + content.length)
  frame.set(prefix)
  frame.set(content, prefix.length)
  return frame
}

export interface FrameReader {
  /** The frames that became complete. @throws {InvalidFrame} */
  push(chunk: Uint8Array): Uint8Array[]
  /** Bytes of an unfinished frame that are held. */
  pending(): number
}

/** Reads frames of at most `limit` bytes out of pieces of any size. A longer one is refused when its length is read. */
export function frameReader(limit: number): FrameReader {
  let held = new Uint8Array(0)
  return {
    push(chunk) {
      const bytes = new Uint8Array(held.length + chunk.length)
      bytes.set(held)
      bytes.set(chunk, held.length)
      const frames: Uint8Array[] = []
      let offset = 0
      while (offset < bytes.length) {
        const prefix = readLength(bytes.subarray(offset), limit)
        if (prefix === null || offset + prefix.size + prefix.length > bytes.length) break
        const start = offset + prefix.size
        frames.push(bytes.slice(start, start + prefix.length))
        offset = start + prefix.length
      }
      held = bytes.slice(offset)
      return frames
    },
    pending: () => held.length,
  }
}

function readLength(bytes: Uint8Array, limit: number): { length: number; size: number } | null {
  let length = 0
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!
    length += (byte & 0x7f) * 2 ** (7 * i)
    if (length > limit) throw new InvalidFrame(`announces more than the ${limit} bytes allowed`)
    if ((byte & 0x80) === 0) {
      if (byte === 0 && i > 0) throw new InvalidFrame('has a length that is not in its shortest form')
      return { length, size: i + 1 }
    }
    if (i >= 4) throw new InvalidFrame('has a length of more than five bytes')
  }
  return null
}

/** The bytes are not a frame of the allowed size. */
export class InvalidFrame extends GlowwormError {
  constructor(reason: string) {
    super({ name: 'Network.InvalidFrame', code: 'INVALID_FRAME', kind: 'lie' }, `the frame ${reason}`)
  }
}
