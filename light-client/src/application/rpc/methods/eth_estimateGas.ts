import { toQuantity } from '../../../data/hex.ts'
import { asNodesSay, failedCall } from '../call-errors.ts'
import { callAndOptions } from '../call-parameters.ts'
import { type RpcMethod, verified } from '../method.ts'

export const eth_estimateGas: RpcMethod = {
  standing: 'verified',
  how: 'executed here on proven state, with less and less gas',
  async run({ client, chain, caller }, params) {
    const { call, options } = await callAndOptions(chain, params)
    const answer = await asNodesSay(() => client.estimateGas(call, { ...options, ...caller }))
    const { gas, failure } = answer.verified.value
    if (gas === null) throw failedCall(failure ?? { status: 'halt', returnData: '0x', halt: null })
    return verified(toQuantity(gas), answer.verified)
  },
}
