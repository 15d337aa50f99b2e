/** The keys of committees that are known by their root: who hopped needs them only for the newest one. @module */
import { toHex } from '../data/hex.ts'
import { GlowwormError } from '../errors.ts'
import type { EthereumAnchor } from '../ledgers/ethereum/consensus.ts'
import type { EvidenceRequest } from '../ledgers/ethereum/evidence.ts'
import { compute_sync_committee_period_at_slot } from '../ledgers/ethereum/forks.ts'
import type { NetworkProfile } from '../ledgers/ethereum/profile.ts'
import type { ProvenCommittee } from '../ledgers/ethereum/sync-protocol/committee.ts'
import { IrrelevantUpdate, UnexpectedContent, WrongPeriod } from '../ledgers/ethereum/sync-protocol/errors.ts'
import { committeeAt } from '../ledgers/ethereum/sync-protocol/validate.ts'
import { decodeBootstrap, decodeUpdate, splitUpdates } from '../ledgers/ethereum/wire.ts'
import { NotAvailable } from '../network/evidence-source.ts'
import type { CatchUpOptions } from './catch-up.ts'
import type { AnchorHolder } from './committee-chain.ts'

/** The committee that signs at a slot where its keys are not loaded, else null. Null too when it is not known at all. */
export function committeeWithoutKeys(
  { store }: EthereumAnchor,
  profile: NetworkProfile,
  slot: number,
): ProvenCommittee | null {
  try {
    const committee = committeeAt(store, slot, profile)
    return committee.pubkeys ? null : committee
  } catch (cause) {
    if (cause instanceof WrongPeriod) return null
    throw cause
  }
}

/** The update that brings the committee of a period, keys and all. */
export function keysUpdate(period: number): Extract<EvidenceRequest, { type: 'updates' }> {
  return { type: 'updates', startPeriod: Math.max(0, period - 1), count: 1 }
}

/**
 * Loads the keys of the committee that signs at a slot, if they are missing: by their root from a peer, or out of the
 * update or bootstrap of a beacon node. Updates that do not name those absent can be verified then.
 * @throws {GlowwormError} when no source has them
 */
export async function loadKeys(holder: AnchorHolder, options: CatchUpOptions, slot: number): Promise<void> {
  const { profile, family, engines, trust, pool, clock, cache, signal } = options
  const committee = committeeWithoutKeys(holder.anchor, profile, slot)
  if (!committee) return
  const pubkeysRoot = toHex(committee.pubkeys_root)
  const period = compute_sync_committee_period_at_slot(profile, slot)
  const expectPeriod = (slot: number, expected: number) => {
    if (compute_sync_committee_period_at_slot(profile, slot) !== expected) throw new IrrelevantUpdate(slot, slot)
  }
  const ways: { request: EvidenceRequest; keysOf: (answer: Uint8Array) => Uint8Array }[] = [
    { request: { type: 'committee', pubkeysRoot }, keysOf: (answer) => answer },
    {
      request: keysUpdate(period),
      keysOf(answer) {
        const [first = new Uint8Array(0)] = splitUpdates(answer)
        const update = decodeUpdate(first, profile, engines.hashes)
        expectPeriod(update.attested_header.beacon.slot, period - 1)
        return update.next_sync_committee.pubkeys
      },
    },
    {
      request: { type: 'bootstrap', root: trust.checkpoint },
      keysOf(answer) {
        const { header, current_sync_committee } = decodeBootstrap(answer, profile, engines.hashes)
        expectPeriod(header.beacon.slot, period)
        return current_sync_committee.pubkeys
      },
    },
  ]
  let failure: unknown = new NotAvailable('no source', 'the keys of the sync committee')
  const early = ways.filter(({ request }) => pool.isAhead(request))
  for (const { request, keysOf } of new Set([...early, ...ways])) {
    if (!pool.offers(request.type)) continue
    const take = (answer: Uint8Array) => {
      const keys = keysOf(answer)
      const wanted = ({ store }: EthereumAnchor) =>
        [store.current_sync_committee, store.next_sync_committee].find(
          (one) => one && toHex(one.pubkeys_root) === pubkeysRoot,
        )
      // The anchor may have left that committee behind meanwhile; its keys are no lie then, only late.
      if (!wanted(holder.anchor)) return
      const next = family.advance(holder.anchor, { kind: 'committee', bytes: keys }, clock.now())
      if (!wanted(next)?.pubkeys)
        throw new UnexpectedContent('list of committee keys', 'that of the committee asked for')
      holder.anchor = next
    }
    try {
      await pool.ask(request, take, signal)
      cache.putKeys(holder.anchor)
      return
    } catch (cause) {
      if (!(cause instanceof GlowwormError)) throw cause
      failure = cause
    }
  }
  throw failure
}
