import { toQuantity } from '../../../data/hex.ts'
import { stateBlock } from '../block-parameter.ts'
import { type RpcMethod, verified } from '../method.ts'
import { addressParam } from '../parameters.ts'

export const eth_getTransactionCount: RpcMethod = {
  standing: 'verified',
  how: 'account proof under the state root',
  async run({ chain }, [who, block]) {
    const address = addressParam(who)
    const state = await chain.state(await stateBlock(chain, block), address, [])
    return verified(toQuantity(state.value.account.nonce), state)
  },
}
