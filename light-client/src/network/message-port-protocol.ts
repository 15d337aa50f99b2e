/**
 * The messages between `exposeSources` and `remoteSources`, and their validation on arrival.
 * @module
 */
import { type ErrorKind, GlowwormError } from '../errors.ts'
import type { PeerRequest } from '../ledgers/ledger-evidence.ts'
import {
  type Carrier,
  MAX_ANSWER_BYTES,
  MalformedAnswer,
  NotAvailable,
  Rejected,
  type SourceDescription,
  SourceUnreachable,
} from './evidence-source.ts'
import { isRequestType, parseRequest } from './libp2p/evidence-request.ts'
import type { UpdateKind, Verdict } from './libp2p/gossip.ts'

/** An error as plain data. */
export interface PackedError {
  readonly name: string
  readonly code: string
  readonly kind: ErrorKind
  readonly message: string
  readonly next?: string
  /** Of `Rejected`. */
  readonly reason?: string
}

export type Parcel =
  | { readonly kind: 'hello' }
  | { readonly kind: 'source'; readonly description: SourceDescription; readonly serves: PeerRequest['type'][] }
  | { readonly kind: 'gone'; readonly id: string }
  | { readonly kind: 'request'; readonly call: number; readonly source: string; readonly request: PeerRequest }
  | { readonly kind: 'abort'; readonly call: number }
  | { readonly kind: 'answer'; readonly call: number; readonly bytes: Uint8Array; readonly from: SourceDescription }
  | { readonly kind: 'failure'; readonly call: number; readonly error: PackedError }
  | { readonly kind: 'update'; readonly update: UpdateKind; readonly bytes: Uint8Array; readonly from: string }
  | { readonly kind: 'validate'; readonly call: number; readonly update: UpdateKind; readonly bytes: Uint8Array }
  | { readonly kind: 'verdict'; readonly call: number; readonly verdict: Verdict }

const KINDS: readonly ErrorKind[] = ['usage', 'unprovable', 'lie', 'stale', 'unreachable', 'closed']
const CARRIERS: readonly Carrier[] = [
  'beacon-rest',
  'execution-rpc',
  'webrtc',
  'webrtc-direct',
  'websocket',
  'webtransport',
  'tcp',
  'quic',
  'file',
]
const MAX_TEXT = 2048
const MAX_ORIGINS = 8
const MAX_BYTES = Math.max(...Object.values(MAX_ANSWER_BYTES))

/** Null when the message is not one of ours, or malformed: the channel may carry other people's messages too. */
export function readParcel(message: unknown): Parcel | null {
  try {
    return parcelOf(message)
  } catch {
    return null
  }
}

/** The call an unreadable message claims to reply to, so that its caller can be told. */
export function brokenReplyTo(message: unknown): number | null {
  if (typeof message !== 'object' || message === null) return null
  const { kind, call } = message as Record<string, unknown>
  return (kind === 'answer' || kind === 'failure') && typeof call === 'number' ? call : null
}

function parcelOf(message: unknown): Parcel {
  const given = record(message)
  switch (given.kind) {
    case 'hello':
      return { kind: 'hello' }
    case 'source':
      return { kind: 'source', description: description(given.description), serves: types(given.serves) }
    case 'gone':
      return { kind: 'gone', id: text(given.id) }
    case 'request':
      return {
        kind: 'request',
        call: number(given.call),
        source: text(given.source),
        request: parseRequest(given.request),
      }
    case 'abort':
      return { kind: 'abort', call: number(given.call) }
    case 'answer':
      return { kind: 'answer', call: number(given.call), bytes: bytes(given.bytes), from: description(given.from) }
    case 'failure':
      return { kind: 'failure', call: number(given.call), error: packedError(given.error) }
    case 'update':
      return { kind: 'update', update: update(given.update), bytes: bytes(given.bytes), from: text(given.from) }
    case 'validate':
      return { kind: 'validate', call: number(given.call), update: update(given.update), bytes: bytes(given.bytes) }
    case 'verdict':
      return { kind: 'verdict', call: number(given.call), verdict: oneOf(given.verdict, VERDICTS) }
    default:
      throw new NotAParcel('kind')
  }
}

const VERDICTS: readonly Verdict[] = ['accept', 'ignore', 'reject']
const UPDATES: readonly UpdateKind[] = ['finality_update', 'optimistic_update']

/** Turns what a source rejected with into data. Errors that are not ours become `SourceUnreachable` on arrival. */
export function packError(error: unknown): PackedError {
  if (error instanceof GlowwormError)
    return {
      name: error.name,
      code: error.code,
      kind: error.kind,
      message: error.message.slice(0, MAX_TEXT),
      ...(error.next === undefined ? {} : { next: error.next.slice(0, MAX_TEXT) }),
      ...(error instanceof Rejected ? { reason: error.reason.slice(0, MAX_TEXT) } : {}),
    }
  return packError(new SourceUnreachable('the source', error instanceof Error ? error.message : String(error)))
}

/** The typed error again: the classes of the source contract as themselves, others as their common base. */
export function unpackError(packed: PackedError): GlowwormError {
  const error = emptyError(packed)
  error.message = packed.message
  return error
}

function emptyError(packed: PackedError): GlowwormError {
  switch (packed.code) {
    case 'NOT_AVAILABLE':
      return new NotAvailable('', '')
    case 'SOURCE_UNREACHABLE':
      return new SourceUnreachable('', '')
    case 'MALFORMED_ANSWER':
      return new MalformedAnswer('', '')
    case 'REJECTED_BY_SOURCE':
      return new Rejected('', packed.reason ?? '')
    default:
      return new GlowwormError(packed, packed.message, packed.next === undefined ? {} : { next: packed.next })
  }
}

function packedError(value: unknown): PackedError {
  const given = record(value)
  return {
    name: text(given.name),
    code: text(given.code),
    kind: oneOf(given.kind, KINDS),
    message: text(given.message),
    ...(given.next === undefined ? {} : { next: text(given.next) }),
    ...(given.reason === undefined ? {} : { reason: text(given.reason) }),
  }
}

function description(value: unknown): SourceDescription {
  const given = record(value)
  return {
    id: text(given.id),
    carrier: oneOf(given.carrier, CARRIERS),
    words: text(given.words),
    ...(given.origins === undefined ? {} : { origins: origins(given.origins) }),
  }
}

function origins(value: unknown): string[] {
  if (!Array.isArray(value) || value.length > MAX_ORIGINS) throw new NotAParcel('origins')
  return value.map(text)
}

function types(value: unknown): PeerRequest['type'][] {
  if (!Array.isArray(value) || !value.every(isRequestType)) throw new NotAParcel('serves')
  return value
}

function update(value: unknown): UpdateKind {
  return oneOf(value, UPDATES)
}

function oneOf<T>(value: unknown, allowed: readonly T[]): T {
  const found = allowed.find((entry) => entry === value)
  if (found === undefined) throw new NotAParcel('choice')
  return found
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new NotAParcel('object')
  return value as Record<string, unknown>
}

function text(value: unknown): string {
  if (typeof value !== 'string' || value.length > MAX_TEXT) throw new NotAParcel('text')
  return value
}

function number(value: unknown): number {
  if (!Number.isSafeInteger(value)) throw new NotAParcel('number')
  return value as number
}

function bytes(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array) || value.length > MAX_BYTES) throw new NotAParcel('bytes')
  return value
}

class NotAParcel extends Error {}
