import { type RpcMethod, verified } from '../method.ts'

export const eth_getFilterChanges: RpcMethod = {
  standing: 'verified',
  how: 'blocks between two proven heads by their parents; their logs as for eth_getLogs; replaced blocks are told',
  async run({ filters, chain }, [id]) {
    const changes = await filters.changes(id)
    return verified(changes, await chain.head('optimistic'), 'blocks since the last call, by their parents')
  },
}
