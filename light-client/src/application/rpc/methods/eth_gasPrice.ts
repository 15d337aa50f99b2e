import { toQuantity } from '../../../data/hex.ts'
import { nextBaseFeeOf, suggestTip } from '../gas-price.ts'
import { type RpcMethod, verified } from '../method.ts'

export const eth_gasPrice: RpcMethod = {
  standing: 'verified',
  how: 'next base fee plus a tip that recent proven transactions paid; a suggestion, not a fact of the chain',
  async run({ chain }) {
    const block = await chain.header(await chain.head('optimistic'))
    const { tip, method } = await suggestTip(chain, block)
    return verified(toQuantity(nextBaseFeeOf(block.value) + tip), block, `next base fee (EIP-1559) and ${method}`)
  },
}
