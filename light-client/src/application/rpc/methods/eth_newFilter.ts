import { logQueryParam } from '../log-filter.ts'
import { local, type RpcMethod } from '../method.ts'

export const eth_newFilter: RpcMethod = {
  standing: 'local',
  how: 'kept here, over proven heads',
  async run({ filters }, [filter]) {
    return local(await filters.onLogs(logQueryParam(filter)), 'a filter kept here')
  },
}
