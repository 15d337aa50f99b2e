/** One req/resp exchange over one new stream, as the side that asks. @module */
import { GlowwormError } from '../../errors.ts'
import type { Clock } from '../../infrastructure/ports.ts'
import { type Deadline, startDeadline } from '../libp2p/deadline.ts'
import type { Connection, Stream } from '../libp2p/node-types.ts'
import { readChunks, writeBytes } from '../libp2p/stream-bytes.ts'
import { byteQueue } from './byte-queue.ts'
import {
  type Chunk,
  type ChunkReader,
  type ChunkReaderOptions,
  chunkReader,
  encodePayload,
  InvalidChunk,
} from './ssz-snappy.ts'

/** Milliseconds. */
export interface RequestTimes {
  /** TTFB_TIMEOUT: until the first byte of the answer. */
  readonly firstByte: number
  /** RESP_TIMEOUT: for each chunk, however steadily it drips. */
  readonly chunk: number
  /** For the whole answer. */
  readonly whole: number
}

export const DEFAULT_REQUEST_TIMES: RequestTimes = { firstByte: 5_000, chunk: 10_000, whole: 60_000 }

/**
 * A request without content is over when its stream is opened; our side is closed when the answer begins, or after this
 * many milliseconds for a server that waits for it. Fault (libp2p 0.42 as in Lodestar 1.5.1, cause not established): a
 * stream that is half-closed before the server has got through protocol negotiation gets an empty answer; on an idle
 * machine a tenth of a second is enough for that, on a busy one it is not.
 */
const LINGER = 2_000

export interface MethodRequest {
  /** Ids in order of preference. */
  readonly protocols: readonly string[]
  readonly maxChunks: number
  /** How the id that was agreed on is spoken. */
  readonly spoken: (protocol: string) => ChunkReaderOptions & {
    /** SSZ of the request; null for methods without content. */
    readonly content: Uint8Array | null
  }
}

export interface MethodAnswer {
  readonly protocol: string
  /** An error is always the last. */
  readonly chunks: readonly Chunk[]
  /** The other side ended the answer; false when the connection broke between or in chunks. */
  readonly complete: boolean
}

/**
 * Asks, and reads until the answer ends, fails, or has as many chunks as were asked for.
 * @throws {InvalidChunk | InvalidSnappy | DeadlinePassed}, what `boundsOf` throws, the signal's reason, and what libp2p
 * throws when no stream can be opened. After one whole chunk a break is not thrown: part of an answer is an answer.
 */
export async function requestChunks(
  connection: Connection,
  request: MethodRequest,
  signal: AbortSignal,
  clock: Clock,
  times: RequestTimes = DEFAULT_REQUEST_TIMES,
): Promise<MethodAnswer> {
  signal.throwIfAborted()
  const whole = startDeadline(clock, times.whole, signal)
  const chunkDeadline = startDeadline(clock, times.chunk, whole.signal)
  const firstByte = startDeadline(clock, times.firstByte, whole.signal)
  const over = AbortSignal.any([chunkDeadline.signal, firstByte.signal])
  let stream: Stream | undefined
  try {
    stream = await connection.newStream([...request.protocols], { signal: over })
    const spoken = request.spoken(stream.protocol)
    const heard = new AbortController()
    const sending = send(stream, spoken.content, AbortSignal.any([over, heard.signal]), over, clock)
    // a failed write also ends the reading, which then has the better reason
    sending.catch(() => {})
    const onFirstByte = () => {
      firstByte.clear()
      heard.abort(new Error('the answer has begun'))
    }
    const answer = await receive(stream, chunkReader(spoken), request.maxChunks, over, onFirstByte, chunkDeadline)
    if (answer.complete) await stream.close({ signal: over }).catch(() => stream?.abort(new Error('closing failed')))
    else stream.abort(new Error('the answer broke off'))
    return { ...answer, protocol: stream.protocol }
  } catch (error) {
    stream?.abort(new Error('the request is over'))
    signal.throwIfAborted()
    throw over.aborted ? over.reason : error
  } finally {
    for (const deadline of [firstByte, chunkDeadline, whole]) deadline.clear()
  }
}

async function send(
  stream: Stream,
  content: Uint8Array | null,
  begun: AbortSignal,
  over: AbortSignal,
  clock: Clock,
): Promise<void> {
  if (content) await writeBytes(stream, encodePayload(content), over)
  else await clock.sleep(LINGER, begun).catch(() => {})
  over.throwIfAborted()
  await stream.close({ signal: over })
}

async function receive(
  stream: Stream,
  reader: ChunkReader,
  maxChunks: number,
  over: AbortSignal,
  onFirstByte: () => void,
  chunkDeadline: Deadline,
): Promise<{ chunks: Chunk[]; complete: boolean }> {
  const queue = byteQueue()
  const chunks: Chunk[] = []
  let heard = false
  try {
    for await (const bytes of readChunks(stream, over)) {
      if (!heard) onFirstByte()
      heard = true
      queue.append(bytes)
      for (let chunk = reader.read(queue); chunk; chunk = reader.read(queue)) {
        chunks.push(chunk)
        chunkDeadline.restart()
        if (chunk.result === 'error') return { chunks, complete: true }
        if (chunks.length === maxChunks) {
          if (queue.length > 0) throw new InvalidChunk('more follows than was asked for')
          return { chunks, complete: true }
        }
      }
    }
  } catch (error) {
    // what came whole before the connection broke, or before time was up, is not lost
    if (chunks.length > 0 && !isMalformed(error)) return { chunks, complete: false }
    throw error
  }
  if (!reader.atBoundary && chunks.length === 0) throw new AnswerBrokeOff()
  return { chunks, complete: reader.atBoundary }
}

/** What the other side is to blame for, unlike a broken connection. */
export function isMalformed(error: unknown): boolean {
  return error instanceof GlowwormError && error.kind === 'lie'
}

/** The stream ended in the middle of the first chunk. */
export class AnswerBrokeOff extends Error {
  constructor() {
    super('the answer broke off')
    this.name = 'AnswerBrokeOff'
  }
}
