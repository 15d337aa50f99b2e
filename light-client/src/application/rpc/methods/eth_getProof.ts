import { toHex, toQuantity } from '../../../data/hex.ts'
import { stateBlock } from '../block-parameter.ts'
import { type RpcMethod, verified } from '../method.ts'
import { addressParam, listParam, slotParam } from '../parameters.ts'

export const eth_getProof: RpcMethod = {
  standing: 'verified',
  how: 'the nodes that proved the account and the slots, in the order asked',
  async run({ chain }, [who, keys, block]) {
    const address = addressParam(who)
    const asked = listParam(keys, 'storage keys', 256)
    const slots = asked.map((key) => slotParam(key))
    const state = await chain.state(await stateBlock(chain, block), address, slots)
    const { account, proof, slots: values } = state.value
    const result = {
      address,
      accountProof: proof.account.map(toHex),
      balance: toQuantity(account.balance),
      codeHash: account.codeHash,
      nonce: toQuantity(account.nonce),
      storageHash: account.storageRoot,
      storageProof: values.map(({ slot, value }, i) => ({
        // As nodes do: a key of 32 bytes comes back as one, a quantity as a quantity.
        key: String(asked[i]).length === 66 ? slot : toQuantity(BigInt(slot)),
        value: toQuantity(BigInt(value)),
        proof: proof.slots[i]!.map(toHex),
      })),
    }
    return verified(result, state)
  },
}
