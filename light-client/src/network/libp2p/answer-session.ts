/**
 * One stream of evidence requests, as the side that answers. Answers go out as they become ready, long ones in turn a
 * part at a time, so that nobody waits behind a slow one. Whatever the peer sends, at worst this stream is reset.
 * @module
 */
import type { Clock } from '../../infrastructure/ports.ts'
import type { PeerRequest } from '../../ledgers/ledger-evidence.ts'
import { type EvidenceSource, longestAnswer, NotAvailable, Rejected } from '../evidence-source.ts'
import { DeadlinePassed, orAborted } from './deadline.ts'
import {
  askReader,
  decodeAsk,
  decodeRequest,
  encodePartHeader,
  encodeReason,
  PART_HEADER_BYTES,
  type Status,
} from './evidence-protocol.ts'
import { InvalidRequest } from './evidence-request.ts'
import { InvalidFrame } from './frame.ts'
import type { ByteStream } from './node-types.ts'
import type { PeerLimits } from './peer-limits.ts'
import { readChunks } from './stream-bytes.ts'
import { streamWriter } from './stream-writer.ts'
import { timeLimits } from './time-limits.ts'

/** Milliseconds. */
export interface ServeTimes {
  /** Until the first request has arrived, and from the beginning of any other to its end. */
  readonly request: number
  /** Until the source has answered. */
  readonly source: number
  /** Until the peer has taken the answer. */
  readonly answer: number
  /** With nothing asked, until the stream is closed. */
  readonly idle: number
  /** Until the peer has closed its side after the end. */
  readonly farewell: number
}

export const DEFAULT_SERVE_TIMES: ServeTimes = {
  request: 5_000,
  source: 20_000,
  answer: 60_000,
  idle: 150_000,
  farewell: 10_000,
}

export interface AnswerWork {
  readonly source: EvidenceSource
  readonly clock: Clock
  readonly times: ServeTimes
  readonly limits: PeerLimits
  readonly served: Record<Status, number>
  /** No more requests are taken. */
  readonly draining: AbortSignal
  /** Everything ends. */
  readonly closing: AbortSignal
}

/** Requests of one stream that are unanswered, or whose answers wait to be taken; refused ones too. */
const MAX_OPEN = 64
/** Bytes of an answer for each place (`peer-limits.ts`) that it takes until the peer has taken it. */
const PLACE_BYTES = 1024 * 1024
/** So often in a row a peer hears that it asks too much; then it loses the stream. */
const MAX_BUSY_IN_A_ROW = 64
const TOO_MUCH = 'is one of too many'
/** Rather than so short a part of a longer answer, the next message is begun. */
const LEAST_PART_BYTES = 4 * 1024

type Outcome = { readonly status: Status; readonly content: Uint8Array }

interface Asked {
  readonly id: number
  /** Ends the work for it. */
  readonly working: AbortController
  leave(): void
  /** Set once it is known; what has been sent of it. */
  outcome: Outcome | null
  sent: number
}

type Limit = number | 'frame' | 'idle'

export interface AnswerSession {
  /** Resolves when every request has its answer, and the transport has taken them. Never rejects. */
  leave(): Promise<void>
  /** Resolves when the stream has ended. Never rejects. */
  readonly ended: Promise<void>
}

