import { asNodesSay } from '../call-errors.ts'
import { blockOverridesParam, callParam, stateAt, stateOverridesParam } from '../call-parameters.ts'
import { invalidParams } from '../errors.ts'
import { simulatedBlockForm } from '../forms/simulated-block.ts'
import { type RpcMethod, verified } from '../method.ts'
import { booleanParam, listParam, record } from '../parameters.ts'

const MAX_BLOCKS = 256
const MAX_CALLS = 1000

export const eth_simulateV1: RpcMethod = {
  standing: 'verified',
  how: 'executed here on proven state; hashes and roots of blocks that do not exist are left out',
  async run({ client, chain, caller }, [payload, block]) {
    const fields = record(payload, 'simulation')
    if (booleanParam(fields.returnFullTransactions, 'returnFullTransactions'))
      throw invalidParams('returnFullTransactions: unsigned transactions have no full form here')
    const blocks = listParam(fields.blockStateCalls, 'blockStateCalls', MAX_BLOCKS).map((entry) => {
      const { blockOverrides, stateOverrides, calls } = record(entry, 'blockStateCalls entry')
      const onBlock = blockOverridesParam(blockOverrides)
      const onState = stateOverridesParam(stateOverrides)
      return {
        ...(onBlock ? { blockOverrides: onBlock } : {}),
        ...(onState ? { stateOverrides: onState } : {}),
        calls: listParam(calls ?? [], 'calls', MAX_CALLS).map((call) => callParam(call, 'call')),
      }
    })
    if (blocks.length === 0) throw invalidParams('blockStateCalls: expected at least one block')
    const options = {
      at: await stateAt(chain, block),
      ...caller,
      traceTransfers: booleanParam(fields.traceTransfers, 'traceTransfers'),
      validation: booleanParam(fields.validation, 'validation'),
    }
    const answer = await asNodesSay(() => client.simulate(blocks, options), 'numbered')
    return verified(answer.verified.value.blocks.map(simulatedBlockForm), answer.verified)
  },
}
