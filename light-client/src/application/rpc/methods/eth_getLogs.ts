import { logQueryParam } from '../log-filter.ts'
import { answerLogs } from '../logs-answer.ts'
import type { RpcMethod } from '../method.ts'

export const eth_getLogs: RpcMethod = {
  standing: 'verified',
  how: 'complete or an error that names the missing range: headers of the range, blooms where they exclude, all receipts elsewhere',
  run: (context, [filter]) => answerLogs(context, logQueryParam(filter)),
}
