import { locate } from '../block-transactions.ts'
import { placeReceipts, receiptForm } from '../forms/receipt.ts'
import { type RpcMethod, unknown, verified } from '../method.ts'
import { hashParam } from '../parameters.ts'

export const eth_getTransactionReceipt: RpcMethod = {
  standing: 'verified',
  how: 'receipts and transactions roots rebuilt from the whole block, the rest derived; null is ignorance and labelled so',
  async run({ chain }, [which]) {
    const hash = hashParam(which)
    const found = await locate(chain, hash)
    if (!found) return unknown('a proven block with this transaction')
    const { block, transactions, index } = found
    const receipts = await chain.receipts(block)
    const receipt = placeReceipts(receipts.value)[index]!
    return verified(receiptForm(receipt, { hash, decoded: transactions.decoded(index) }, block.value, chain), receipts)
  },
}
