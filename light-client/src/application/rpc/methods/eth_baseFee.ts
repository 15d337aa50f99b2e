import { toQuantity } from '../../../data/hex.ts'
import { nextBaseFeeOf } from '../gas-price.ts'
import { type RpcMethod, verified } from '../method.ts'

export const eth_baseFee: RpcMethod = {
  standing: 'verified',
  how: 'base fee of the next block, derived from the proven head (EIP-1559)',
  async run({ chain }) {
    const block = await chain.header(await chain.head('optimistic'))
    return verified(toQuantity(nextBaseFeeOf(block.value)), block, 'derived from the proven header (EIP-1559)')
  },
}
