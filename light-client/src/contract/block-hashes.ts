/** BLOCKHASH on proven state: the parent from the header, older blocks from the history contract or along parents. @module */
import type { Engines } from '@glowworm/wasm-core'
import { GlowwormError } from '../errors.ts'
import { type EvidenceMap, take } from '../ledgers/ethereum/block-history.ts'
import type { Hex } from '../ledgers/ethereum/evidence.ts'
import { decodeExecutionHeader } from '../ledgers/ethereum/execution-header.ts'
import { HISTORY_STORAGE_ADDRESS, historySlot } from '../ledgers/ethereum/history-contract.ts'
import { openHeaderChain } from '../ledgers/ethereum/proven-block.ts'
import { type BlockContext, isAtLeast } from './block-context.ts'
import type { BlockHashes } from './machine.ts'
import type { ProvenState } from './proven-state.ts'

/** Hashes of `block` and those before it, by the state after it. */
export function ancestorHashes(
  block: BlockContext,
  blockHash: Hex,
  state: ProvenState,
  evidence: EvidenceMap,
  engines: Engines,
): BlockHashes {
  return (number) => {
    if (number > block.number) throw new UnknownBlockHash(number)
    if (number === block.number) return blockHash
    if (number === block.number - 1n) return block.parentHash
    if (isAtLeast(block.hardFork, 'prague')) {
      const recorded = state.slot(HISTORY_STORAGE_ADDRESS, historySlot(number))
      // A zero is a window that is not filled yet (or a chain without the contract), never the hash zero.
      if (BigInt(recorded) !== 0n) return recorded
    }
    return parentHashAt(block, number, evidence, engines)
  }
}

/** Follows parents down to the header whose parent is block `number`. @throws {MissingEvidence | InvalidExecutionHeader} */
function parentHashAt(block: BlockContext, number: bigint, evidence: EvidenceMap, engines: Engines): Hex {
  let hash = block.parentHash
  let cursor = block.number - 1n
  while (cursor > number) {
    const count = Number(cursor - number)
    const answer = take(evidence, { type: 'execution_headers', blockHash: hash, count })
    for (const { bytes } of openHeaderChain(hash, count, answer, engines)) {
      hash = decodeExecutionHeader(bytes).parentHash
      cursor -= 1n
    }
  }
  return hash
}

/** The hash of a block that there is not yet: one that a simulation made up. */
export class UnknownBlockHash extends GlowwormError {
  constructor(number: bigint) {
    super(
      { name: 'Contract.UnknownBlockHash', code: 'UNKNOWN_BLOCK_HASH', kind: 'unprovable' },
      `the call asks for the hash of block ${number}, which does not exist yet`,
    )
  }
}
