/** The transactions of a proven block, hashed and read no earlier than they are wanted. @module */
import { toHex } from '../../data/hex.ts'
import { GlowwormError } from '../../errors.ts'
import { NotOnChain } from '../../ledgers/ethereum/block-history.ts'
import type { Hex } from '../../ledgers/ethereum/evidence.ts'
import type { Block } from '../../ledgers/ethereum/proven-block.ts'
import { type DecodedTransaction, decodeTransaction } from '../../ledgers/ethereum/transaction.ts'
import type { Verified } from '../../ledgers/verified.ts'
import type { ChainReader } from '../chain-reader.ts'
import type { Place } from './forms/transaction.ts'

export interface BlockTransactions {
  readonly list: Verified<readonly Uint8Array[]>
  readonly count: number
  hash(index: number): Hex
  /** With the signer recovered from the signature. */
  decoded(index: number): DecodedTransaction
  /** -1: not in this block. */
  indexOf(hash: Hex): number
}

const read = new WeakMap<object, BlockTransactions>()

export async function transactionsOf(chain: ChainReader, block: Verified<Block>): Promise<BlockTransactions> {
  const list = await chain.transactions(block)
  const known = read.get(list)
  if (known) return known
  const { engines } = chain
  const hashes: Hex[] = []
  const decoded: DecodedTransaction[] = []
  const hash = (index: number) => (hashes[index] ??= toHex(engines.hashes.keccak256(list.value[index]!)))
  const readable = (raw: Uint8Array, number: bigint) => {
    try {
      return decodeTransaction(raw, engines)
    } catch (cause) {
      throw new UnreadableTransaction(number, cause)
    }
  }
  const fresh: BlockTransactions = {
    list,
    count: list.value.length,
    hash,
    decoded: (index) => (decoded[index] ??= readable(list.value[index]!, block.value.number)),
    indexOf: (wanted) => list.value.findIndex((_, index) => hash(index) === wanted),
  }
  read.set(list, fresh)
  return fresh
}

export function placeIn({ hash, number, timestamp, baseFeePerGas }: Block, transactionIndex: number): Place {
  return { blockHash: hash, blockNumber: number, timestamp, baseFeePerGas, transactionIndex }
}

export interface Located {
  readonly block: Verified<Block>
  readonly transactions: BlockTransactions
  readonly index: number
}

/**
 * The proven block that contains a transaction. Null: no source named one that holds. That is ignorance.
 * @throws {GlowwormError} when a named block could neither be proven nor ruled out
 */
export async function locate(chain: ChainReader, transactionHash: Hex): Promise<Located | null> {
  let failure: unknown = null
  for (const blockHash of await chain.blocksNamedFor(transactionHash)) {
    try {
      const block = await chain.byHash(blockHash)
      if (!block) continue
      const transactions = await transactionsOf(chain, block)
      const index = transactions.indexOf(transactionHash)
      if (index >= 0) return { block, transactions, index }
    } catch (cause) {
      // A block that does not lie on the proven chain (yet) proves nothing: the next name may be better.
      const ignorance = cause instanceof NotOnChain
      if (!ignorance) failure ??= cause
    }
  }
  if (failure !== null) throw failure
  return null
}

/** A proven transaction of a kind that this software does not know: a fork newer than it. */
export class UnreadableTransaction extends GlowwormError {
  constructor(number: bigint, cause: unknown) {
    super(
      { name: 'Rpc.UnreadableTransaction', code: 'UNREADABLE_TRANSACTION', kind: 'unprovable' },
      `block ${number} holds a transaction that cannot be read here: ${(cause as Error).message}`,
      { cause, next: 'If a fork has just happened, update the software.' },
    )
  }
}
