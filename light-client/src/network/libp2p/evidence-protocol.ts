/**
 * The wire form of evidence requests and answers between two peers; docs/protocol.md is its specification.
 * Pure: bytes in, values out. `ask-session.ts` and `answer-session.ts` have the effects.
 * @module
 */
import { GlowwormError } from '../../errors.ts'
import { keyOf } from '../../ledgers/ethereum/evidence.ts'
import type { PeerRequest } from '../../ledgers/ledger-evidence.ts'
import { PRODUCT } from '../../product.ts'
import { InvalidRequest, parseRequest } from './evidence-request.ts'
import { encodeFrame, type FrameReader, frameReader, InvalidFrame } from './frame.ts'

export const EVIDENCE_PROTOCOL = `/${PRODUCT.slug}/evidence/2`

/** Upper bound of the JSON of a request. */
export const MAX_REQUEST_BYTES = 4096
/** Upper bound of the text that explains a status other than `ok`. */
export const MAX_REASON_BYTES = 512
/** The transport is handed pieces of at most this size (libp2p's limit on a WebRTC stream). */
export const MAX_MESSAGE_BYTES = 16 * 1024
/** Before the JSON of a request stands its id. */
const ID_BYTES = 4
/** The largest id; a stream ends there. */
export const MAX_ID = 0xffff_ffff
/** Id, status, length of the whole content, length of the content in this part. */
export const PART_HEADER_BYTES = 11
const MAX_PART_BYTES = MAX_MESSAGE_BYTES - PART_HEADER_BYTES

/** How a request ended. */
export const STATUS = {
  ok: 0,
  notAvailable: 1,
  invalidRequest: 2,
  busy: 3,
  rejected: 4,
  upstreamFailure: 5,
  /** This node never answers this type of request. */
  notServed: 6,
  /** The asker has withdrawn it. */
  withdrawn: 7,
} as const

export type Status = keyof typeof STATUS
/** What an asker can be told that has not withdrawn its request. */
export type Refusal = Exclude<Status, 'ok' | 'withdrawn'>

const STATUS_NAMES = new Map<number, Status>(Object.entries(STATUS).map(([name, code]) => [code, name as Status]))

/** The JSON of a request. @throws {InvalidRequest} when it is malformed or longer than MAX_REQUEST_BYTES */
export function encodeRequest(request: PeerRequest): Uint8Array {
  const json = new TextEncoder().encode(keyOf(parseRequest(request)))
  if (json.length > MAX_REQUEST_BYTES)
    throw new InvalidRequest(request.type, `${json.length} bytes, a peer takes at most ${MAX_REQUEST_BYTES}`)
  return json
}

/** @throws {InvalidRequest} */
export function decodeRequest(json: Uint8Array): PeerRequest {
  return parseRequest(parseJson(json))
}

function parseJson(json: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json))
  } catch (cause) {
    throw new InvalidRequest('the request', 'is not JSON in UTF-8', { cause })
  }
}

/** A request on its way. Without JSON it withdraws the one with this id. */
export function encodeAsk(id: number, json: Uint8Array): Uint8Array {
  const content = new Uint8Array(ID_BYTES + json.length)
  new DataView(content.buffer).setUint32(0, id)
  content.set(json, ID_BYTES)
  return encodeFrame(content)
}

/** @throws {InvalidFrame} when it has no id */
export function decodeAsk(frame: Uint8Array): { readonly id: number; readonly json: Uint8Array } {
  if (frame.length < ID_BYTES) throw new InvalidFrame('has no id')
  return { id: new DataView(frame.buffer, frame.byteOffset).getUint32(0), json: frame.subarray(ID_BYTES) }
}

/** Holds at most one request. */
export const askReader = (): FrameReader => frameReader(ID_BYTES + MAX_REQUEST_BYTES)

/** The content of an answer that refuses; the reason is shortened to what the protocol allows. */
export function encodeReason(reason: string): Uint8Array {
  return new TextEncoder().encode(printable(reason)).subarray(0, MAX_REASON_BYTES)
}

