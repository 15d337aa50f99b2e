/**
 * Blocks of the proven chain, one step at a time: from a signed head to its header, its parent, or the ancestors its
 * own state records. Each step takes what is proven already and one piece of evidence; nothing else makes a proven block.
 * @module
 */
import type { Engines } from '@glowworm/wasm-core'
import { bytesEqual, fromHex, toHex } from '../../data/hex.ts'
import { asBytes, asList, decode } from '../../data/rlp.ts'
import { type AnchorReference, type Instant, seal, type Verified } from '../verified.ts'
import { decodeList } from './block-content.ts'
import { finalityOf, InvalidExecutionHeader, MissingEvidence } from './block-history.ts'
import { type EthereumAnchor, executionOf } from './consensus.ts'
import { decodeStateProof, verifyAccount, verifySlot } from './contract.ts'
import type { EvidenceRequest, Hex } from './evidence.ts'
import { decodeExecutionHeader, type ExecutionHeader } from './execution-header.ts'
import { timeOfSlot } from './forks.ts'
import { historicalRequest, verifyHistoricalBlock } from './historical/verify.ts'
import { HISTORY_SERVE_WINDOW, HISTORY_STORAGE_ADDRESS, historySlot } from './history-contract.ts'
import { NoExecutionData } from './no-execution-data.ts'
import type { NetworkProfile } from './profile.ts'

/** Which block, proven to lie on the chain. */
export interface BlockId {
  readonly hash: Hex
  readonly number: bigint
}

/** A block whose state root is known, though perhaps not yet its whole header. */
export interface StateAnchor extends BlockId {
  readonly stateRoot: Hex
}

export interface Block extends StateAnchor, ExecutionHeader {
  /** Bytes of the RLP header. */
  readonly headerSize: number
}

/**
 * A head of the anchor as a block.
 * @param header bytes of the execution header; needed from Gloas on, where a head names its block by hash only
 * @throws {MissingEvidence} when they are needed and not given
 * @throws {InvalidExecutionHeader | NoExecutionData}
 */
export function provenHead(
  anchor: EthereumAnchor,
  at: 'finalized' | 'optimistic',
  header: Uint8Array | null,
  profile: NetworkProfile,
  engines: Engines,
  now: Instant,
): Verified<StateAnchor> {
  const signed = at === 'finalized' ? anchor.store.finalized_header : anchor.store.optimistic_header
  const execution = executionOf(signed)
  if (!execution) throw new NoExecutionData(signed.beacon.slot)
  const { blockHash: hash, blockNumber, stateRoot } = execution
  const finality = finalityOf(anchor, at)
  const method = 'signed by the sync committee'
  const sealed = (value: StateAnchor, time: Instant) =>
    seal(value, { anchor: reference(profile.name, value, time), finality, method, checkedAt: now })
  if (blockNumber !== null && stateRoot !== null)
    return sealed({ hash, number: blockNumber, stateRoot }, timeOfSlot(profile, signed.beacon.slot))
  if (header === null) throw new MissingEvidence([{ type: 'execution_header', blockHash: hash }])
  const block = openHeader(hash, header, engines)
  return sealed({ hash, number: block.number, stateRoot: block.stateRoot }, Number(block.timestamp) * 1000)
}

/** The header of a proven block. @throws {InvalidExecutionHeader | RlpError} */
export function provenHeader(
  id: Verified<BlockId>,
  header: Uint8Array,
  engines: Engines,
  now: Instant,
): Verified<Block> {
  const { hash, number } = id.value
  const fields = openHeader(hash, header, engines)
  if (fields.number !== number) throw new InvalidExecutionHeader(hash)
  const value = { ...fields, hash, headerSize: header.length }
  const anchor = reference(id.anchor.network, value, Number(fields.timestamp) * 1000)
  return seal(value, { anchor, finality: id.finality, method: `${id.method}, header by its hash`, checkedAt: now })
}

/** The parent a proven header names; null for the first block. */
export function provenParent(block: Verified<Block>, now: Instant): Verified<BlockId> | null {
  const { parentHash: hash, number, timestamp } = block.value
  if (number === 0n) return null
  // The parent's own time is not known before its header is; its child's is an upper bound.
  const value = { hash, number: number - 1n }
  return seal(value, {
    anchor: reference(block.anchor.network, value, Number(timestamp) * 1000),
    finality: block.finality,
    method: 'chain of parent hashes',
    checkedAt: now,
  })
}

