/** Snappy's framing format (google/snappy framing_format.txt), as req/resp payloads carry it. @module */
import { bytesEqual, concatBytes } from '../../data/hex.ts'
import type { ByteQueue } from './byte-queue.ts'
import { maskedCrc32c } from './crc32c.ts'
import { decodeSnappyBlock, encodeSnappyBlock, InvalidSnappy, maxCompressedLength } from './snappy-block.ts'

/** `ff 06 00 00 sNaPpY` */
const STREAM_IDENTIFIER = Uint8Array.of(0xff, 6, 0, 0, 0x73, 0x4e, 0x61, 0x50, 0x70, 0x59)
/** Uncompressed bytes in one chunk. */
export const MAX_CHUNK_BYTES = 65_536
const HEADER_BYTES = 4
const CRC_BYTES = 4

/** Types of chunks; the ones in between are reserved. */
const COMPRESSED = 0x00
const UNCOMPRESSED = 0x01
const FIRST_SKIPPABLE = 0x80
const IDENTIFIER = 0xff

export function encodeSnappyFrames(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [STREAM_IDENTIFIER]
  for (let at = 0; at < bytes.length; at += MAX_CHUNK_BYTES)
    parts.push(encodeChunk(bytes.subarray(at, at + MAX_CHUNK_BYTES)))
  return concatBytes(...parts)
}

function encodeChunk(content: Uint8Array): Uint8Array {
  const block = encodeSnappyBlock(content)
  const smaller = block.length < content.length
  const data = smaller ? block : content
  const chunk = new Uint8Array(HEADER_BYTES + CRC_BYTES + data.length)
  const view = new DataView(chunk.buffer)
  view.setUint32(0, (CRC_BYTES + data.length) * 256 + (smaller ? COMPRESSED : UNCOMPRESSED), true)
  view.setUint32(HEADER_BYTES, maskedCrc32c(content), true)
  chunk.set(data, HEADER_BYTES + CRC_BYTES)
  return chunk
}

export interface SnappyFrameReader {
  /**
   * Reads on. Returns the content once it is complete, until then null; bytes after it stay in the queue.
   * @throws {InvalidSnappy} as soon as the bytes cannot become the content
   */
  read(queue: ByteQueue): Uint8Array | null
}

/**
 * Reads frames that hold exactly `length` bytes. Memory grows with what was decoded, and encoded bytes beyond
 * `max_compressed_length` are refused, so that padding and skippable chunks cannot go on for ever.
 */
export function snappyFrameReader(length: number): SnappyFrameReader {
  const parts: Uint8Array[] = []
  let decoded = 0
  let consumed = 0
  let identified = false
  // the specification's bound counts one chunk; a longer payload has a header and a checksum for each
  const limit = maxCompressedLength(length) + (HEADER_BYTES + CRC_BYTES) * Math.ceil(length / MAX_CHUNK_BYTES)

  const take = (type: number, body: Uint8Array) => {
    if (type === IDENTIFIER) {
      if (!bytesEqual(body, STREAM_IDENTIFIER.subarray(HEADER_BYTES)))
        throw new InvalidSnappy('the stream identifier is wrong')
      identified = true
      return
    }
    if (!identified) throw new InvalidSnappy('the stream identifier is missing')
    if (type >= FIRST_SKIPPABLE) return
    if (type !== COMPRESSED && type !== UNCOMPRESSED) throw new InvalidSnappy(`a chunk of the reserved type ${type}`)
    if (body.length < CRC_BYTES) throw new InvalidSnappy('a chunk has no checksum')
    const room = Math.min(MAX_CHUNK_BYTES, length - decoded)
    const data = body.subarray(CRC_BYTES)
    if (type === UNCOMPRESSED && data.length > room) throw new InvalidSnappy('the frames hold more than announced')
    const content = type === COMPRESSED ? decodeSnappyBlock(data, room) : data
    if (maskedCrc32c(content) !== new DataView(body.buffer, body.byteOffset).getUint32(0, true))
      throw new InvalidSnappy('a checksum does not match')
    parts.push(content)
    decoded += content.length
  }

  return {
    read(queue) {
      while (decoded < length || !identified) {
        const header = queue.peek(HEADER_BYTES)
        if (header.length < HEADER_BYTES) return null
        const size = header[1]! | (header[2]! << 8) | (header[3]! << 16)
        if (consumed + HEADER_BYTES + size > limit)
          throw new InvalidSnappy('the frames are longer than their content can need')
        if (queue.length < HEADER_BYTES + size) return null
        const type = queue.take(HEADER_BYTES)[0]!
        take(type, queue.take(size))
        consumed += HEADER_BYTES + size
      }
      return concatBytes(...parts)
    },
  }
}
