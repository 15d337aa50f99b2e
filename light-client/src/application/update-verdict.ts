import { GlowwormError } from '../errors.ts'

/**
 * What an update that was not accepted says about who sent it. Only provable falsehood speaks against anybody: what is
 * old, early, of another period or signed by few may come from an honest peer.
 * @throws what is no typed error: a fault of ours
 */
export function verdictOn(cause: unknown): 'ignore' | 'reject' {
  if (cause instanceof GlowwormError) return cause.kind === 'lie' ? 'reject' : 'ignore'
  throw cause
}
