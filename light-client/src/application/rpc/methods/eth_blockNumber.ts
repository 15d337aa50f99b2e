import { toQuantity } from '../../../data/hex.ts'
import { type RpcMethod, verified } from '../method.ts'

export const eth_blockNumber: RpcMethod = {
  standing: 'verified',
  how: 'newest head signed by more than half of the sync committee',
  async run({ chain }) {
    const head = await chain.head('optimistic')
    return verified(toQuantity(head.value.number), head)
  },
}
