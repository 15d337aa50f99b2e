import { concatBytes } from '../../data/hex.ts'
import type { Clock } from '../../infrastructure/ports.ts'
import type { EthereumRequest } from '../../ledgers/ethereum/evidence.ts'
import { type EvidenceSource, MAX_ANSWER_BYTES, NotAvailable, Rejected } from '../evidence-source.ts'
import { orAborted, startDeadline } from './deadline.ts'
import {
  EVIDENCE_PROTOCOL,
  encodeHeader,
  encodeRefusal,
  HEADER_BYTES,
  MAX_MESSAGE_BYTES,
  requestReader,
  type Status,
} from './evidence-protocol.ts'
import { InvalidRequest } from './evidence-request.ts'
import type { ByteStream, Connection, Libp2p, Stream } from './node-types.ts'
import { DEFAULT_PEER_LIMITS, type PeerLimitOptions, type PeerLimits, peerLimits } from './peer-limits.ts'
import { readChunks, writeBytes } from './stream-bytes.ts'

/** Milliseconds. */
export interface ServeTimes {
  /** Until the request has arrived. */
  readonly request: number
  /** Until the source has answered. */
  readonly source: number
  /** Until the peer has taken the answer. */
  readonly answer: number
  /** Until the peer has closed its side after that. */
  readonly farewell: number
}

export const DEFAULT_SERVE_TIMES: ServeTimes = { request: 5_000, source: 20_000, answer: 60_000, farewell: 10_000 }

export interface ServeOptions {
  readonly clock: Clock
  readonly limits?: PeerLimitOptions
  readonly times?: ServeTimes
}

export interface EvidenceServer {
  /** Requests so far, by how they ended. */
  readonly served: Readonly<Record<Status, number>>
  /** Takes no more requests; those under way have `within` milliseconds to end, then they are cancelled. */
  close(within?: number): Promise<void>
}

/**
 * Answers evidence requests of peers from `source`. Whatever a peer sends, at worst its own stream is reset.
 * The source's answers are passed on as they are; verifying is the asker's business.
 */
export async function serveEvidence(
  node: Libp2p,
  source: EvidenceSource,
  options: ServeOptions,
): Promise<EvidenceServer> {
  const answerer = answerEvidence(source, options)
  const { pendingPerPeer } = options.limits ?? DEFAULT_PEER_LIMITS
  await node.handle(
    EVIDENCE_PROTOCOL,
    (stream: Stream, connection: Connection) => answerer.answer(stream, connection.remotePeer.toString()),
    // room beyond the limit, so that a peer over it hears `busy` instead of losing its stream without a word
    { maxInboundStreams: pendingPerPeer * 4, runOnLimitedConnection: false },
  )
  return {
    served: answerer.served,
    async close(within) {
      await node.unhandle(EVIDENCE_PROTOCOL)
      await answerer.close(within)
    },
  }
}

export interface EvidenceAnswerer extends EvidenceServer {
  /** Reads one request from a stream and answers it. Never rejects. */
  answer(stream: ByteStream, peer: string): Promise<void>
}

/** The same for streams of any origin. */
export function answerEvidence(source: EvidenceSource, options: ServeOptions): EvidenceAnswerer {
  const work: Work = {
    source,
    clock: options.clock,
    times: options.times ?? DEFAULT_SERVE_TIMES,
    limits: peerLimits(options.clock, options.limits ?? DEFAULT_PEER_LIMITS),
    served: {
      ok: 0,
      notAvailable: 0,
      invalidRequest: 0,
      busy: 0,
      rejected: 0,
      upstreamFailure: 0,
      notServed: 0,
    },
    closing: new AbortController(),
  }
  const underWay = new Set<Promise<void>>()
  return {
    served: work.served,
    async answer(stream, peer) {
      // the peer's misbehaviour ends here: nothing a handler rejects with may reach the process
      try {
        const answering = answerStream(work, stream, peer)
        underWay.add(answering)
        await answering.finally(() => underWay.delete(answering))
        await farewell(work, stream)
      } catch (error) {
        stream.abort(error instanceof Error ? error : new Error('the request could not be answered'))
      }
    },
    async close(within = 0) {
      if (within > 0) {
        const waited = new AbortController()
        const patience = options.clock.sleep(within, waited.signal).catch(() => {})
        await Promise.race([Promise.allSettled(underWay), patience])
        waited.abort()
      }
      work.closing.abort(new Error('the node is closing'))
    },
  }
}

