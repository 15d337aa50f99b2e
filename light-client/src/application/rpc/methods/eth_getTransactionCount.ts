import { toQuantity } from '../../../data/hex.ts'
import { stateBlock } from '../block-parameter.ts'
import { attested, type RpcMethod, verified } from '../method.ts'
import { addressParam } from '../parameters.ts'

export const eth_getTransactionCount: RpcMethod = {
  standing: 'verified',
  how: 'account proof under the state root; for `pending` what a source says, never less than the proven count (attested)',
  async run({ client, chain }, [who, block]) {
    const address = addressParam(who)
    const state = await chain.state(await stateBlock(chain, block === 'pending' ? 'latest' : block), address, [])
    const { nonce } = state.value.account
    if (block !== 'pending') return verified(toQuantity(nonce), state)
    const hint = await client.pendingNonce(address)
    return attested(toQuantity(hint.value > nonce ? hint.value : nonce), hint, 'what is pending cannot be proven')
  },
}