/** What to ask for to read the hash of block `number` out of the state of `block`. */
export function historyRequest(block: StateAnchor, number: bigint): EvidenceRequest & { readonly type: 'account' } {
  return {
    type: 'account',
    blockHash: block.hash,
    address: HISTORY_STORAGE_ADDRESS,
    slots: [historySlot(number)],
  }
}

/**
 * The hash of an ancestor that the state of a proven block has recorded (EIP-2935). Null where it has recorded none:
 * that is ignorance, for example before Prague, and never a hash of zero.
 * @param number at least 1 and at most `HISTORY_SERVE_WINDOW` below the block's
 * @param proof answer to `historyRequest`
 * @throws {InvalidStateProof | RlpError}
 */
export function recordedAncestor(
  block: Verified<StateAnchor>,
  number: bigint,
  proof: Uint8Array,
  engines: Engines,
  now: Instant,
): Verified<BlockId> | null {
  const distance = block.value.number - number
  if (number < 0n || distance < 1n || distance > HISTORY_SERVE_WINDOW) return null
  const request = historyRequest(block.value, number)
  const nodes = decodeStateProof(proof, 1)
  const { storageRoot } = verifyAccount(block.value.stateRoot, request.address, nodes.account, engines)
  const hash = verifySlot(storageRoot, request.slots[0]!, nodes.slots[0]!, engines)
  if (BigInt(hash) === 0n) return null
  return seal(
    { hash, number },
    {
      anchor: reference(block.anchor.network, { hash, number }, block.anchor.time),
      finality: block.finality,
      method: `recorded in the state of block ${block.value.number} (EIP-2935)`,
      checkedAt: now,
    },
  )
}

/** How a block of any age since Capella can be proven under the finalized beacon state. */
export interface HistoricalStep {
  readonly request: EvidenceRequest
  /** @throws {InvalidHistoricalBlock | SszError | UnknownForkDigest | BeforeFirstFork | RlpError} */
  prove(evidence: Uint8Array, now: Instant): Verified<BlockId>
}

/**
 * The step from the anchor's finalized beacon block to the execution block `number`. What is asked and what is checked
 * are bound to the same finalized block, whatever becomes final meanwhile.
 */
export function historicalStep(
  anchor: EthereumAnchor,
  number: bigint,
  profile: NetworkProfile,
  engines: Engines,
): HistoricalStep {
  const { beacon } = anchor.store.finalized_header
  return {
    request: historicalRequest(beacon, number, engines),
    prove(evidence, now) {
      const { hash, slot, field } = verifyHistoricalBlock(beacon, number, evidence, profile, engines)
      return seal(
        { hash, number },
        {
          anchor: reference(profile.name, { hash, number }, timeOfSlot(profile, slot)),
          finality: finalityOf(anchor, 'finalized'),
          method: `beacon block of slot ${slot} in ${field} of the finalized state`,
          checkedAt: now,
        },
      )
    },
  }
}

/**
 * Headers in the answer to `execution_headers`: the first has the hash asked for, each next is the parent of the one
 * before. They hang together; that they lie on the chain follows only from the first.
 * @throws {InvalidExecutionHeader | RlpError}
 */
export function openHeaderChain(
  blockHash: Hex,
  count: number,
  evidence: Uint8Array,
  engines: Engines,
): { readonly hash: Hex; readonly bytes: Uint8Array }[] {
  const list = decodeList(evidence, 'headers')
  if (list.length === 0 || list.length > count) throw new InvalidExecutionHeader(blockHash)
  let next = blockHash
  return list.map((bytes) => {
    const hash = next
    expectHash(hash, bytes, engines)
    // The other fields are read when the header is proven.
    next = toHex(asBytes(asList(decode(bytes), 'the header')[0], 'parentHash', 32))
    return { hash, bytes }
  })
}

/** The number in the header with this hash. Says nothing about whether it lies on the chain. @throws {InvalidExecutionHeader} */
export function numberInHeader(blockHash: Hex, header: Uint8Array, engines: Engines): bigint {
  return openHeader(blockHash, header, engines).number
}

function openHeader(hash: Hex, header: Uint8Array, engines: Engines): ExecutionHeader {
  expectHash(hash, header, engines)
  return decodeExecutionHeader(header)
}

function expectHash(hash: Hex, header: Uint8Array, engines: Engines): void {
  if (!bytesEqual(engines.hashes.keccak256(header), fromHex(hash, 'block hash', 32)))
    throw new InvalidExecutionHeader(hash)
}

function reference(network: string, { hash, number }: BlockId, time: Instant): AnchorReference {
  return { ledger: 'ethereum', network, height: number, hash, time }
}
