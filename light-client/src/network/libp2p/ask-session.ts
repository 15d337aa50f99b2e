/**
 * One stream of evidence requests, as the side that asks. Requests share it; each is answered by its id. When the stream
 * breaks, those that have no answer yet fail, and the next one is put on a new stream.
 * @module
 */
import type { Clock } from '../../infrastructure/ports.ts'
import { DeadlinePassed, orAborted } from './deadline.ts'
import {
  type AnswerAssembly,
  type AnswerPart,
  answerAssembly,
  EVIDENCE_PROTOCOL,
  encodeAsk,
  InvalidAnswerFrame,
  MAX_ID,
  type PeerAnswer,
  partReader,
} from './evidence-protocol.ts'
import type { ByteStream, StreamOpener } from './node-types.ts'
import { readChunks } from './stream-bytes.ts'
import { streamWriter } from './stream-writer.ts'
import { timeLimits } from './time-limits.ts'

/** Milliseconds. A random share of `jitter` is added so that many askers do not give up, and retry, in step. */
export interface AskTimes {
  /** Between two parts of an answer, and until the first. */
  readonly silence: number
  /** For the whole answer, however steadily it drips. */
  readonly whole: number
  readonly jitter: number
  /** With nothing asked, until the stream is closed. Shorter than the answerer's. */
  readonly idle: number
}

export const DEFAULT_ASK_TIMES: AskTimes = { silence: 10_000, whole: 60_000, jitter: 2_000, idle: 60_000 }

export interface AskSession {
  /** The stream is ending, or has ended: nothing more can be asked on it. */
  readonly over: boolean
  /**
   * @param json of the request
   * @param limit bytes of the longest allowed answer
   * @throws {InvalidAnswerFrame | DeadlinePassed} the signal's reason, or why the stream broke
   */
  ask(json: Uint8Array, limit: number, signal: AbortSignal): Promise<PeerAnswer>
  /** Asks no more; ends when what is under way has ended. */
  retire(): void
  /** Ends at once. */
  end(cause: Error): void
}

interface Asked {
  readonly assembly: AnswerAssembly
  readonly answered: PromiseWithResolvers<PeerAnswer>
  /** When the whole answer has to be there. */
  readonly until: number
  withdrawn: boolean
}

const NOTHING = new Uint8Array(0)
const IDLE = 0

/** Opens a stream. @param times see {@link AskTimes} */
export function askSession(opener: StreamOpener, clock: Clock, times: AskTimes): AskSession {
  const ending = new AbortController()
  const { signal } = ending
  const open = new Map<number, Asked>()
  const outgoing: Uint8Array[] = []
  let last = IDLE
  let retired = false
  let stream: ByteStream | undefined
  const extra = Math.random() * times.jitter
  const silence = times.silence + extra

  const passing = timeLimits<number>(clock, (id, milliseconds) => {
    if (id === IDLE) {
      if (!stream || retired) end(new DeadlinePassed(milliseconds))
      return retire()
    }
    const asked = open.get(id)
    if (!asked) return
    if (asked.withdrawn) return end(new DeadlinePassed(milliseconds))
    withdraw(id, new DeadlinePassed(milliseconds))
  })

  const opened = (async () => {
    passing.start(IDLE, silence)
    try {
      stream = await opener.newStream(EVIDENCE_PROTOCOL, { signal })
      signal.throwIfAborted()
    } catch (error) {
      stream?.abort(signal.reason)
      throw end(error)
    }
    const writer = streamWriter(stream, takeFrame, signal, end)
    void read(stream)
    return writer
  })()
  opened.catch(() => {}) // said to whoever asks

  function takeFrame(room: number): readonly Uint8Array[] | null {
    const [next] = outgoing
    if (!next || next.length > room) return null
    outgoing.shift()
    return [next]
  }

  async function read(from: ByteStream): Promise<void> {
    const reader = partReader()
    try {
      for await (const chunk of readChunks(from, signal)) for (const part of reader.push(chunk)) take(part)
      end(new Error('the connection ended'))
    } catch (error) {
      end(error)
    }
  }

  function take(part: AnswerPart): void {
    const asked = open.get(part.id)
    if (!asked) throw new InvalidAnswerFrame('is to a request that is not waiting for one')
    // what is withdrawn comes to its end in one way or the other, and nobody hears of it
    if (asked.withdrawn && part.status === 'withdrawn') {
      finish(part.id)
      return
    }
    const answer = asked.assembly.add(part)
    if (answer) {
      finish(part.id)
      asked.answered.resolve(answer)
    } else if (!asked.withdrawn) passing.start(part.id, Math.min(silence, Math.max(0, asked.until - clock.now())))
  }

  function finish(id: number): void {
    open.delete(id)
    passing.clear(id)
    if (open.size > 0) return
    if (retired) close()
    else passing.start(IDLE, times.idle)
  }

  /** Nobody waits for it any more; the answerer says when it has let go of it. */
  function withdraw(id: number, cause: Error): void {
    const asked = open.get(id)
    if (!asked || asked.withdrawn) return
    asked.withdrawn = true
    asked.answered.reject(cause)
    outgoing.push(encodeAsk(id, NOTHING))
    passing.start(id, silence)
    opened.then((writer) => writer.wake()).catch(() => {})
  }

  function retire(): void {
    if (retired) return
    retired = true
    if (open.size === 0) close()
  }

  /** In order: both sides say that no more will come. */
  function close(): void {
    passing.end()
    if (!stream) return void end(new Error('no longer needed'))
    stream.close().catch(() => {})
    passing.start(IDLE, silence)
  }

  function end(cause: unknown): Error {
    const error = cause instanceof Error ? cause : new Error(String(cause))
    if (signal.aborted) return signal.reason
    retired = true
    ending.abort(error)
    passing.end()
    stream?.abort(error)
    for (const { answered } of open.values()) answered.reject(error)
    open.clear()
    return error
  }

  return {
    get over() {
      return retired
    },
    async ask(json, limit, asker) {
      const writer = await orAborted(opened, asker)
      if (signal.aborted) throw signal.reason
      const id = ++last
      if (id === MAX_ID) retired = true
      passing.clear(IDLE)
      const asked: Asked = {
        assembly: answerAssembly(limit),
        answered: Promise.withResolvers(),
        until: clock.now() + times.whole + extra,
        withdrawn: false,
      }
      open.set(id, asked)
      outgoing.push(encodeAsk(id, json))
      passing.start(id, Math.min(silence, times.whole + extra))
      const onAbort = () => withdraw(id, asker.reason)
      if (asker.aborted) onAbort()
      else asker.addEventListener('abort', onAbort, { once: true })
      writer.wake()
      try {
        return await asked.answered.promise
      } finally {
        asker.removeEventListener('abort', onAbort)
      }
    },
    retire,
    end,
  }
}
