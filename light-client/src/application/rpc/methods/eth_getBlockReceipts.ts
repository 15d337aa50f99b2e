import { noSuchBlock } from '../block-answer.ts'
import { blockParameter, findBlock } from '../block-parameter.ts'
import { transactionsOf } from '../block-transactions.ts'
import { placeReceipts, receiptForm } from '../forms/receipt.ts'
import { type RpcMethod, unknown, verified } from '../method.ts'

export const eth_getBlockReceipts: RpcMethod = {
  standing: 'verified',
  how: 'receipts and transactions roots rebuilt from the whole block, the rest derived',
  async run({ chain }, [which]) {
    const parameter = blockParameter(which)
    const block = await findBlock(chain, parameter)
    if (!block) return parameter.by === 'hash' ? unknown('a block with this hash') : noSuchBlock(chain)
    const [receipts, transactions] = await Promise.all([chain.receipts(block), transactionsOf(chain, block)])
    const forms = placeReceipts(receipts.value).map((receipt, i) =>
      receiptForm(receipt, { hash: transactions.hash(i), decoded: transactions.decoded(i) }, block.value, chain),
    )
    return verified(forms, receipts)
  },
}
