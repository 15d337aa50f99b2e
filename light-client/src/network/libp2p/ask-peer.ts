import type { PeerRequest } from '../../ledgers/ledger-evidence.ts'
import {
  longestAnswer,
  MalformedAnswer,
  NotAvailable,
  Rejected,
  type SourceDescription,
  SourceUnreachable,
} from '../evidence-source.ts'
import type { AskSession } from './ask-session.ts'
import { encodeRequest, InvalidAnswerFrame, type PeerAnswer } from './evidence-protocol.ts'
import { InvalidRequest } from './evidence-request.ts'

/** The peer says that it never answers this type of request. */
export const NOT_SERVED = Symbol('not served')

/**
 * One request to a peer.
 * @throws {NotAvailable | SourceUnreachable | MalformedAnswer | Rejected} as the contract of `EvidenceSource` says, or
 * the signal's reason. Resolves with `NOT_SERVED` when the peer does not serve the type at all.
 */
export async function askPeer(
  session: AskSession,
  from: SourceDescription,
  request: PeerRequest,
  signal: AbortSignal,
): Promise<Uint8Array | typeof NOT_SERVED> {
  signal.throwIfAborted()
  const json = encodeForPeer(request, from)
  try {
    return interpret(await session.ask(json, longestAnswer(request), signal), from, request)
  } catch (error) {
    if (signal.aborted) throw signal.reason
    throw asContractError(error, from)
  }
}

function encodeForPeer(request: PeerRequest, from: SourceDescription): Uint8Array {
  try {
    return encodeRequest(request)
  } catch (error) {
    // too large for the wire is this carrier's limit, not the caller's mistake: other sources can take it
    if (error instanceof InvalidRequest && error.message.includes('a peer takes at most'))
      throw new NotAvailable(from.words, `an answer to so long a request (${error.message})`, { cause: error })
    throw error
  }
}

function interpret(answer: PeerAnswer, from: SourceDescription, request: PeerRequest): Uint8Array | typeof NOT_SERVED {
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
  const reason = error instanceof Error ? error.message : String(error)
  const Contract = error instanceof InvalidAnswerFrame ? MalformedAnswer : SourceUnreachable
  return new Contract(from.words, reason, { cause: error })
}
