import { concatBytes } from '../../data/hex.ts'
import { MAX_MESSAGE_BYTES } from './evidence-protocol.ts'
import { drained } from './infrastructure/upstream-faults.ts'
import type { ByteStream } from './node-types.ts'

export interface StreamWriter {
  /** There is something to send. */
  wake(): void
}

/**
 * Sends what `take` gives for as long as it gives something, and the transport takes it. What is there at the same time
 * goes out in one message: a message costs as much as some kilobytes.
 *
 * @param take the next pieces, of at most `room` bytes together; null when there is nothing that fits
 * @param onFailure the stream is closed, or `signal` has aborted
 */
export function streamWriter(
  stream: ByteStream,
  take: (room: number) => readonly Uint8Array[] | null,
  signal: AbortSignal,
  onFailure: (cause: unknown) => void,
): StreamWriter {
  let writing = false

  function nextMessage(): Uint8Array | null {
    const pieces: Uint8Array[] = []
    let room = MAX_MESSAGE_BYTES
    for (let more = take(room); more; more = take(room)) {
      pieces.push(...more)
      for (const { length } of more) room -= length
    }
    if (pieces.length === 0) return null
    return pieces.length === 1 ? pieces[0]! : concatBytes(...pieces)
  }

  async function write(): Promise<void> {
    // what else becomes ready in the same turn comes along
    await Promise.resolve()
    for (let message = nextMessage(); message; message = nextMessage()) {
      stream.send(message)
      if (stream.writableNeedsDrain) await drained(stream, signal)
    }
    writing = false
  }

  return {
    wake() {
      if (writing) return
      writing = true
      write().catch(onFailure)
    },
  }
}
