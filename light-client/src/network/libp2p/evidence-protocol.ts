/**
 * The wire form of evidence requests and answers between two peers; docs/protocol.md is its specification.
 * Pure: bytes in, values out. `ask-peer.ts` and `serve-evidence.ts` have the effects.
 * @module
 */
import { GlowwormError } from '../../errors.ts'
import type { EthereumRequest } from '../../ledgers/ethereum/evidence.ts'
import { keyOf } from '../../ledgers/ethereum/evidence.ts'
import { PRODUCT } from '../../product.ts'
import { InvalidRequest, parseRequest } from './evidence-request.ts'
import { encodeFrame, frameReader } from './frame.ts'

export const EVIDENCE_PROTOCOL = `/${PRODUCT.slug}/evidence/1`

/** Upper bound of the JSON of a request. */
export const MAX_REQUEST_BYTES = 4096
/** Upper bound of the text that explains a status other than `ok`. */
export const MAX_REASON_BYTES = 512
/** An answer is handed to the transport in pieces of at most this size (libp2p's limit on a WebRTC stream). */
export const MAX_MESSAGE_BYTES = 16 * 1024
/** Status byte and length. */
export const HEADER_BYTES = 5

/** First byte of an answer. */
export const STATUS = {
  ok: 0,
  notAvailable: 1,
  invalidRequest: 2,
  busy: 3,
  rejected: 4,
  upstreamFailure: 5,
  /** This node never answers this type of request. */
  notServed: 6,
} as const

export type Status = keyof typeof STATUS

const STATUS_NAMES = new Map<number, Status>(Object.entries(STATUS).map(([name, code]) => [code, name as Status]))

/** @throws {InvalidRequest} when it is malformed or longer than MAX_REQUEST_BYTES */
export function encodeRequest(request: EthereumRequest): Uint8Array {
  const json = new TextEncoder().encode(keyOf(parseRequest(request)))
  if (json.length > MAX_REQUEST_BYTES)
    throw new InvalidRequest(request.type, `${json.length} bytes, a peer takes at most ${MAX_REQUEST_BYTES}`)
  return encodeFrame(json)
}

export interface RequestReader {
  /** Returns the request once it is complete, until then null. @throws {InvalidRequest} */
  push(chunk: Uint8Array): EthereumRequest | null
}

/** Reads one request frame in whatever pieces it arrives. Holds at most MAX_REQUEST_BYTES and a length. */
export function requestReader(): RequestReader {
  const frames = frameReader(MAX_REQUEST_BYTES)
  return {
    push(chunk) {
      const [json, surplus] = readOneFrame(() => frames.push(chunk))
      if (json === undefined) return null
      if (surplus !== undefined || frames.pending() > 0)
        throw new InvalidRequest('the request', 'is followed by more bytes')
      return parseRequest(parseJson(json))
    },
  }
}

function readOneFrame(read: () => Uint8Array[]): Uint8Array[] {
  try {
    return read()
  } catch (cause) {
    throw new InvalidRequest('the request', cause instanceof Error ? cause.message : 'is malformed', { cause })
  }
}

function parseJson(json: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json))
  } catch (cause) {
    throw new InvalidRequest('the request', 'is not JSON in UTF-8', { cause })
  }
}

/** Status byte and length; the content follows. */
export function encodeHeader(status: Status, length: number): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES)
  const view = new DataView(header.buffer)
  view.setUint8(0, STATUS[status])
  view.setUint32(1, length)
  return header
}

/** A whole answer that refuses; the reason is shortened to what the protocol allows. */
export function encodeRefusal(status: Exclude<Status, 'ok'>, reason: string): Uint8Array {
  const text = new TextEncoder().encode(printable(reason)).subarray(0, MAX_REASON_BYTES)
  const answer = new Uint8Array(HEADER_BYTES + text.length)
  answer.set(encodeHeader(status, text.length))
  answer.set(text, HEADER_BYTES)
  return answer
}

export type PeerAnswer =
  | { readonly status: 'ok'; readonly bytes: Uint8Array }
  | { readonly status: Exclude<Status, 'ok'>; readonly reason: string }

export interface AnswerReader {
  /** @throws {InvalidAnswerFrame} as soon as the bytes cannot become an allowed answer */
  push(chunk: Uint8Array): void
  /** The answer; null while bytes are missing. */
  finished(): PeerAnswer | null
  /** Bytes of content that have arrived. */
  received(): number
}

/** Reads one answer of at most `limit` bytes. Memory grows with what arrived, never with what was promised. */
export function answerReader(limit: number): AnswerReader {
  const header = new Uint8Array(HEADER_BYTES)
  let headerBytes = 0
  let status: Status | undefined
  let length = 0
  let content = new Uint8Array(0)
  let received = 0

  const readHeader = () => {
    const view = new DataView(header.buffer)
    status = STATUS_NAMES.get(view.getUint8(0))
    length = view.getUint32(1)
    if (status === undefined) throw new InvalidAnswerFrame(`unknown status ${view.getUint8(0)}`)
    const allowed = status === 'ok' ? limit : MAX_REASON_BYTES
    if (length > allowed) throw new InvalidAnswerFrame(`announces ${length} bytes, at most ${allowed} are allowed`)
  }

  return {
    push(chunk) {
      let rest = chunk
      if (headerBytes < HEADER_BYTES) {
        const part = rest.subarray(0, HEADER_BYTES - headerBytes)
        header.set(part, headerBytes)
        headerBytes += part.length
        rest = rest.subarray(part.length)
        if (headerBytes < HEADER_BYTES) return
        readHeader()
      }
      if (received + rest.length > length) throw new InvalidAnswerFrame(`is longer than the ${length} bytes announced`)
      if (received + rest.length > content.length) {
        const room = Math.min(length, Math.max(received + rest.length, content.length * 2, MAX_MESSAGE_BYTES))
        const larger = new Uint8Array(room)
        larger.set(content.subarray(0, received))
        content = larger
      }
      content.set(rest, received)
      received += rest.length
    },
    finished() {
      if (status === undefined || received < length) return null
      const bytes = content.subarray(0, length)
      return status === 'ok' ? { status, bytes } : { status, reason: printable(new TextDecoder().decode(bytes)) }
    },
    received: () => received,
  }
}

/** Foreign text is shown to people: control and formatting characters (line breaks, direction marks) become spaces. */
function printable(text: string): string {
  return text.replace(/[\p{C}\p{Z}]+/gu, ' ').trim()
}

/** What arrived is not an answer of this protocol. */
export class InvalidAnswerFrame extends GlowwormError {
  constructor(reason: string) {
    super({ name: 'Network.InvalidAnswerFrame', code: 'INVALID_ANSWER_FRAME', kind: 'lie' }, `the answer ${reason}`)
  }
}
