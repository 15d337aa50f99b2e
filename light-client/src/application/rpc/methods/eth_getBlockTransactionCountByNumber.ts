import { toQuantity } from '../../../data/hex.ts'
import { noSuchBlock } from '../block-answer.ts'
import { blockParameter, findBlock } from '../block-parameter.ts'
import { transactionsOf } from '../block-transactions.ts'
import { type RpcMethod, verified } from '../method.ts'

export const eth_getBlockTransactionCountByNumber: RpcMethod = {
  standing: 'verified',
  how: 'transactions root rebuilt from the whole block',
  async run({ chain }, [which]) {
    const block = await findBlock(chain, blockParameter(which))
    if (!block) return noSuchBlock(chain)
    const { list, count } = await transactionsOf(chain, block)
    return verified(toQuantity(count), list)
  },
}
