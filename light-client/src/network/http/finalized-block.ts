/** What a beacon node calls final (Beacon API `/eth/v1/beacon/headers`). Statements, not evidence. @module */
import type { Merkle } from '@glowworm/wasm-core'
import type { Confirmation, FinalityStatement } from '../../consensus/checkpoint-agreement.ts'
import { toHex } from '../../data/hex.ts'
import type { Http } from '../../infrastructure/ports.ts'
import { BeaconBlockHeader } from '../../ledgers/ethereum/data.ts'
import type { Hex } from '../../ledgers/ethereum/evidence.ts'
import { MalformedAnswer, NotAvailable } from '../evidence-source.ts'
import { below, exchange, originOf, parseJson } from './exchange.ts'

interface Node {
  readonly url: string
  readonly http: Http
  readonly merkle: Merkle
  readonly timeoutMilliseconds?: number
}

/**
 * The newest finalized block of a node. The slot is that of the header with the root named: it is hashed here.
 * @throws {SourceUnreachable | NotAvailable | MalformedAnswer}
 */
export async function finalizedBlock(node: Node, signal: AbortSignal): Promise<FinalityStatement> {
  const by = originOf(node.url)
  const header = await headerOf(node, 'finalized', signal)
  if (header === null) throw new NotAvailable(by, 'a finalized block')
  return { by, root: header.root, slot: header.slot }
}

/** Whether the node has this block as a final one of its own chain. @throws {SourceUnreachable | MalformedAnswer} */
export async function confirmFinalized(node: Node, root: Hex, signal: AbortSignal): Promise<Confirmation> {
  const by = originOf(node.url)
  const header = await headerOf(node, root, signal)
  if (header === null) return { by, confirms: false, says: 'does not know it' }
  if (header.root !== root) throw new MalformedAnswer(by, 'the header is not the one that was asked for')
  if (!header.canonical) return { by, confirms: false, says: 'says it is not on the chain' }
  if (!header.finalized) return { by, confirms: false, says: 'says it is not final' }
  return { by, confirms: true, says: 'agrees' }
}

/** Null when the node answers that it has no such header. */
async function headerOf({ url, http, merkle, timeoutMilliseconds = 15_000 }: Node, id: string, signal: AbortSignal) {
  const by = originOf(url)
  const { status, bytes } = await exchange(http, by, {
    url: below(url, `/eth/v1/beacon/headers/${id}`),
    method: 'GET',
    headers: { accept: 'application/json' },
    maxBytes: 16 * 1024,
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMilliseconds)]),
  })
  if (status === 404) return null
  if (status !== 200) throw new NotAvailable(by, `the header ${id} (HTTP ${status})`)
  const answer = parseJson(by, bytes) as {
    finalized?: unknown
    data?: { canonical?: unknown; header?: { message?: unknown } }
  } | null
  let beacon: BeaconBlockHeader
  try {
    beacon = BeaconBlockHeader.fromJson(answer?.data?.header?.message)
  } catch (cause) {
    throw new MalformedAnswer(by, (cause as Error).message, { cause })
  }
  return {
    root: toHex(BeaconBlockHeader.hashTreeRoot(beacon, merkle)),
    slot: beacon.slot,
    canonical: answer?.data?.canonical === true,
    finalized: answer?.finalized === true,
  }
}
