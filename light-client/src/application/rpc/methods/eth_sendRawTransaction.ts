import { fromHex, toHex } from '../../../data/hex.ts'
import { GlowwormError } from '../../../errors.ts'
import { consensusForm } from '../../../ledgers/ethereum/pooled-transaction.ts'
import { decodeTransaction } from '../../../ledgers/ethereum/transaction.ts'
import { invalidParams } from '../errors.ts'
import { attested, type RpcMethod } from '../method.ts'
import { dataParam } from '../parameters.ts'

export const eth_sendRawTransaction: RpcMethod = {
  standing: 'attested',
  how: 'read and hashed here, handed to every source; inclusion is proven later by its receipt',
  async run({ client, chain }, [raw]) {
    const bytes = dataParam(raw, 'transaction')
    const { chainId, hash } = read(fromHex(bytes, 'transaction'))
    if (chainId !== null && chainId !== BigInt(chain.profile.chainId))
      throw invalidParams(`transaction: it is signed for chain ${chainId}, this is chain ${chain.profile.chainId}`)
    const taken = await client.sendTransaction(bytes)
    return attested(hash, taken, 'taken by sources; that it will be included cannot be proven')

    function read(transaction: Uint8Array) {
      try {
        const kept = consensusForm(transaction)
        const { chainId } = decodeTransaction(kept, chain.engines)
        return { chainId, hash: toHex(chain.engines.hashes.keccak256(kept)) }
      } catch (cause) {
        throw invalidParams(
          `transaction: ${cause instanceof GlowwormError ? cause.message : 'its signature has no signer'}`,
        )
      }
    }
  },
}