/** What stands before each part of an answer: `size` bytes of content follow, of `length` in all. */
export function encodePartHeader(id: number, status: Status, length: number, size: number): Uint8Array {
  const header = new Uint8Array(PART_HEADER_BYTES)
  const view = new DataView(header.buffer)
  view.setUint32(0, id)
  view.setUint8(4, STATUS[status])
  view.setUint32(5, length)
  view.setUint16(9, size)
  return header
}

/** Part of an answer; its content may be handed on in several pieces, as it arrives. */
export interface AnswerPart {
  readonly id: number
  readonly status: Status
  /** Bytes of the whole answer. */
  readonly length: number
  readonly content: Uint8Array
}

export interface PartReader {
  /** @throws {InvalidAnswerFrame} */
  push(chunk: Uint8Array): AnswerPart[]
}

/** Reads parts of answers out of pieces of any size; holds nothing but an unfinished header. */
export function partReader(): PartReader {
  const header = new Uint8Array(PART_HEADER_BYTES)
  const view = new DataView(header.buffer)
  let headerBytes = 0
  /** Of the part begun; its content is still to come. */
  let current: Omit<AnswerPart, 'content'> | null = null
  let missing = 0

  function begin(): void {
    const status = STATUS_NAMES.get(view.getUint8(4))
    if (status === undefined) throw new InvalidAnswerFrame(`unknown status ${view.getUint8(4)}`)
    current = { id: view.getUint32(0), status, length: view.getUint32(5) }
    missing = view.getUint16(9)
    // parts that bring nothing could go on for ever
    if (missing > MAX_PART_BYTES || (missing === 0 && current.length > 0))
      throw new InvalidAnswerFrame(`has a part of ${missing} bytes`)
  }

  return {
    push(chunk) {
      const parts: AnswerPart[] = []
      let rest = chunk
      while (rest.length > 0) {
        if (!current) {
          const piece = rest.subarray(0, PART_HEADER_BYTES - headerBytes)
          header.set(piece, headerBytes)
          headerBytes += piece.length
          rest = rest.subarray(piece.length)
          if (headerBytes < PART_HEADER_BYTES) break
          headerBytes = 0
          begin()
        }
        const content = rest.subarray(0, missing)
        rest = rest.subarray(content.length)
        missing -= content.length
        if (content.length > 0 || missing === 0) parts.push({ ...current!, content })
        if (missing === 0) current = null
      }
      return parts
    },
  }
}

export type PeerAnswer =
  | { readonly status: 'ok'; readonly bytes: Uint8Array }
  | { readonly status: Refusal; readonly reason: string }

export interface AnswerAssembly {
  /**
   * Returns the answer once it is whole, until then null.
   * @throws {InvalidAnswerFrame} as soon as the parts cannot become an allowed answer
   */
  add(part: AnswerPart): PeerAnswer | null
}

/** Puts one answer of at most `limit` bytes together. Memory grows with what arrived, never with what was promised. */
export function answerAssembly(limit: number): AnswerAssembly {
  let first: AnswerPart | null = null
  let content = new Uint8Array(0)
  let received = 0

  function begin(part: AnswerPart): void {
    const allowed = part.status === 'ok' ? limit : MAX_REASON_BYTES
    if (part.length > allowed)
      throw new InvalidAnswerFrame(`announces ${part.length} bytes, at most ${allowed} are allowed`)
    first = part
  }

  function append(piece: Uint8Array, length: number): void {
    if (received + piece.length > length) throw new InvalidAnswerFrame(`is longer than the ${length} bytes announced`)
    if (received + piece.length > content.length) {
      const room = Math.min(length, Math.max(received + piece.length, content.length * 2, MAX_MESSAGE_BYTES))
      const larger = new Uint8Array(room)
      larger.set(content.subarray(0, received))
      content = larger
    }
    content.set(piece, received)
    received += piece.length
  }

  return {
    add(part) {
      const { status, length } = part
      if (status === 'withdrawn') throw new InvalidAnswerFrame('says that it was withdrawn, which it was not')
      if (!first) begin(part)
      else if (first.status !== status || first.length !== length)
        throw new InvalidAnswerFrame('changes its status or length midway')
      append(part.content, length)
      if (received < length) return null
      const bytes = content.subarray(0, length)
      return status === 'ok' ? { status, bytes } : { status, reason: printable(new TextDecoder().decode(bytes)) }
    },
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
