import { answerLogs } from '../logs-answer.ts'
import type { RpcMethod } from '../method.ts'

export const eth_getFilterLogs: RpcMethod = {
  standing: 'verified',
  how: 'as eth_getLogs',
  run: async (context, [id]) => answerLogs(context, context.filters.queryOf(id)),
}
