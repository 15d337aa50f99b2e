import { stateBlock } from '../block-parameter.ts'
import { invalidParams } from '../errors.ts'
import { type RpcMethod, verified } from '../method.ts'
import { addressParam, listParam, record, slotParam } from '../parameters.ts'

/** Over all accounts of one request. */
const MOST_SLOTS = 1024

export const eth_getStorageValues: RpcMethod = {
  standing: 'verified',
  how: 'storage proofs of several accounts, all under one state root',
  async run({ chain }, [wanted, block]) {
    const asked = Object.entries(record(wanted, 'requests')).map(([who, keys]) => ({
      who,
      address: addressParam(who),
      slots: listParam(keys, `keys of ${who}`, 256).map((key) => slotParam(key)),
    }))
    const count = asked.reduce((sum, { slots }) => sum + slots.length, 0)
    if (count === 0) throw invalidParams('requests: expected at least one storage key')
    if (count > MOST_SLOTS) throw invalidParams(`requests: at most ${MOST_SLOTS} storage keys`)
    const at = await stateBlock(chain, block)
    const proven = await Promise.all(
      asked.map(async ({ who, address, slots }) => [who, await chain.state(at, address, slots)] as const),
    )
    const values = proven.map(([who, state]) => [who, state.value.slots.map(({ value }) => value)])
    return verified(Object.fromEntries(values), proven[0]![1])
  },
}
