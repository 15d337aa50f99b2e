import { stateBlock } from '../block-parameter.ts'
import { type RpcMethod, verified } from '../method.ts'
import { addressParam } from '../parameters.ts'

export const eth_getCode: RpcMethod = {
  standing: 'verified',
  how: 'account proof, and the hash of the code in it',
  async run({ chain }, [who, block]) {
    const address = addressParam(who)
    const at = await stateBlock(chain, block)
    const state = await chain.state(at, address, [])
    return verified(await chain.code(at, state), state, 'hash of the code in the proven account')
  },
}
