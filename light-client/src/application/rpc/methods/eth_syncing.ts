import { toQuantity } from '../../../data/hex.ts'
import { RPC_CODES, RpcError } from '../errors.ts'
import { local, type RpcMethod } from '../method.ts'

export const eth_syncing: RpcMethod = {
  standing: 'local',
  how: 'state of this client; false while it follows the chain',
  async run({ client }) {
    const { status } = client
    if (status.state === 'following') return local(false, 'state of this client')
    if (status.state !== 'stalled' || status.head === null)
      throw new RpcError(RPC_CODES.disconnected, `the client is ${status.state} and has no proven head yet`, {
        code: 'NO_HEAD_YET',
      })
    // The true height is what is not known: the newest proven block is the least it can be.
    const block = toQuantity(status.head.optimistic.blockNumber)
    return local({ startingBlock: block, currentBlock: block, highestBlock: block }, 'state of this client: stalled')
  },
}
