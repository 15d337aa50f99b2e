import { findBlock } from '../block-parameter.ts'
import { type RpcMethod, unknown, verified } from '../method.ts'
import { withoutOmmers } from '../ommers.ts'
import { hashParam } from '../parameters.ts'

export const eth_getUncleCountByBlockHash: RpcMethod = {
  standing: 'verified',
  how: 'ommers hash of the proven header; since the merge there are none',
  async run({ chain }, [which]) {
    const block = await findBlock(chain, { by: 'hash', hash: hashParam(which) })
    if (!block) return unknown('a block with this hash')
    withoutOmmers(block.value)
    return verified('0x0', block)
  },
}
