import { stateBlock } from '../block-parameter.ts'
import { type RpcMethod, verified } from '../method.ts'
import { addressParam, slotParam } from '../parameters.ts'

export const eth_getStorageAt: RpcMethod = {
  standing: 'verified',
  how: 'storage proof under the proven account; zero is proven by absence',
  async run({ chain }, [who, key, block]) {
    const address = addressParam(who)
    const slot = slotParam(key)
    const state = await chain.state(await stateBlock(chain, block), address, [slot])
    return verified(state.value.slots[0]!.value, state)
  },
}
