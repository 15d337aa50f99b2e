/** What a JSON-RPC method is here: how its answer comes about, and a function that gives it. @module */
import { toQuantity } from '../../data/hex.ts'
import { type Attested, type Instant, isVerified, type Verified } from '../../ledgers/verified.ts'
import type { CallGate } from '../call-gate.ts'
import type { ChainReader } from '../chain-reader.ts'
import type { Caller, LightClient } from '../light-client.ts'
import type { Filters } from './filters.ts'

export type Params = readonly unknown[]

/**
 * How far an answer can be believed:
 * - `verified`: proven against a block of the proven chain, or derived from what is
 * - `local`: known here, for example configuration; nobody was asked
 * - `attested`: somebody says so and nobody can prove it
 */
export type Standing = 'verified' | 'local' | 'attested'

/** Where an answer comes from; goes with every answer whose caller asks. */
export interface Provenance {
  readonly standing: Standing
  /** The block it was proven at; null where it is bound to none. */
  readonly block: {
    readonly hash: string
    readonly number: bigint
    /** Milliseconds since the Unix epoch. */
    readonly time: Instant
    /** `final` never changes; `proven` may. */
    readonly finality: 'final' | 'proven'
  } | null
  /** In one phrase: the proof, or the reason why there is none. */
  readonly method: string
  /** Who says so, when it is attested. */
  readonly by: string | null
}

/** As JSON: the block number is a quantity like everywhere in JSON-RPC. */
export function provenanceForm({ standing, block, method, by }: Provenance): Record<string, unknown> {
  return { standing, block: block && { ...block, number: toQuantity(block.number) }, method, by }
}

export interface RpcAnswer {
  /** Plain JSON in the form of the execution APIs. */
  readonly result: unknown
  readonly provenance: Provenance
}

/** What the methods need of a light client. */
export type RpcClient = Pick<
  LightClient,
  | 'chain'
  | 'network'
  | 'status'
  | 'subscribe'
  | 'sendTransaction'
  | 'pendingNonce'
  | 'call'
  | 'estimateGas'
  | 'createAccessList'
  | 'simulate'
>

export interface RpcContext {
  readonly client: RpcClient
  readonly chain: ChainReader
  readonly filters: Filters
  /** Searches through many blocks: few at once, whoever asks, so that every other question has its turn. */
  readonly searches: CallGate
  /** Its signal aborts when whoever asked has gone. */
  readonly caller: Caller
}

export interface RpcMethod {
  /** Of an answer of this method; `how` names the exceptions. */
  readonly standing: Standing
  /** For the method table: the proof or the source, in one phrase. */
  readonly how: string
  /** Rejects with `RpcError` or `GlowwormError`. */
  run(context: RpcContext, params: Params): Promise<RpcAnswer>
}

/** An answer out of proven values; `result` was made from `proof` and nothing else. */
export function verified(result: unknown, proof: Verified<unknown>, method = proof.method): RpcAnswer {
  if (!isVerified(proof)) throw new TypeError('an answer was not proven')
  const { hash, height: number, time } = proof.anchor
  const block = { hash, number, time, finality: proof.finality.level }
  return { result, provenance: { standing: 'verified', block, method, by: null } }
}

export function local(result: unknown, method: string): RpcAnswer {
  return { result, provenance: { standing: 'local', block: null, method, by: null } }
}

export function attested(result: unknown, hearsay: Attested<unknown>, method: string): RpcAnswer {
  return { result, provenance: { standing: 'attested', block: null, method, by: hearsay.by } }
}

/** Null, because none of the sources knows such a thing. Ignorance, and labelled so: it does not prove there is none. */
export function unknown(what: string): RpcAnswer {
  const method = `no source knows ${what}; that does not prove there is none`
  return { result: null, provenance: { standing: 'attested', block: null, method, by: 'the sources asked' } }
}
