import { GlowwormError } from '../errors.ts'
import type { EthereumAnchor } from '../ledgers/ethereum/consensus.ts'
import { IrrelevantUpdate, MissingCommitteeKeys } from '../ledgers/ethereum/sync-protocol/errors.ts'
import type { CatchUpOptions } from './catch-up.ts'
import { causesOf } from './committee-chain.ts'
import { loadKeys } from './committee-keys.ts'

/**
 * The anchor moved to the newest finality there is to be had, once. Where hops led to a committee whose keys are not
 * loaded, by an update that names those absent; else by a plain one, for which they are loaded if it needs them.
 * Nothing in it depends on the time, so that what was asked for once is all that is needed to prove it again later.
 * @throws {GlowwormError} when no source has a newer one, see `isNothingNewer`
 */
export async function newestFinality(
  first: EthereumAnchor,
  options: CatchUpOptions,
): Promise<{ readonly anchor: EthereumAnchor; readonly bytes: number }> {
  const { family, pool, clock, signal } = options
  const holder = { anchor: first }
  const ask = async (kind: 'finality_update' | 'compact_finality_update') => {
    const take = (bytes: Uint8Array) => family.advance(holder.anchor, { kind, bytes }, clock.now())
    const { result, bytes } = await pool.ask({ type: kind }, take, signal)
    return { anchor: result, bytes: bytes.length }
  }
  const { current_sync_committee: current, next_sync_committee: next } = first.store
  const allKeys = current.pubkeys !== null && (next === null || next.pubkeys !== null)
  if (!allKeys && pool.offers('compact_finality_update')) {
    try {
      return await ask('compact_finality_update')
    } catch (cause) {
      if (!(cause instanceof GlowwormError)) throw cause
      if (causesOf(cause).every((one) => one instanceof IrrelevantUpdate)) throw cause
    }
  }
  try {
    return await ask('finality_update')
  } catch (cause) {
    const missing = causesOf(cause).find((one) => one instanceof MissingCommitteeKeys)
    if (!missing) throw cause
    await loadKeys(holder, options, missing.signatureSlot)
    return ask('finality_update')
  }
}
