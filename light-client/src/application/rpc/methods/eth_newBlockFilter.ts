import { local, type RpcMethod } from '../method.ts'

export const eth_newBlockFilter: RpcMethod = {
  standing: 'local',
  how: 'kept here, over proven heads',
  async run({ filters }) {
    return local(await filters.onBlocks(), 'a filter kept here')
  },
}
