/** A proof and the way to it, as one answer. @module */
import { isVerified } from '../ledgers/verified.ts'
import type { Chain } from './catch-up.ts'
import { InternalError } from './internal-error.ts'
import type { Answer, TrailStep } from './light-client.ts'
import type { ProofResult } from './prove-claim.ts'

export function answerWith<T>(
  { verified, milliseconds, bytes, suppliedBy }: ProofResult<T>,
  stage: TrailStep['stage'],
  trail: Chain['trail'],
  headStep: TrailStep | undefined,
): Answer<T> {
  if (!isVerified(verified)) throw new InternalError('a proof was not sealed')
  const { method, anchor, finality } = verified
  const facts = { method, height: anchor.height, hash: anchor.hash, bytes }
  return {
    verified,
    trail: [
      trail.checkpoint,
      trail.committee,
      ...(headStep ? [headStep] : []),
      { stage, facts, milliseconds, suppliedBy },
      { stage: 'value', facts: { finality: finality.words }, milliseconds: 0, suppliedBy: null },
    ],
  }
}
