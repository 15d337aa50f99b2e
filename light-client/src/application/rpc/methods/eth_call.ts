import { asNodesSay, failedCall } from '../call-errors.ts'
import { callAndOptions } from '../call-parameters.ts'
import { type RpcMethod, verified } from '../method.ts'

export const eth_call: RpcMethod = {
  standing: 'verified',
  how: 'executed here on proven state',
  async run({ client, chain, caller }, params) {
    const { call, options } = await callAndOptions(chain, params)
    const answer = await asNodesSay(() => client.call(call, { ...options, ...caller }))
    const { value } = answer.verified
    if (value.status !== 'success') throw failedCall(value)
    return verified(value.returnData, answer.verified)
  },
}
