import { toQuantity } from '../../../data/hex.ts'
import { blobBaseFee } from '../../../ledgers/ethereum/blob-fee.ts'
import { RPC_CODES, RpcError } from '../errors.ts'
import { type RpcMethod, verified } from '../method.ts'

export const eth_blobBaseFee: RpcMethod = {
  standing: 'verified',
  how: 'derived from the proven head and the blob schedule of the network profile (EIP-4844, EIP-7892)',
  async run({ chain }) {
    const block = await chain.header(await chain.head('optimistic'))
    const fee = blobBaseFee(block.value, chain.profile)
    if (fee === null) throw new RpcError(RPC_CODES.unprovable, 'there are no blobs before Cancun', { code: 'NO_BLOBS' })
    return verified(toQuantity(fee), block, 'derived from the proven header (EIP-4844)')
  },
}
