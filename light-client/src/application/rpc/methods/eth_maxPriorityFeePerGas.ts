import { toQuantity } from '../../../data/hex.ts'
import { suggestTip } from '../gas-price.ts'
import { type RpcMethod, verified } from '../method.ts'

export const eth_maxPriorityFeePerGas: RpcMethod = {
  standing: 'verified',
  how: 'a tip that recent proven transactions paid; a suggestion, not a fact of the chain',
  async run({ chain }) {
    const block = await chain.header(await chain.head('optimistic'))
    const { tip, method } = await suggestTip(chain, block)
    return verified(toQuantity(tip), block, method)
  },
}
