import { noSuchBlock } from '../block-answer.ts'
import { blockParameter, findBlock } from '../block-parameter.ts'
import { type RpcMethod, verified } from '../method.ts'
import { withoutOmmers } from '../ommers.ts'

export const eth_getUncleCountByBlockNumber: RpcMethod = {
  standing: 'verified',
  how: 'ommers hash of the proven header; since the merge there are none',
  async run({ chain }, [which]) {
    const block = await findBlock(chain, blockParameter(which))
    if (!block) return noSuchBlock(chain)
    withoutOmmers(block.value)
    return verified('0x0', block)
  },
}
