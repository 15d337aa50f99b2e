import { locate, placeIn } from '../block-transactions.ts'
import { transactionForm } from '../forms/transaction.ts'
import { type RpcMethod, unknown, verified } from '../method.ts'
import { hashParam } from '../parameters.ts'

export const eth_getTransactionByHash: RpcMethod = {
  standing: 'verified',
  how: 'transactions root rebuilt from the whole block, signer recovered; null is ignorance and labelled so',
  async run({ chain }, [which]) {
    const hash = hashParam(which)
    const found = await locate(chain, hash)
    if (!found) return unknown('a proven block with this transaction')
    const { block, transactions, index } = found
    return verified(transactionForm(hash, transactions.decoded(index), placeIn(block.value, index)), transactions.list)
  },
}
