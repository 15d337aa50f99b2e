import { toQuantity } from '../../../data/hex.ts'
import type { Log } from '../../../ledgers/ethereum/claims.ts'
import type { Hex } from '../../../ledgers/ethereum/evidence.ts'
import type { Block } from '../../../ledgers/ethereum/proven-block.ts'

/** A log with its place, all of it derived here. */
export function logForm(
  log: Log,
  block: Block,
  place: { readonly transactionHash: Hex; readonly transactionIndex: number; readonly logIndex: number },
  removed: boolean,
): Record<string, unknown> {
  return {
    address: log.address,
    topics: log.topics,
    data: log.data,
    blockHash: block.hash,
    blockNumber: toQuantity(block.number),
    blockTimestamp: toQuantity(block.timestamp),
    transactionHash: place.transactionHash,
    transactionIndex: toQuantity(place.transactionIndex),
    logIndex: toQuantity(place.logIndex),
    removed,
  }
}
