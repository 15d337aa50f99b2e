/** Older blocks, proven by the finalized beacon state, by the history contract, or by walking parent hashes back. @module */
import type { Engines } from '@glowworm/wasm-core'
import { bytesEqual, fromHex } from '../../data/hex.ts'
import { GlowwormError } from '../../errors.ts'
import type { Finality } from '../verified.ts'
import { type EthereumAnchor, executionOf } from './consensus.ts'
import { decodeStateProof, verifyAccount, verifySlot } from './contract.ts'
import { type EvidenceRequest, type Hex, keyOf } from './evidence.ts'
import { decodeExecutionHeader, type ExecutionHeader } from './execution-header.ts'
import { historicalRequest, verifyHistoricalBlock } from './historical/verify.ts'
import { HISTORY_SERVE_WINDOW, HISTORY_STORAGE_ADDRESS, historySlot, steppingStone } from './history-contract.ts'
import type { NetworkProfile } from './profile.ts'

export type EvidenceMap = ReadonlyMap<string, Uint8Array>

const FINALIZED: Finality = { level: 'final', words: 'finalized' }
const OPTIMISTIC: Finality = { level: 'proven', words: 'proven · may still change' }
const FORCED: Finality = { level: 'proven', words: 'accepted by force · not finalized by two thirds' }

/** What can be said of what is proven against one of the heads. */
export function finalityOf({ forced }: EthereumAnchor, at: 'finalized' | 'optimistic'): Finality {
  if (forced) return FORCED
  return at === 'finalized' ? FINALIZED : OPTIMISTIC
}

/** A block that was found to lie on the anchored chain. */
export interface ProvenBlock {
  readonly hash: Hex
  readonly header: ExecutionHeader
  readonly finality: Finality
}

/** Up to here, following parents costs less than a proof of storage. */
const SHORT_WALK = 8n
/** How many parents are followed where the history contract has nothing. Each costs one request. */
const MAX_WALK = 512n

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
 * Proves that a block is an ancestor of the finalized head, or else of the optimistic one: by its parents when it is
 * near, by the history contract in the head's state (EIP-2935) up to 8,191 blocks back, and by the contract in the
 * states of blocks found that way further back. Where the evidence holds its place in the finalized beacon state, that
 * is proof enough; it is never asked for here, because few can give it.
 * @throws {MissingEvidence | InvalidExecutionHeader | InvalidStateProof | InvalidHistoricalBlock | NotOnChain | TooFarBack}
 */
export function proveBlock(
  anchor: EthereumAnchor,
  blockHash: Hex,
  evidence: EvidenceMap,
  profile: NetworkProfile,
  engines: Engines,
): ProvenBlock {
  const header = headerByHash(blockHash, evidence, engines)
  const { beacon } = anchor.store.finalized_header
  const historical = evidence.get(keyOf(historicalRequest(beacon, header.number, engines)))
  if (historical) {
    const found = verifyHistoricalBlock(beacon, header.number, historical, profile, engines)
    if (found.hash !== blockHash)
      throw new NotOnChain(blockHash, `block ${header.number} of the proven chain is ${found.hash}`)
    return { hash: blockHash, header, finality: finalityOf(anchor, 'finalized') }
  }
  const heads = [
    { execution: executionOf(anchor.store.finalized_header), finality: finalityOf(anchor, 'finalized') },
    { execution: executionOf(anchor.store.optimistic_header), finality: finalityOf(anchor, 'optimistic') },
  ]
  for (const { execution, finality } of heads) {
    if (!execution) continue
    if (execution.blockHash === blockHash) return { hash: blockHash, header, finality }
    const head = knownHead(execution, evidence, engines)
    if (header.number >= head.number) continue
    const ancestor = ancestorHash(head, header.number, evidence, engines)
    if (ancestor === blockHash) return { hash: blockHash, header, finality }
    throw new NotOnChain(blockHash, `block ${header.number} of the proven chain is ${ancestor}`)
  }
  throw new NotOnChain(blockHash, 'it is newer than the newest proven head')
}

interface KnownHead {
  readonly hash: Hex
  readonly number: bigint
  readonly stateRoot: Hex
}

function knownHead(
  execution: NonNullable<ReturnType<typeof executionOf>>,
  evidence: EvidenceMap,
  engines: Engines,
): KnownHead {
  const { blockHash: hash, blockNumber, stateRoot } = execution
  if (blockNumber !== null && stateRoot !== null) return { hash, number: blockNumber, stateRoot }
  const block = headerByHash(hash, evidence, engines)
  return { hash, number: block.number, stateRoot: block.stateRoot }
}

/** Hash of the block `number` on the chain that ends in `head`. */
function ancestorHash(head: KnownHead, number: bigint, evidence: EvidenceMap, engines: Engines): Hex {
  let near = head
  while (near.number - number > HISTORY_SERVE_WINDOW) {
    const stone = steppingStone(near.number)
    const hash = hashInHistory(near, stone, evidence, engines)
    if (hash === null) throw new TooFarBack(number, head.number)
    near = { hash, number: stone, stateRoot: headerByHash(hash, evidence, engines).stateRoot }
  }
  const distance = near.number - number
  if (distance > SHORT_WALK) {
    const recorded = hashInHistory(near, number, evidence, engines)
    if (recorded !== null) return recorded
    if (distance > MAX_WALK) throw new TooFarBack(number, head.number)
  }
  let cursor: { hash: Hex; number: bigint } = near
  while (cursor.number > number) {
    const parent = headerByHash(cursor.hash, evidence, engines)
    cursor = { hash: parent.parentHash, number: parent.number - 1n }
  }
  return cursor.hash
}

/** What the history contract has recorded for a block; null where it has nothing, for example before Prague. */
function hashInHistory(head: KnownHead, number: bigint, evidence: EvidenceMap, engines: Engines): Hex | null {
  const slot = historySlot(number)
  const request: EvidenceRequest = {
    type: 'account',
    blockHash: head.hash,
    address: HISTORY_STORAGE_ADDRESS,
    slots: [slot],
  }
  const proof = decodeStateProof(take(evidence, request), 1)
  const { storageRoot } = verifyAccount(head.stateRoot, HISTORY_STORAGE_ADDRESS, proof.account, engines)
  const recorded = verifySlot(storageRoot, slot, proof.slots[0]!, engines)
  return BigInt(recorded) === 0n ? null : recorded
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

/** The block lies further back than can be proven here. It may well be on the chain. */
export class TooFarBack extends GlowwormError {
  constructor(number: bigint, head: bigint) {
    super(
      { name: 'Ethereum.TooFarBack', code: 'TOO_FAR_BACK', kind: 'unprovable' },
      `block ${number} lies ${head - number} blocks back, which is further than can be proven`,
      { next: 'Nothing is wrong with it; it is only too old to be proven again here.' },
    )
  }
}

/** A block that does not contain the transaction. Whoever named the block was wrong; the block is what it is. */
export class NotInBlock extends GlowwormError {
  constructor(transactionHash: Hex, blockHash: Hex) {
    super(
      { name: 'Ethereum.NotInBlock', code: 'NOT_IN_BLOCK', kind: 'unprovable' },
      `block ${blockHash} does not contain transaction ${transactionHash}`,
    )
  }
}
