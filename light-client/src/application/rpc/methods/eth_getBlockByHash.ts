import { answerBlock } from '../block-answer.ts'
import type { RpcMethod } from '../method.ts'
import { booleanParam, hashParam } from '../parameters.ts'

export const eth_getBlockByHash: RpcMethod = {
  standing: 'verified',
  how: 'header on the proven chain, transactions and withdrawals roots rebuilt, signers recovered',
  run: ({ chain }, [which, full]) =>
    answerBlock(chain, { by: 'hash', hash: hashParam(which) }, booleanParam(full, 'full transactions')),
}
