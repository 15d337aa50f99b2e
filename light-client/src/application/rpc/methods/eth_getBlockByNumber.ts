import { answerBlock } from '../block-answer.ts'
import { blockParameter } from '../block-parameter.ts'
import type { RpcMethod } from '../method.ts'
import { booleanParam } from '../parameters.ts'

export const eth_getBlockByNumber: RpcMethod = {
  standing: 'verified',
  how: 'header on the proven chain, transactions and withdrawals roots rebuilt, signers recovered',
  run: ({ chain }, [which, full]) => answerBlock(chain, blockParameter(which), booleanParam(full, 'full transactions')),
}
