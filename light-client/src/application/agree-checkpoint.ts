/** Asks independent operators for a checkpoint; starts only where all of them agree. @module */
import type { Merkle } from '@glowworm/wasm-core'
import {
  type Confirmation,
  type FinalityStatement,
  oldestStatement,
  requireAgreement,
  requireIndependent,
} from '../consensus/checkpoint-agreement.ts'
import { GlowwormError } from '../errors.ts'
import type { Http } from '../infrastructure/ports.ts'
import { originOf } from '../network/http/exchange.ts'
import { confirmFinalized, finalizedBlock } from '../network/http/finalized-block.ts'

/**
 * The newest block that every operator calls final.
 * @param urls beacon nodes
 * @param argument what an error calls them
 * @throws {InvalidInput} fewer than two operators, or two addresses of one
 * @throws {CheckpointDisagreement} one of them does not confirm it, or does not answer: silence is not consent
 */
export async function agreeOnCheckpoint(
  urls: readonly string[],
  { http, merkle, argument = 'operators' }: { http: Http; merkle: Merkle; argument?: string },
  signal: AbortSignal,
): Promise<{ readonly checkpoint: FinalityStatement; readonly by: readonly string[] }> {
  requireIndependent(urls, argument)
  const nodes = urls.map((url) => ({ url, http, merkle }))
  const statements = await Promise.all(nodes.map((node) => finalizedBlock(node, signal)))
  const candidate = oldestStatement(statements)
  const confirmations = await Promise.all(
    nodes.map(async (node): Promise<Confirmation> => {
      try {
        return await confirmFinalized(node, candidate.root, signal)
      } catch (cause) {
        signal.throwIfAborted()
        if (!(cause instanceof GlowwormError)) throw cause
        return { by: originOf(node.url), confirms: false, says: `gave no answer: ${cause.message}` }
      }
    }),
  )
  requireAgreement(candidate, confirmations)
  return { checkpoint: candidate, by: confirmations.map(({ by }) => by) }
}
