import { local, type RpcMethod } from '../method.ts'

export const net_listening: RpcMethod = {
  standing: 'local',
  how: 'whether the client follows the chain',
  async run({ client }) {
    return local(client.status.state === 'following', 'state of this client')
  },
}
