/** Older blocks, proven by walking parent hashes back from an anchored head. @module */
import type { Engines } from '@glowworm/wasm-core'
import { bytesEqual, fromHex } from '../../data/hex.ts'
import { GlowwormError } from '../../errors.ts'
import type { Finality } from '../verified.ts'
import { type EthereumAnchor, executionOf } from './consensus.ts'
import { type EvidenceRequest, type Hex, keyOf } from './evidence.ts'
import { decodeExecutionHeader, type ExecutionHeader } from './execution-header.ts'

export type EvidenceMap = ReadonlyMap<string, Uint8Array>

export const FINALIZED: Finality = { level: 'final', words: 'finalized' }
export const OPTIMISTIC: Finality = { level: 'proven', words: 'proven · may still change' }

/** A block that was found to lie on the anchored chain. */
export interface ProvenBlock {
  readonly hash: Hex
  readonly header: ExecutionHeader
  readonly finality: Finality
}

/** How many parents are followed. Further back, the walk would cost more than it is worth. */
const MAX_WALK = 512

/** The evidence for a request. @throws {MissingEvidence} when it is not there yet. */
export function take(evidence: EvidenceMap, request: EvidenceRequest): Uint8Array {
  const bytes = evidence.get(keyOf(request))
  if (!bytes) throw new MissingEvidence([request])
  return bytes
}

/** The header with this hash: checked against the hash, so it is right whoever sent it. @throws {InvalidExecutionHeader} */
export function headerByHash(blockHash: Hex, evidence: EvidenceMap, engines: Engines): ExecutionHeader {
  const bytes = take(evidence, { type: 'execution_header', blockHash })
  if (!bytesEqual(engines.hashes.keccak256(bytes), fromHex(blockHash, 'block hash', 32)))
    throw new InvalidExecutionHeader(blockHash)
  return decodeExecutionHeader(bytes)
}

/**
 * Proves that a block is an ancestor of the finalized head, or else of the optimistic one.
 * @throws {MissingEvidence | InvalidExecutionHeader | NotOnChain}
 */
export function proveBlock(
  anchor: EthereumAnchor,
  blockHash: Hex,
  evidence: EvidenceMap,
  engines: Engines,
): ProvenBlock {
  const header = headerByHash(blockHash, evidence, engines)
  const heads = [
    { head: executionOf(anchor.store.finalized_header), finality: FINALIZED },
    { head: executionOf(anchor.store.optimistic_header), finality: OPTIMISTIC },
  ]
  for (const { head, finality } of heads) {
    if (!head) continue
    if (head.blockHash === blockHash) return { hash: blockHash, header, finality }
    let cursor = {
      hash: head.blockHash,
      number: head.blockNumber ?? headerByHash(head.blockHash, evidence, engines).number,
    }
    if (header.number >= cursor.number) continue
    if (cursor.number - header.number > BigInt(MAX_WALK))
      throw new NotOnChain(blockHash, `it lies more than ${MAX_WALK} blocks back`)
    while (cursor.number > header.number) {
      const { parentHash, number } = headerByHash(cursor.hash, evidence, engines)
      cursor = { hash: parentHash, number: number - 1n }
    }
    if (cursor.hash === blockHash) return { hash: blockHash, header, finality }
    throw new NotOnChain(blockHash, `block ${header.number} of the proven chain is ${cursor.hash}`)
  }
  throw new NotOnChain(blockHash, 'it is newer than the newest proven head')
}

/** The claim may be true, but evidence is missing; `requests` lists what to ask. Never shown to a user. */
export class MissingEvidence extends GlowwormError {
  readonly requests: readonly EvidenceRequest[]
  constructor(requests: readonly EvidenceRequest[]) {
    super(
      { name: 'Ethereum.MissingEvidence', code: 'MISSING_EVIDENCE', kind: 'unprovable' },
      `evidence is missing: ${requests.map((request) => request.type).join(', ')}`,
    )
    this.requests = requests
  }
}

/** Header bytes that do not have the hash asked for. */
export class InvalidExecutionHeader extends GlowwormError {
  constructor(blockHash: Hex) {
    super(
      { name: 'Ethereum.InvalidExecutionHeader', code: 'INVALID_EXECUTION_HEADER', kind: 'lie' },
      `the execution header does not have the hash ${blockHash}`,
      { next: 'Ask another source.' },
    )
  }
}

/** The block does not lie on the chain this client follows, or not yet within its reach. No accusation: chains fork. */
export class NotOnChain extends GlowwormError {
  constructor(blockHash: Hex, reason: string) {
    super(
      { name: 'Ethereum.NotOnChain', code: 'NOT_ON_CHAIN', kind: 'unprovable' },
      `block ${blockHash} cannot be proven: ${reason}`,
      {
        next: 'Wait for the next head and try again.',
      },
    )
  }
}
