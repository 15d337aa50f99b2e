import { local, type RpcMethod } from '../method.ts'

export const net_version: RpcMethod = {
  standing: 'local',
  how: 'network profile',
  async run({ client }) {
    return local(String(client.network.chainId), 'network profile')
  },
}
