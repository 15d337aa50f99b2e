import { findBlock } from '../block-parameter.ts'
import { type RpcMethod, unknown, verified } from '../method.ts'
import { withoutOmmers } from '../ommers.ts'
import { hashParam, quantityParam } from '../parameters.ts'

export const eth_getUncleByBlockHashAndIndex: RpcMethod = {
  standing: 'verified',
  how: 'ommers hash of the proven header; since the merge there are none',
  async run({ chain }, [which, index]) {
    quantityParam(index, 'index', 32)
    const block = await findBlock(chain, { by: 'hash', hash: hashParam(which) })
    if (!block) return unknown('a block with this hash')
    withoutOmmers(block.value)
    return verified(null, block)
  },
}
