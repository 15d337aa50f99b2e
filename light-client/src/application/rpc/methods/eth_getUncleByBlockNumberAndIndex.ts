import { noSuchBlock } from '../block-answer.ts'
import { blockParameter, findBlock } from '../block-parameter.ts'
import { type RpcMethod, verified } from '../method.ts'
import { withoutOmmers } from '../ommers.ts'
import { quantityParam } from '../parameters.ts'

export const eth_getUncleByBlockNumberAndIndex: RpcMethod = {
  standing: 'verified',
  how: 'ommers hash of the proven header; since the merge there are none',
  async run({ chain }, [which, index]) {
    quantityParam(index, 'index', 32)
    const block = await findBlock(chain, blockParameter(which))
    if (!block) return noSuchBlock(chain)
    withoutOmmers(block.value)
    return verified(null, block)
  },
}
