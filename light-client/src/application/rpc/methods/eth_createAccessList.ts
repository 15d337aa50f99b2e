import { toQuantity } from '../../../data/hex.ts'
import { asNodesSay } from '../call-errors.ts'
import { callAndOptions } from '../call-parameters.ts'
import { type RpcMethod, verified } from '../method.ts'

export const eth_createAccessList: RpcMethod = {
  standing: 'verified',
  how: 'executed here on proven state, until the list was stable',
  async run({ client, chain, caller }, params) {
    const { call, options } = await callAndOptions(chain, params)
    const answer = await asNodesSay(() => client.createAccessList(call, { ...options, ...caller }))
    const { accessList, gasUsed, error } = answer.verified.value
    const result = { accessList, ...(error === null ? {} : { error }), gasUsed: toQuantity(gasUsed) }
    return verified(result, answer.verified)
  },
}