interface Work {
  readonly source: EvidenceSource
  readonly clock: Clock
  readonly times: ServeTimes
  readonly limits: PeerLimits
  readonly served: Record<Status, number>
  readonly closing: AbortController
}

type Outcome =
  | { readonly status: 'ok'; readonly bytes: Uint8Array }
  | { readonly status: Refusal; readonly reason: string }
type Refusal = Exclude<Status, 'ok'>

/** More than a request is never buffered. */
const MAX_UNREAD_BYTES = 16 * 1024

async function answerStream(work: Work, stream: ByteStream, peer: string): Promise<void> {
  stream.maxReadBufferLength = MAX_UNREAD_BYTES
  const gone = new AbortController()
  stream.addEventListener('close', () => gone.abort(new Error('the peer has gone')), { once: true })
  const signal = AbortSignal.any([gone.signal, work.closing.signal])
  const leave = work.limits.enter(peer)
  try {
    const outcome = await outcomeOf(work, stream, typeof leave === 'string' ? leave : null, signal)
    work.served[outcome.status] += 1
    await sendOutcome(work, stream, outcome, signal)
  } finally {
    if (typeof leave === 'function') leave()
  }
}

/** The request is read even when there is no time for it: an answer before it could get lost (`chunksOf` says why). */
async function outcomeOf(work: Work, stream: ByteStream, busy: string | null, signal: AbortSignal): Promise<Outcome> {
  try {
    const request = await readRequest(work, stream, signal)
    if (busy !== null) return { status: 'busy', reason: busy }
    if (!work.source.serves(request.type)) return { status: 'notServed', reason: request.type }
    return { status: 'ok', bytes: await fetchEvidence(work, request, signal) }
  } catch (error) {
    signal.throwIfAborted()
    return refusalFor(error)
  }
}

async function readRequest(work: Work, stream: ByteStream, signal: AbortSignal): Promise<EthereumRequest> {
  const deadline = startDeadline(work.clock, work.times.request, signal)
  const reader = requestReader()
  try {
    for await (const chunk of readChunks(stream, deadline.signal)) {
      const request = reader.push(chunk)
      if (request) return request
    }
    throw new InvalidRequest('the request', 'ends too early')
  } finally {
    deadline.clear()
  }
}

async function fetchEvidence(work: Work, request: EthereumRequest, signal: AbortSignal): Promise<Uint8Array> {
  const deadline = startDeadline(work.clock, work.times.source, signal)
  try {
    const { bytes } = await orAborted(work.source.request(request, deadline.signal), deadline.signal)
    if (bytes.length > MAX_ANSWER_BYTES[request.type]) throw new Error('the answer is larger than the protocol allows')
    return bytes
  } finally {
    deadline.clear()
  }
}

/** Only what the peer needs: reasons of a source that refuses are passed on, inner failures are not spelt out. */
function refusalFor(error: unknown): { status: Refusal; reason: string } {
  if (error instanceof InvalidRequest) return { status: 'invalidRequest', reason: error.message }
  if (error instanceof NotAvailable) return { status: 'notAvailable', reason: '' }
  if (error instanceof Rejected) return { status: 'rejected', reason: error.reason }
  return { status: 'upstreamFailure', reason: '' }
}

async function sendOutcome(work: Work, stream: ByteStream, outcome: Outcome, signal: AbortSignal): Promise<void> {
  const deadline = startDeadline(work.clock, work.times.answer, signal)
  try {
    if (outcome.status === 'ok') {
      // the header goes with the first piece: a message of its own costs as much as one of some kilobytes
      const head = Math.min(outcome.bytes.length, MAX_MESSAGE_BYTES - HEADER_BYTES)
      const first = concatBytes(encodeHeader('ok', outcome.bytes.length), outcome.bytes.subarray(0, head))
      await writeBytes(stream, first, deadline.signal)
      await writeBytes(stream, outcome.bytes.subarray(head), deadline.signal)
    } else await writeBytes(stream, encodeRefusal(outcome.status, outcome.reason), deadline.signal)
    await stream.close({ signal: deadline.signal })
  } finally {
    deadline.clear()
  }
}

/** A stream the peer leaves half open is reset, so that it cannot collect them. */
async function farewell(work: Work, stream: ByteStream): Promise<void> {
  const deadline = startDeadline(work.clock, work.times.farewell, work.closing.signal)
  try {
    await orAborted(
      new Promise<void>((resolve) => {
        stream.addEventListener('close', () => resolve(), { once: true })
        if (stream.status !== 'open') resolve()
      }),
      deadline.signal,
    )
  } finally {
    deadline.clear()
  }
}
