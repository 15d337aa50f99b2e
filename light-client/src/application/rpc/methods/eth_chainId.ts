import { toQuantity } from '../../../data/hex.ts'
import { local, type RpcMethod } from '../method.ts'

export const eth_chainId: RpcMethod = {
  standing: 'local',
  how: 'network profile',
  async run({ client }) {
    return local(toQuantity(client.network.chainId), 'network profile')
  },
}
