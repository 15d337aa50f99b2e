/**
 * Writing to and reading from a libp2p stream within limits.
 * @module
 */
import { MAX_MESSAGE_BYTES } from './evidence-protocol.ts'
import { chunksOf, drained } from './infrastructure/upstream-faults.ts'
import type { ByteStream } from './node-types.ts'

/** Hands `bytes` to the stream in pieces, waiting whenever the transport is full. Rejects when the stream ends. */
export async function writeBytes(stream: ByteStream, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
  for (let offset = 0; offset < bytes.length; offset += MAX_MESSAGE_BYTES) {
    signal.throwIfAborted()
    stream.send(bytes.subarray(offset, offset + MAX_MESSAGE_BYTES))
    await drained(stream, signal)
  }
}

/** The pieces as they arrive. Rejects with the signal's reason when that aborts; the stream is reset then. */
export async function* readChunks(stream: ByteStream, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const onAbort = () => stream.abort(signal.reason instanceof Error ? signal.reason : new Error('cancelled'))
  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort, { once: true })
  try {
    yield* chunksOf(stream)
    signal.throwIfAborted()
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
