/**
 * The proof receipt: one file from which anybody can prove some answers again, offline. It holds questions, the answers
 * that were given, and the evidence behind them; nothing in it is believed. docs/receipts.md describes the format.
 * @module
 */
import { decode, encode } from 'cborg'
import { fromHex, toHex } from '../../data/hex.ts'
import { GlowwormError } from '../../errors.ts'
import type { EvidenceRequest, Hex } from '../../ledgers/ethereum/evidence.ts'
import { keyOf } from '../../ledgers/ethereum/evidence.ts'

/** A question in the form of the execution APIs, and the answer that was given to it. */
export interface Claim {
  readonly method: string
  readonly params: readonly unknown[]
  readonly result: unknown
}

export interface Receipt {
  readonly network: { readonly name: string; readonly chainId: number; readonly genesisValidatorsRoot: Hex }
  /** The block root everything starts from. Whoever checks decides whether it can be trusted. */
  readonly checkpoint: Hex
  readonly claims: readonly Claim[]
  /** Answers of sources, in the form of `ledgers/ethereum/evidence.ts`; several claims share them. */
  readonly evidence: readonly { readonly request: EvidenceRequest; readonly bytes: Uint8Array }[]
}

/** First bytes of every receipt, as CBOR begins a map whose first key is this. */
const KIND = 'proof receipt'
const VERSION = 1
/** A receipt is read whole into memory. */
export const MAX_RECEIPT_BYTES = 64 * 1024 * 1024

/** Deterministic CBOR (RFC 8949 §4.2.1): equal receipts are equal files. */
export function encodeReceipt({ network, checkpoint, claims, evidence }: Receipt): Uint8Array {
  return encode({
    kind: KIND,
    version: VERSION,
    network: { ...network, genesisValidatorsRoot: fromHex(network.genesisValidatorsRoot, 'genesis', 32) },
    checkpoint: fromHex(checkpoint, 'checkpoint', 32),
    claims: claims.map(({ method, params, result }) => [method, JSON.stringify(params), JSON.stringify(result)]),
    evidence: evidence.map(({ request, bytes }) => [keyOf(request), bytes]),
  })
}

/** @throws {MalformedReceipt} */
export function decodeReceipt(file: Uint8Array): Receipt {
  if (file.length > MAX_RECEIPT_BYTES) throw new MalformedReceipt('it is larger than 64 MiB')
  let top: Record<string, unknown>
  try {
    const options = { strict: true, allowIndefinite: false, allowUndefined: false, rejectDuplicateMapKeys: true }
    top = record(decode(file, options))
  } catch (cause) {
    throw new MalformedReceipt((cause as Error).message, { cause })
  }
  if (top.kind !== KIND) throw new MalformedReceipt('it is something else')
  if (top.version !== VERSION) throw new MalformedReceipt(`its version is ${String(top.version)}, expected ${VERSION}`)
  const network = record(top.network)
  only(top, ['kind', 'version', 'network', 'checkpoint', 'claims', 'evidence'])
  only(network, ['name', 'chainId', 'genesisValidatorsRoot'])
  if (typeof network.name !== 'string' || !Number.isSafeInteger(network.chainId))
    throw new MalformedReceipt('the network is not named')
  return {
    network: {
      name: network.name,
      chainId: network.chainId as number,
      genesisValidatorsRoot: root(network.genesisValidatorsRoot, 'genesisValidatorsRoot'),
    },
    checkpoint: root(top.checkpoint, 'checkpoint'),
    claims: list(top.claims, 'claims').map((entry) => {
      const [method, params, result] = list(entry, 'a claim', 3)
      if (typeof method !== 'string') throw new MalformedReceipt('a claim names no method')
      return { method, params: list(json(params), 'params'), result: json(result) }
    }),
    evidence: list(top.evidence, 'evidence').map((entry) => {
      const [key, bytes] = list(entry, 'a piece of evidence', 2)
      if (!(bytes instanceof Uint8Array)) throw new MalformedReceipt('a piece of evidence has no bytes')
      const request = record(json(key)) as unknown as EvidenceRequest
      if (typeof request.type !== 'string' || keyOf(request) !== key)
        throw new MalformedReceipt('a piece of evidence does not say what it answers')
      return { request, bytes }
    }),
  }
}

/** For people and programs that want to look inside; bytes as hex. It is a view: only the CBOR file can be verified. */
export function viewReceipt({ network, checkpoint, claims, evidence }: Receipt): Record<string, unknown> {
  return {
    kind: KIND,
    version: VERSION,
    network,
    checkpoint,
    claims,
    evidence: evidence.map(({ request, bytes }) => ({ request, bytes: toHex(bytes) })),
  }
}

/** Nothing travels in a receipt unproven. */
function only(map: Record<string, unknown>, keys: readonly string[]): void {
  const strange = Object.keys(map).find((key) => !keys.includes(key))
  if (strange !== undefined)
    throw new MalformedReceipt(`it has ${JSON.stringify(strange.slice(0, 64))}, which no receipt has`)
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Uint8Array)
    throw new MalformedReceipt('a map is expected')
  return value as Record<string, unknown>
}

function list(value: unknown, what: string, length?: number): unknown[] {
  if (!Array.isArray(value) || (length !== undefined && value.length !== length))
    throw new MalformedReceipt(`${what} ${length === undefined ? 'is not a list' : `has not ${length} parts`}`)
  return value
}

function root(value: unknown, what: string): Hex {
  if (!(value instanceof Uint8Array) || value.length !== 32) throw new MalformedReceipt(`${what} has not 32 bytes`)
  return toHex(value)
}

function json(text: unknown): unknown {
  try {
    if (typeof text === 'string') return JSON.parse(text)
  } catch {}
  throw new MalformedReceipt('a part is not JSON')
}

/** The file is no receipt, or is damaged. */
export class MalformedReceipt extends GlowwormError {
  constructor(reason: string, options: { cause?: unknown } = {}) {
    super(
      { name: 'Receipt.MalformedReceipt', code: 'MALFORMED_RECEIPT', kind: 'usage' },
      `this is not a proof receipt: ${reason}`,
      { ...options, next: 'Get the file again from whoever made it.' },
    )
  }
}
