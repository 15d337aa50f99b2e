import type { ChainReader } from '../chain-reader.ts'
import { type BlockParameter, findBlock } from './block-parameter.ts'
import { placeIn, transactionsOf } from './block-transactions.ts'
import { blockForm } from './forms/block.ts'
import { transactionForm } from './forms/transaction.ts'
import { type RpcAnswer, unknown, verified } from './method.ts'
import { withoutOmmers } from './ommers.ts'

/** A whole block: header, transactions (in full or as hashes) and withdrawals, all proven. */
export async function answerBlock(chain: ChainReader, parameter: BlockParameter, full: boolean): Promise<RpcAnswer> {
  const block = await findBlock(chain, parameter)
  if (!block) return parameter.by === 'hash' ? unknown('a block with this hash') : noSuchBlock(chain)
  withoutOmmers(block.value)
  const [transactions, withdrawals] = await Promise.all([transactionsOf(chain, block), chain.withdrawals(block)])
  const shown = transactions.list.value.map((_, i) => {
    const hash = transactions.hash(i)
    return full ? transactionForm(hash, transactions.decoded(i), placeIn(block.value, i)) : hash
  })
  const content = { transactions: transactions.list.value, withdrawals: withdrawals?.value ?? null }
  return verified(blockForm(block.value, shown, content), block, 'header, transactions and withdrawals of the block')
}

/** Null for a number above the newest proven head. */
export async function noSuchBlock(chain: ChainReader): Promise<RpcAnswer> {
  return verified(null, await chain.head('optimistic'), 'the number lies above the newest proven head')
}
