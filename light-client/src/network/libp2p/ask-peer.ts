import type { Clock } from '../../infrastructure/ports.ts'
import type { EthereumRequest } from '../../ledgers/ethereum/evidence.ts'
import {
  MAX_ANSWER_BYTES,
  MalformedAnswer,
  NotAvailable,
  Rejected,
  type SourceDescription,
  SourceUnreachable,
} from '../evidence-source.ts'
import { type Deadline, DeadlinePassed, startDeadline } from './deadline.ts'
import {
  answerReader,
  EVIDENCE_PROTOCOL,
  encodeRequest,
  InvalidAnswerFrame,
  type PeerAnswer,
} from './evidence-protocol.ts'
import { InvalidRequest } from './evidence-request.ts'
import type { ByteStream, StreamOpener } from './node-types.ts'
import { readChunks, writeBytes } from './stream-bytes.ts'

/** Milliseconds. A random share of `jitter` is added so that many askers do not give up, and retry, in step. */
export interface AskTimes {
  /** Between two pieces of an answer, and until the first. */
  readonly silence: number
  /** For the whole answer, however steadily it drips. */
  readonly whole: number
  readonly jitter: number
}

export const DEFAULT_ASK_TIMES: AskTimes = { silence: 10_000, whole: 60_000, jitter: 2_000 }

/** The peer says that it never answers this type of request. */
export const NOT_SERVED = Symbol('not served')

/**
 * One request over one new stream of `connection`.
 * @throws {NotAvailable | SourceUnreachable | MalformedAnswer | Rejected} as the contract of `EvidenceSource` says, or
 * the signal's reason. Resolves with `NOT_SERVED` when the peer does not serve the type at all.
 */
export async function askPeer(
  connection: StreamOpener,
  from: SourceDescription,
  request: EthereumRequest,
  signal: AbortSignal,
  clock: Clock,
  times: AskTimes = DEFAULT_ASK_TIMES,
): Promise<Uint8Array | typeof NOT_SERVED> {
  signal.throwIfAborted()
  const frame = encodeForPeer(request, from)
  const extra = Math.random() * times.jitter
  const whole = startDeadline(clock, times.whole + extra, signal)
  const silence = startDeadline(clock, times.silence + extra, whole.signal)
  let stream: ByteStream | undefined
  try {
    stream = await connection.newStream(EVIDENCE_PROTOCOL, { signal: silence.signal })
    const answer = await exchange(stream, frame, MAX_ANSWER_BYTES[request.type], silence)
    if (answer === null) throw new SourceUnreachable(from.words, 'the connection ended in the middle of the answer')
    void stream.close().catch(() => {})
    return interpret(answer, from, request)
  } catch (error) {
    stream?.abort(new Error('the request is over'))
    if (signal.aborted) throw signal.reason
    throw asContractError(silence.signal.aborted ? silence.signal.reason : error, from)
  } finally {
    silence.clear()
    whole.clear()
  }
}

function encodeForPeer(request: EthereumRequest, from: SourceDescription): Uint8Array {
  try {
    return encodeRequest(request)
  } catch (error) {
    // too large for the wire is this carrier's limit, not the caller's mistake: other sources can take it
    if (error instanceof InvalidRequest && error.message.includes('a peer takes at most'))
      throw new NotAvailable(from.words, `an answer to so long a request (${error.message})`, { cause: error })
    throw error
  }
}

/** Resolves with null when the stream ends before the answer is whole. */
async function exchange(
  stream: ByteStream,
  frame: Uint8Array,
  limit: number,
  silence: Deadline,
): Promise<PeerAnswer | null> {
  const reader = answerReader(limit)
  const writing = writeBytes(stream, frame, silence.signal)
  // a failed write also ends the reading below, which then has the better reason
  writing.catch(() => {})
  for await (const chunk of readChunks(stream, silence.signal)) {
    reader.push(chunk)
    silence.restart()
  }
  return reader.finished()
}

function interpret(
  answer: PeerAnswer,
  from: SourceDescription,
  request: EthereumRequest,
): Uint8Array | typeof NOT_SERVED {
  if (answer.status === 'ok') return answer.bytes
  const because = answer.reason === '' ? '' : `: ${answer.reason}`
  switch (answer.status) {
    case 'notAvailable':
      throw new NotAvailable(from.words, `what ${request.type} asks for${because}`)
    case 'notServed':
      return NOT_SERVED
    case 'rejected':
      throw new Rejected(from.words, answer.reason === '' ? 'no reason given' : answer.reason)
    case 'invalidRequest':
      throw new Rejected(from.words, `it does not understand the request${because}`)
    case 'busy':
      throw new SourceUnreachable(from.words, `it is busy${because}`)
    case 'upstreamFailure':
      throw new SourceUnreachable(from.words, `its own source failed${because}`)
  }
}

function asContractError(error: unknown, from: SourceDescription): Error {
  if (error instanceof NotAvailable || error instanceof Rejected || error instanceof SourceUnreachable) return error
  if (error instanceof InvalidRequest) return error
  if (error instanceof InvalidAnswerFrame) return new MalformedAnswer(from.words, error.message, { cause: error })
  if (error instanceof DeadlinePassed) return new SourceUnreachable(from.words, error.message, { cause: error })
  const reason = error instanceof Error ? error.message : String(error)
  return new SourceUnreachable(from.words, reason, { cause: error })
}
