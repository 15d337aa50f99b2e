import { local, type RpcMethod } from '../method.ts'

export const eth_accounts: RpcMethod = {
  standing: 'local',
  how: 'always empty: there are no keys here',
  async run() {
    return local([], 'there are no keys here')
  },
}
