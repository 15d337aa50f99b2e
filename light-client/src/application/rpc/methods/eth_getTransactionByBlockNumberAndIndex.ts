import { noSuchBlock } from '../block-answer.ts'
import { blockParameter, findBlock } from '../block-parameter.ts'
import { placeIn, transactionsOf } from '../block-transactions.ts'
import { transactionForm } from '../forms/transaction.ts'
import { type RpcMethod, verified } from '../method.ts'
import { quantityParam } from '../parameters.ts'

export const eth_getTransactionByBlockNumberAndIndex: RpcMethod = {
  standing: 'verified',
  how: 'transactions root rebuilt from the whole block, signer recovered',
  async run({ chain }, [which, at]) {
    const index = Number(quantityParam(at, 'index', 32))
    const block = await findBlock(chain, blockParameter(which))
    if (!block) return noSuchBlock(chain)
    const transactions = await transactionsOf(chain, block)
    if (index >= transactions.count) return verified(null, transactions.list)
    const form = transactionForm(transactions.hash(index), transactions.decoded(index), placeIn(block.value, index))
    return verified(form, transactions.list)
  },
}
