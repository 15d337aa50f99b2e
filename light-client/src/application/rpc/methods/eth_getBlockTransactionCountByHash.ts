import { toQuantity } from '../../../data/hex.ts'
import { findBlock } from '../block-parameter.ts'
import { transactionsOf } from '../block-transactions.ts'
import { type RpcMethod, unknown, verified } from '../method.ts'
import { hashParam } from '../parameters.ts'

export const eth_getBlockTransactionCountByHash: RpcMethod = {
  standing: 'verified',
  how: 'transactions root rebuilt from the whole block',
  async run({ chain }, [which]) {
    const block = await findBlock(chain, { by: 'hash', hash: hashParam(which) })
    if (!block) return unknown('a block with this hash')
    const { list, count } = await transactionsOf(chain, block)
    return verified(toQuantity(count), list)
  },
}
