/** Which proven block a parameter means: a tag, a number, or an object by hash or number (EIP-1898). @module */
import type { Hex } from '../../ledgers/ethereum/evidence.ts'
import type { Block, BlockId, StateAnchor } from '../../ledgers/ethereum/proven-block.ts'
import type { Verified } from '../../ledgers/verified.ts'
import type { ChainReader } from '../chain-reader.ts'
import { invalidParams, RPC_CODES, RpcError } from './errors.ts'
import { hashParam, quantityParam } from './parameters.ts'

export type BlockParameter =
  | { readonly by: 'head'; readonly head: 'finalized' | 'optimistic' }
  | { readonly by: 'number'; readonly number: bigint }
  | { readonly by: 'hash'; readonly hash: Hex }

/** Absent means latest. `safe` is the finalized head: no weaker notion of safe can be proven. @throws {RpcError} */
export function blockParameter(value: unknown): BlockParameter {
  if (value === undefined || value === null || value === 'latest') return { by: 'head', head: 'optimistic' }
  if (value === 'finalized' || value === 'safe') return { by: 'head', head: 'finalized' }
  if (value === 'earliest') return { by: 'number', number: 0n }
  if (value === 'pending') throw invalidParams('block: pending state can never be proven; ask for latest')
  if (typeof value === 'object' && !Array.isArray(value)) {
    const { blockHash, blockNumber } = value as Record<string, unknown>
    if ((blockHash === undefined) === (blockNumber === undefined))
      throw invalidParams('block: expected either blockHash or blockNumber')
    return blockHash === undefined
      ? { by: 'number', number: quantityParam(blockNumber, 'blockNumber', 64) }
      : { by: 'hash', hash: hashParam(blockHash, 'blockHash') }
  }
  if (typeof value === 'string' && /^0x[0-9a-fA-F]{64}$/.test(value)) return { by: 'hash', hash: hashParam(value) }
  if (typeof value === 'string' && value.startsWith('0x'))
    return { by: 'number', number: quantityParam(value, 'block', 64) }
  throw invalidParams('block: expected latest, safe, finalized, earliest, a number or a hash')
}

/** The block as far as it is needed to read state after it. @throws {RpcError} when no such block is known */
export async function stateBlock(chain: ChainReader, value: unknown): Promise<Verified<StateAnchor>> {
  const parameter = blockParameter(value)
  if (parameter.by === 'head') return chain.head(parameter.head)
  const found = await findBlock(chain, parameter)
  if (!found) throw new RpcError(RPC_CODES.unprovable, 'block: no such block is known', { code: 'UNKNOWN_BLOCK' })
  return found
}

/** The whole block header. Null when no such block is known. */
export async function findBlock(chain: ChainReader, parameter: BlockParameter): Promise<Verified<Block> | null> {
  if (parameter.by === 'hash') return chain.byHash(parameter.hash)
  const id: Verified<BlockId> | null =
    parameter.by === 'head' ? await chain.head(parameter.head) : await chain.byNumber(parameter.number)
  return id && chain.header(id)
}
