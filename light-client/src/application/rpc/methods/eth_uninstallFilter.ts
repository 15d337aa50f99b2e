import { local, type RpcMethod } from '../method.ts'

export const eth_uninstallFilter: RpcMethod = {
  standing: 'local',
  how: 'kept here',
  async run({ filters }, [id]) {
    return local(filters.remove(id), 'a filter kept here')
  },
}
