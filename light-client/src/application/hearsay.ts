/** What sources say and nobody can prove, parsed with bounds and labelled with who said it. @module */
import { quantity } from '../data/hex.ts'
import { GlowwormError } from '../errors.ts'
import type { Clock } from '../infrastructure/ports.ts'
import type { HearsayRequest, Hex } from '../ledgers/ethereum/evidence.ts'
import { type Attested, attest } from '../ledgers/verified.ts'
import { MalformedAnswer, Rejected } from '../network/evidence-source.ts'
import { NoSourceCouldProve, type SourcePool } from './source-pool.ts'

interface Ask {
  readonly pool: SourcePool
  readonly clock: Clock
  readonly signal: AbortSignal
}

async function field(ask: Ask, request: HearsayRequest, name: string): Promise<Attested<bigint>> {
  const { result, from } = await ask.pool.ask(request, (bytes) => readJson(bytes), ask.signal)
  if (typeof result.revert === 'string') throw new CallReverts(result.revert)
  return attest(quantity(result[name], name), from.words, ask.clock.now())
}

export const tipHint = (ask: Ask) => field(ask, { type: 'fee_hint' }, 'maxPriorityFeePerGas')

export const pendingNonce = (ask: Ask, address: Hex) => field(ask, { type: 'pending_nonce', address }, 'nonce')

/** @throws {CallReverts} when the source says that the call would fail */
export const gasHint = (ask: Ask, call: { from: Hex; to: Hex | null; value: bigint; data: Hex }) =>
  field(ask, { type: 'gas_hint', ...call, value: `0x${call.value.toString(16)}` }, 'gas')

/** Hands a signed transaction to every source that takes one. @throws {Rejected | NoSourceCouldProve} when none did */
export async function sendTransaction(ask: Ask, raw: Hex, hash: Hex): Promise<Attested<Hex>> {
  const answers = await ask.pool.askAll({ type: 'send_transaction', raw }, ask.signal)
  const takers = answers.filter(({ error }) => error === null || isAlreadyKnown(error))
  if (takers.length > 0) return attest(hash, takers.map(({ from }) => from.words).join(', '), ask.clock.now())
  const refusal = answers.find(({ error }) => error instanceof Rejected)
  if (refusal) throw refusal.error
  throw new NoSourceCouldProve(
    { type: 'send_transaction', raw },
    answers.flatMap(({ error }) => (error instanceof GlowwormError ? [error] : [])),
  )
}

/** A node that has the transaction already has taken it; the words differ between clients. */
function isAlreadyKnown(error: unknown): boolean {
  return (
    error instanceof Rejected && /already (known|imported)|known transaction|transaction already/i.test(error.message)
  )
}

/** Entries of a node's access list that are taken; the rest is asked for when it turns out to be needed. */
const MAX_HINT_ITEMS = 512

/** State that a node believes a call reads. What makes no sense in it is left out: nobody is blamed for a hint. */
export function readHint(bytes: Uint8Array): { address: Hex; storageKeys: Hex[] }[] {
  let list: unknown
  try {
    list = readJson(bytes).accessList
  } catch {
    return []
  }
  let room = MAX_HINT_ITEMS
  return (Array.isArray(list) ? list : []).flatMap((entry: { address?: unknown; storageKeys?: unknown } | null) => {
    if (!isHex(entry?.address, 20) || room <= 0) return []
    const keys = (Array.isArray(entry.storageKeys) ? entry.storageKeys : []).filter((key) => isHex(key, 32))
    const storageKeys = keys.slice(0, Math.max(0, --room)).map((key) => key.toLowerCase() as Hex)
    room -= storageKeys.length
    return [{ address: entry.address.toLowerCase() as Hex, storageKeys }]
  })
}

/** Blocks that a node names for a contract's logs, as far as they make sense, each once. */
export function readBlocksHint(bytes: Uint8Array): bigint[] {
  let list: unknown
  try {
    list = readJson(bytes).blocks
  } catch {
    return []
  }
  const named = (Array.isArray(list) ? list : []).filter((item) => /^0x[0-9a-f]{1,15}$/.test(String(item)))
  return [...new Set(named.map((item) => BigInt(item)))]
}

function isHex(value: unknown, bytes: number): value is string {
  return typeof value === 'string' && value.length === 2 + bytes * 2 && /^0x[0-9a-fA-F]*$/.test(value)
}

function readJson(bytes: Uint8Array): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(bytes))
    if (typeof parsed === 'object' && parsed !== null) return parsed as Record<string, unknown>
  } catch {
    // falls through to the typed error
  }
  throw new MalformedAnswer('a source', 'it is not a JSON object')
}

/** A source says that the call would fail. Hearsay like the rest: it is not proven. */
export class CallReverts extends GlowwormError {
  readonly data: string
  constructor(data: string) {
    super(
      { name: 'Application.CallReverts', code: 'CALL_REVERTS', kind: 'unprovable' },
      `a source says that this call would fail (${data.slice(0, 80)})`,
      { next: 'Check the recipient and the data.' },
    )
    this.data = data
  }
}
