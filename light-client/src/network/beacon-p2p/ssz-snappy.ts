/**
 * The `ssz_snappy` encoding of req/resp (consensus-specs phase0/p2p-interface.md, "Encoding strategies"): requests, and
 * answers in chunks. Pure; lengths are checked before anything is allocated for them.
 * @module
 */
import { concatBytes } from '../../data/hex.ts'
import { GlowwormError } from '../../errors.ts'
import type { ByteQueue } from './byte-queue.ts'
import { encodeSnappyFrames, type SnappyFrameReader, snappyFrameReader } from './snappy-frames.ts'
import { encodeUvarint, readUvarint } from './uvarint.ts'

/** Bytes of SSZ that a type may have. */
export interface LengthBounds {
  readonly min: number
  readonly max: number
}

/** First byte of a chunk. Other values count as server errors (128–255) or are reserved. */
export const RESULT = { success: 0, invalidRequest: 1, serverError: 2, resourceUnavailable: 3 } as const
/** ErrorMessage: List[byte, 256]. */
export const MAX_ERROR_BYTES = 256
export const CONTEXT_BYTES = 4

/** `uvarint(length) ‖ frames`. */
export function encodePayload(ssz: Uint8Array): Uint8Array {
  return concatBytes(encodeUvarint(ssz.length), encodeSnappyFrames(ssz))
}

/** One chunk of an answer. `context` is the fork digest for methods that have context bytes. */
export function encodeChunk(ssz: Uint8Array, context: Uint8Array = new Uint8Array(0)): Uint8Array {
  return concatBytes(Uint8Array.of(RESULT.success), context, encodePayload(ssz))
}

/** The last chunk of an answer that fails. */
export function encodeErrorChunk(result: number, message: string): Uint8Array {
  const text = new TextEncoder().encode(printable(message)).subarray(0, MAX_ERROR_BYTES)
  return concatBytes(Uint8Array.of(result), encodePayload(text))
}

export interface PayloadReader {
  /** Returns the SSZ bytes once complete, until then null. @throws {InvalidChunk | InvalidSnappy} */
  read(queue: ByteQueue): Uint8Array | null
}

export function payloadReader({ min, max }: LengthBounds): PayloadReader {
  let frames: SnappyFrameReader | null = null
  return {
    read(queue) {
      if (!frames) {
        const prefix = readUvarint(queue.peek(10), max)
        if (prefix === 'incomplete') return null
        if (prefix === 'too large') throw new InvalidChunk(`it announces more than the ${max} bytes its type can have`)
        if (prefix === 'not canonical') throw new InvalidChunk('its length is not in the shortest form')
        if (prefix.value < min)
          throw new InvalidChunk(`it announces ${prefix.value} bytes, its type has at least ${min}`)
        queue.take(prefix.size)
        frames = snappyFrameReader(prefix.value)
      }
      return frames.read(queue)
    },
  }
}

export type Chunk =
  | { readonly result: 'success'; readonly context: Uint8Array; readonly ssz: Uint8Array }
  | { readonly result: 'error'; readonly code: number; readonly message: string }

export interface ChunkReader {
  /** The next chunk once complete, until then null. After an error nothing more is read. */
  read(queue: ByteQueue): Chunk | null
  /** True between two chunks: an answer may end here. */
  readonly atBoundary: boolean
}

export interface ChunkReaderOptions {
  readonly contextBytes: 0 | typeof CONTEXT_BYTES
  /** Bounds of the type that the context announces. May throw, when nobody knows it. */
  readonly boundsOf: (context: Uint8Array) => LengthBounds
}

/** Reads an answer chunk by chunk. @throws from `read`: {InvalidChunk | InvalidSnappy}, and what `boundsOf` throws */
export function chunkReader({ contextBytes, boundsOf }: ChunkReaderOptions): ChunkReader {
  let code: number | null = null
  let context: Uint8Array | null = null
  let payload: PayloadReader | null = null
  return {
    get atBoundary() {
      return code === null
    },
    read(queue) {
      if (code === null) {
        if (queue.length === 0) return null
        code = queue.take(1)[0]!
      }
      if (code !== RESULT.success) {
        payload ??= payloadReader({ min: 0, max: MAX_ERROR_BYTES })
        const text = payload.read(queue)
        return text && { result: 'error', code, message: printable(new TextDecoder().decode(text)) }
      }
      if (!context) {
        if (queue.length < contextBytes) return null
        context = queue.take(contextBytes)
      }
      payload ??= payloadReader(boundsOf(context))
      const ssz = payload.read(queue)
      if (!ssz) return null
      const chunk = { result: 'success', context, ssz } as const
      code = null
      context = null
      payload = null
      return chunk
    },
  }
}

/** Foreign text is shown to people: control and formatting characters become spaces. */
function printable(text: string): string {
  return text.replace(/[\p{C}\p{Z}]+/gu, ' ').trim()
}

/** What arrived is not a chunk of the type asked for. */
export class InvalidChunk extends GlowwormError {
  constructor(reason: string) {
    super({ name: 'Network.InvalidChunk', code: 'INVALID_CHUNK', kind: 'lie' }, `the chunk is malformed: ${reason}`)
  }
}
