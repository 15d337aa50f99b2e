/** A block of any age since Capella, proven under the state of a finalized beacon block (EIP-4788 turned round). @module */
import type { Engines } from '@glowworm/wasm-core'
import { bytesEqual, toHex } from '../../../data/hex.ts'
import { GlowwormError } from '../../../errors.ts'
import { executionOf } from '../consensus.ts'
import { BeaconBlockHeader } from '../data.ts'
import type { EvidenceRequest, Hex } from '../evidence.ts'
import { decodeExecutionHeader } from '../execution-header.ts'
import type { NetworkProfile } from '../profile.ts'
import { beaconRoot, invalidHeaderReason } from '../sync-protocol/header.ts'
import { decodeHistoricalBlock } from './containers.ts'
import { type HistoryField, historyPlace } from './place.ts'

export interface ProvenHistoricalBlock {
  readonly hash: Hex
  readonly number: bigint
  /** Of the beacon block that leads to it. */
  readonly slot: number
  readonly field: HistoryField
}

/** What to ask for to prove block `number` under a finalized beacon block. */
export function historicalRequest(
  finalized: BeaconBlockHeader,
  number: bigint,
  engines: Engines,
): EvidenceRequest & { readonly type: 'historical_block' } {
  const finalizedRoot = toHex(BeaconBlockHeader.hashTreeRoot(finalized, engines.merkle))
  return { type: 'historical_block', finalizedRoot, blockNumber: Number(number) }
}

/**
 * The execution block with the number asked for. `finalized` is trusted; everything else is read from `evidence`: the
 * beacon block must stand in the state at the place that its own slot has, and its body must hold an execution block
 * of that number (from Gloas on: name the hash of one whose header is given).
 * @throws {InvalidHistoricalBlock | SszError | UnknownForkDigest | BeforeFirstFork | RlpError}
 */
export function verifyHistoricalBlock(
  finalized: BeaconBlockHeader,
  number: bigint,
  evidence: Uint8Array,
  profile: NetworkProfile,
  engines: Engines,
): ProvenHistoricalBlock {
  const { header, branch, execution_header } = decodeHistoricalBlock(evidence, profile, engines.hashes)
  const { slot } = header.beacon
  const place = historyPlace(profile, finalized.slot, slot)
  if (typeof place === 'string') throw new InvalidHistoricalBlock(number, place)
  if (branch.length !== place.depth)
    throw new InvalidHistoricalBlock(number, `its branch has ${branch.length} nodes, ${place.depth} are needed`)
  const root = engines.merkle.sszBranchRoot(beaconRoot(header, engines.merkle), branch, place.index)
  if (!bytesEqual(root, finalized.state_root))
    throw new InvalidHistoricalBlock(number, `its branch does not lead to the state through ${place.field}`)
  const reason = invalidHeaderReason(header, profile, engines)
  if (reason !== null) throw new InvalidHistoricalBlock(number, reason)
  // A block without a payload, as genesis is, holds the default one: number 0 and a hash of zeros.
  const execution = executionOf(header)
  if (!execution || /^0x0*$/.test(execution.blockHash))
    throw new InvalidHistoricalBlock(number, `the block at slot ${slot} has no execution block`)
  const found = execution.blockNumber ?? numberOf(number, execution.blockHash, execution_header, engines)
  if (execution.blockNumber !== null && execution_header.length > 0)
    throw new InvalidHistoricalBlock(number, 'an execution header comes with a beacon block that holds its own')
  if (found !== number) throw new InvalidHistoricalBlock(number, `block ${found} was sent instead`)
  return { hash: execution.blockHash, number, slot, field: place.field }
}

/** The number in the header that a beacon block names by hash. */
function numberOf(asked: bigint, hash: Hex, header: Uint8Array, engines: Engines): bigint {
  if (toHex(engines.hashes.keccak256(header)) !== hash)
    throw new InvalidHistoricalBlock(asked, `the execution header does not have the hash ${hash}`)
  return decodeExecutionHeader(header).number
}

/** Evidence of an old block that does not hold under the finalized state, or is of another block. */
export class InvalidHistoricalBlock extends GlowwormError {
  constructor(number: bigint, reason: string) {
    super(
      { name: 'Ethereum.InvalidHistoricalBlock', code: 'INVALID_HISTORICAL_BLOCK', kind: 'lie' },
      `the evidence of block ${number} does not hold under the finalized state: ${reason}`,
      { next: 'Ask another source.' },
    )
  }
}