export function answerSession(work: AnswerWork, stream: ByteStream, peer: string, group?: string): AnswerSession {
  const { source, clock, times, limits, served } = work
  const ending = new AbortController()
  const { signal } = ending
  const open = new Map<number, Asked>()
  /** Whose answers are being sent, in turn. */
  const queue: Asked[] = []
  let last = 0
  let busyInARow = 0
  const onSettled: (() => void)[] = []

  const end = (cause: unknown) => ending.abort(cause instanceof Error ? cause : new Error('the stream has ended'))
  const onClosing = () => end(work.closing.reason)
  stream.addEventListener('close', () => end(new Error('the peer has gone')), { once: true })
  if (work.closing.aborted) onClosing()
  else work.closing.addEventListener('abort', onClosing, { once: true })

  const passing = timeLimits<Limit>(clock, (key, milliseconds) => {
    const asked = typeof key === 'number' ? open.get(key) : undefined
    if (key === 'idle') {
      void stream.close().catch(() => {})
      passing.start('frame', times.farewell)
    } else if (!asked || asked.outcome) end(new DeadlinePassed(milliseconds))
    else {
      asked.working.abort(new DeadlinePassed(milliseconds))
      settle(asked, refusal('upstreamFailure', ''))
    }
  })
  const writer = streamWriter(stream, takeParts, signal, end)

  function takeParts(room: number): readonly Uint8Array[] | null {
    const asked = queue[0]
    if (!asked?.outcome) return null
    const { status, content } = asked.outcome
    const remaining = content.length - asked.sent
    const size = Math.min(remaining, room - PART_HEADER_BYTES)
    if (size < 0 || (size < remaining && size < LEAST_PART_BYTES)) return null
    const part = content.subarray(asked.sent, asked.sent + size)
    asked.sent += size
    queue.shift()
    if (asked.sent < content.length) queue.push(asked)
    else finish(asked)
    return [encodePartHeader(asked.id, status, content.length, size), part]
  }

  function finish(asked: Asked): void {
    open.delete(asked.id)
    passing.clear(asked.id)
    asked.leave()
    if (open.size > 0) return
    passing.start('idle', times.idle)
    for (const resolve of onSettled.splice(0)) resolve()
  }

  /** Long answers take more places, so that whoever does not read fills no memory: of all its streams, and its group's. */
  function takePlaces(asked: Asked, count: number): boolean {
    if (count <= 0) return true
    const more = limits.enter(peer, group)
    if (typeof more === 'string') return false
    const { leave } = asked
    asked.leave = () => {
      leave()
      more()
    }
    return takePlaces(asked, count - 1)
  }

  function settle(asked: Asked, outcome: Outcome): void {
    if (asked.outcome || signal.aborted) return
    asked.outcome = takePlaces(asked, outcome.content.length / PLACE_BYTES - 1)
      ? outcome
      : refusal('busy', 'answers wait')
    served[asked.outcome.status] += 1
    passing.start(asked.id, times.answer)
    queue.push(asked)
    writer.wake()
  }

  function take(frame: Uint8Array): void {
    const { id, json } = decodeAsk(frame)
    if (json.length === 0) {
      withdraw(id)
      return
    }
    if (id <= last) throw new InvalidFrame('has an id that was used before')
    last = id
    if (open.size >= MAX_OPEN) throw new InvalidFrame(TOO_MUCH)
    const leave = work.draining.aborted ? 'closing' : limits.enter(peer, group)
    const refused = typeof leave === 'string'
    const asked: Asked = {
      id,
      working: new AbortController(),
      leave: refused ? () => {} : leave,
      outcome: null,
      sent: 0,
    }
    passing.clear('idle')
    open.set(id, asked)
    if (!refused) busyInARow = 0
    else if (++busyInARow > MAX_BUSY_IN_A_ROW) throw new InvalidFrame(TOO_MUCH)
    if (refused) settle(asked, refusal('busy', leave))
    else void answer(asked, json)
  }

  /** What is left of the answer is not sent. One that has been sent, or was never asked for, cannot be withdrawn. */
  function withdraw(id: number): void {
    if (id > last) throw new InvalidFrame('withdraws what was not asked')
    const asked = open.get(id)
    if (!asked || asked.outcome?.status === 'withdrawn') return
    asked.working.abort(new Error('no longer wanted'))
    if (!asked.outcome) {
      settle(asked, refusal('withdrawn', ''))
      return
    }
    asked.outcome = refusal('withdrawn', '')
    asked.sent = 0
  }

  async function answer(asked: Asked, json: Uint8Array): Promise<void> {
    try {
      const request = decodeRequest(json)
      if (!source.serves(request.type)) {
        settle(asked, refusal('notServed', request.type))
        return
      }
      passing.start(asked.id, times.source)
      const { bytes } = await source.request(request, asked.working.signal)
      settle(asked, { status: 'ok', content: withinLimit(request, bytes) })
    } catch (error) {
      settle(asked, refusalFor(error))
    }
  }

  async function read(): Promise<void> {
    const frames = askReader()
    passing.start('frame', times.request)
    for await (const chunk of readChunks(stream, signal)) {
      for (const frame of frames.push(chunk)) take(frame)
      if (frames.pending() === 0) passing.clear('frame')
      else if (!passing.has('frame')) passing.start('frame', times.request)
    }
    if (frames.pending() > 0) throw new InvalidFrame('is cut short')
    passing.clear('frame')
    await orAborted(settled(), signal)
    // a stream the peer leaves half open is reset, so that it cannot collect them
    passing.start('frame', times.farewell)
    await stream.close({ signal })
    if (stream.status === 'open') await orAborted(new Promise<never>(() => {}), signal)
  }

  const settled = () =>
    open.size === 0 || signal.aborted ? Promise.resolve() : new Promise<void>((resolve) => onSettled.push(resolve))

  async function run(): Promise<void> {
    try {
      await read()
    } catch (error) {
      // the peer's misbehaviour ends here: nothing a handler rejects with may reach the process
      end(error)
      stream.abort(error instanceof Error ? error : new Error('the requests could not be answered'))
    } finally {
      end(new Error('the stream has ended'))
      work.closing.removeEventListener('abort', onClosing)
      passing.end()
      for (const { working, leave } of open.values()) {
        working.abort(signal.reason)
        leave()
      }
      open.clear()
      for (const resolve of onSettled.splice(0)) resolve()
    }
  }

  async function leave(): Promise<void> {
    await settled()
    // what is sent last may still wait in the stream; whoever closes the node next would throw it away
    await stream.close({ signal }).catch(() => {})
  }

  return { leave, ended: run() }
}

const refusal = (status: Exclude<Status, 'ok'>, reason: string): Outcome => ({ status, content: encodeReason(reason) })

function withinLimit(request: PeerRequest, bytes: Uint8Array): Uint8Array {
  if (bytes.length > longestAnswer(request)) throw new Error('the answer is larger than the protocol allows')
  return bytes
}

/** Only what the peer needs: reasons of a source that refuses are passed on, inner failures are not spelt out. */
function refusalFor(error: unknown): Outcome {
  if (error instanceof InvalidRequest) return refusal('invalidRequest', error.message)
  if (error instanceof NotAvailable) return refusal('notAvailable', '')
  if (error instanceof Rejected) return refusal('rejected', error.reason)
  return refusal('upstreamFailure', '')
}
