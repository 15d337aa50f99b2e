import type { Block } from '../../ledgers/ethereum/proven-block.ts'
import { RPC_CODES, RpcError } from './errors.ts'
import { EMPTY_OMMERS_HASH } from './forms/block.ts'

/** @throws {RpcError} when the block has ommers: their headers are not fetched here, so they cannot be shown */
export function withoutOmmers(block: Block): void {
  if (block.sha3Uncles !== EMPTY_OMMERS_HASH)
    throw new RpcError(RPC_CODES.unprovable, `block ${block.number} has ommers, which are not proven here`, {
      code: 'OMMERS_NOT_PROVEN',
    })
}
