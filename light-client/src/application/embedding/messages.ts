/** What a page and the worker that runs its light client say to each other. Plain data and bigint; errors as records. @module */
import { StaleCheckpoint, type StaleGround } from '../../consensus/checkpoint-age.ts'
import { GlowwormError } from '../../errors.ts'
import type { Hex } from '../../ledgers/ethereum/evidence.ts'
import type { NetworkProfile } from '../../ledgers/ethereum/profile.ts'
import type { Status } from '../light-client.ts'
import { RpcError, type RpcErrorData } from '../rpc/errors.ts'
import type { RpcAnswer } from '../rpc/method.ts'
import type { ProviderEvents } from '../rpc/provider.ts'
import type { RpcRequest } from '../rpc/rpc.ts'

/** Plain data: it crosses from thread to thread. */
export interface HostedOptions {
  /** A network that this software knows by name, or the profile of another one. */
  readonly network: string | NetworkProfile
  /** Root of the block that is trusted. */
  readonly checkpoint: Hex
  /** Age in days up to which the checkpoint is accepted. Default: the network's weak-subjectivity period. */
  readonly maxAgeDays?: number
  /** URLs of beacon nodes. */
  readonly beacon: readonly string[]
  /** URLs of execution nodes, for proofs of state. */
  readonly execution: readonly string[]
  /** Name of the IndexedDB database that keeps evidence between visits; null: nothing is kept. Default: `glowworm`. */
  readonly database?: string | null
}

export interface Opened {
  readonly network: { readonly name: string; readonly chainId: number }
  /** `noble` where a content security policy refuses WebAssembly: the same answers, slower. */
  readonly engines: 'wasm' | 'noble'
}

export type ToHost =
  | { readonly type: 'open'; readonly options: HostedOptions }
  | { readonly type: 'ask'; readonly id: number; readonly request: RpcRequest }
  | { readonly type: 'close' }

export type ToPage =
  /** The host listens now; what was said before is lost. */
  | { readonly type: 'loaded' }
  | { readonly type: 'opened'; readonly opened: Opened; readonly status: StatusRecord }
  | { readonly type: 'failed'; readonly error: ErrorRecord }
  | { readonly type: 'status'; readonly status: StatusRecord }
  | { readonly type: 'event'; readonly event: keyof ProviderEvents; readonly payload: unknown }
  | { readonly type: 'answer'; readonly id: number; readonly answer: RpcAnswer }
  | { readonly type: 'refusal'; readonly id: number; readonly error: ErrorRecord }
  | { readonly type: 'closed' }

interface GlowwormRecord {
  readonly name: string
  readonly code: string
  readonly kind: GlowwormError['kind']
  readonly message: string
  readonly next: string | null
  /** Of a `StaleCheckpoint`, whose choices follow from it. */
  readonly stale?: { readonly ageDays: number; readonly maxAgeDays: number; readonly ground: StaleGround }
}

/** `rpc`: the number and the data of an RpcError; `own`: a GlowwormError, or the cause of that RpcError. */
export interface ErrorRecord {
  readonly rpc: { readonly code: number; readonly message: string; readonly data: RpcErrorData | null } | null
  readonly own: GlowwormRecord | null
}

export type StatusRecord =
  | Exclude<Status, { state: 'stalled' }>
  | (Omit<Extract<Status, { state: 'stalled' }>, 'cause'> & { readonly cause: ErrorRecord })

export function recordOf(error: unknown): ErrorRecord {
  if (error instanceof RpcError) {
    const { code, message, data = null } = error
    return { rpc: { code, message, data }, own: error.cause instanceof GlowwormError ? ownRecord(error.cause) : null }
  }
  return { rpc: null, own: ownRecord(error instanceof GlowwormError ? error : new HostFault(error)) }
}

function ownRecord(error: GlowwormError): GlowwormRecord {
  const { name, code, kind, message, next = null } = error
  if (!(error instanceof StaleCheckpoint)) return { name, code, kind, message, next }
  const { ageDays, maxAgeDays, ground } = error
  return { name, code, kind, message, next, stale: { ageDays, maxAgeDays, ground } }
}

function ownError(record: GlowwormRecord): GlowwormError {
  const { message, next, stale } = record
  if (stale) return new StaleCheckpoint(stale.ageDays, stale.maxAgeDays, stale.ground)
  return new GlowwormError(record, message, next === null ? {} : { next })
}

/** The error as it was thrown at the other end: its name, code and kind, and of a `StaleCheckpoint` also the class. */
export function errorOf({ rpc, own }: ErrorRecord): RpcError | GlowwormError {
  const cause = own && ownError(own)
  if (!rpc) return cause ?? new HostFault(null)
  return new RpcError(rpc.code, rpc.message, rpc.data ?? undefined, cause ? { cause } : {})
}

export function statusRecord(status: Status): StatusRecord {
  return status.state === 'stalled' ? { ...status, cause: recordOf(status.cause) } : status
}

export function statusOf(record: StatusRecord): Status {
  if (record.state !== 'stalled') return record
  const cause = errorOf(record.cause)
  return { ...record, cause: cause instanceof GlowwormError ? cause : new HostFault(cause) }
}

/** A fault of this software at the other end. */
export class HostFault extends GlowwormError {
  constructor(cause: unknown) {
    super(
      { name: 'Embedding.HostFault', code: 'INTERNAL', kind: 'unprovable' },
      `an error where the light client runs: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause, next: 'Please report it.' },
    )
  }
}
