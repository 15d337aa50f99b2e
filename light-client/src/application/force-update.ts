/** Takes, on a person's express word, what fewer than two thirds signed: the way on when finality fails for long. @module */
import { InvalidInput } from '../errors.ts'
import { platformRandom } from '../infrastructure/random.ts'
import type { EthereumAnchor } from '../ledgers/ethereum/consensus.ts'
import { considerUpdate, type ForcedUpdate, ForceUpdateRefused, forceUpdate } from '../ledgers/ethereum/force-update.ts'
import { compute_sync_committee_period_at_slot, slotAt } from '../ledgers/ethereum/forks.ts'
import { MissingCommitteeKeys } from '../ledgers/ethereum/sync-protocol/errors.ts'
import { splitUpdates } from '../ledgers/ethereum/wire.ts'
import type { CatchUpOptions } from './catch-up.ts'
import { loadKeys } from './committee-keys.ts'
import { FORCE_UPDATE_RISK, FORCE_UPDATE_WORDS } from './force-update-words.ts'

/**
 * Asks all sources for updates from the anchor's period on, keeps the best, and applies it as the specification says.
 * @param words `FORCE_UPDATE_WORDS`
 * @throws {InvalidInput} other words @throws {ForceUpdateRefused}
 */
export async function forceUpdateFrom(
  first: EthereumAnchor,
  words: string,
  options: CatchUpOptions,
): Promise<{ readonly anchor: EthereumAnchor; readonly forced: ForcedUpdate }> {
  if (words !== FORCE_UPDATE_WORDS)
    throw new InvalidInput('force update', `expected the words "${FORCE_UPDATE_WORDS}"`, `Beware: ${FORCE_UPDATE_RISK}`)
  const { profile, engines, pool, clock, signal } = options
  const context = { profile, engines, random: platformRandom.bytes }
  const holder = { anchor: first }
  const now = clock.now()
  const startPeriod = compute_sync_committee_period_at_slot(profile, first.store.finalized_header.beacon.slot)
  const count = Math.min(2, compute_sync_committee_period_at_slot(profile, slotAt(profile, now)) - startPeriod + 1)
  const said = await pool.askAll({ type: 'updates', startPeriod, count }, signal)
  for (const { bytes } of said) for (const update of bytes === null ? [] : splitUpdates(bytes)) await consider(update)
  return forceUpdate(holder.anchor, now, profile)

  /** One that is false, old or of another period changes nothing, whoever sent it. */
  async function consider(update: Uint8Array): Promise<void> {
    const attempt = () => {
      const considered = considerUpdate(holder.anchor, update, now, context)
      if (considered === null) throw new ForceUpdateRefused('a source still proves finality in the ordinary way')
      holder.anchor = considered
    }
    try {
      attempt()
    } catch (cause) {
      if (cause instanceof ForceUpdateRefused) throw cause
      if (!(cause instanceof MissingCommitteeKeys)) return
      await loadKeys(holder, options, cause.signatureSlot)
      attempt()
    }
  }
}
