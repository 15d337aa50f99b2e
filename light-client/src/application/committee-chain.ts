/** From committee to committee, by hops or plain updates, until no source knows a newer one. @module */
import { GlowwormError } from '../errors.ts'
import type { EthereumAdvance } from '../ledgers/ethereum/advance.ts'
import type { EthereumAnchor } from '../ledgers/ethereum/consensus.ts'
import { compute_sync_committee_period_at_slot, slotAt, slotsPerPeriod } from '../ledgers/ethereum/forks.ts'
import type { NetworkProfile } from '../ledgers/ethereum/profile.ts'
import {
  InsufficientParticipation,
  IrrelevantUpdate,
  MissingCommitteeKeys,
  WrongPeriod,
} from '../ledgers/ethereum/sync-protocol/errors.ts'
import { splitUpdates } from '../ledgers/ethereum/wire.ts'
import { NotAvailable } from '../network/evidence-source.ts'
import type { CatchUpOptions, Chain } from './catch-up.ts'
import { loadKeys } from './committee-keys.ts'
import type { TrailStep } from './light-client.ts'
import { NoSourceCouldProve } from './source-pool.ts'

/** Most periods in one request (MAX_REQUEST_LIGHT_CLIENT_UPDATES). */
const MAX_REQUEST = 128

/** Where the anchor lives while others may move it too. Read and written in one step, never across an `await`. */
export interface AnchorHolder {
  anchor: EthereumAnchor
}

/** Evidence that moved the anchor on by so many periods. */
interface Taken {
  readonly kind: 'update' | 'hops'
  readonly bytes: Uint8Array
  readonly firstPeriod: number
  readonly periods: number
  /** Where it led. */
  readonly anchor: EthereumAnchor
}

/** Asks for what leads on from the anchor, until no source has more. */
export async function followCommittees(
  chain: Chain,
  options: CatchUpOptions,
  holder: AnchorHolder = { anchor: chain.anchor },
): Promise<Chain> {
  const { profile, pool, clock, store, cache, signal, onProgress } = options
  const first = missingPeriod(holder.anchor, profile)
  let { periods, hops, bytes } = chain
  let suppliedBy = chain.trail.committee.suppliedBy
  const start = clock.now()

  for (;;) {
    signal.throwIfAborted()
    const current = compute_sync_committee_period_at_slot(profile, slotAt(profile, clock.now()))
    const startPeriod = missingPeriod(holder.anchor, profile)
    onProgress(startPeriod - first, Math.max(current + 1, startPeriod) - first)
    if (startPeriod > current) break
    const range = { startPeriod, count: Math.min(MAX_REQUEST, current - startPeriod + 1) }
    try {
      const answer = await nextPeriods(range)
      bytes += answer.bytes.length
      suppliedBy = answer.from
      for (const step of answer.result) {
        periods += step.periods
        if (step.kind === 'hops') hops += step.periods
        keep(step, options)
        await store?.append(step)
      }
      // Who brought all up to this period was asked for its own committee's successor too, and has none yet. Nobody needs
      // it before the period ends.
      if (range.count > 1 && missingPeriod(holder.anchor, profile) === current) break
    } catch (cause) {
      // One source that knows no more is enough: those who lie or do not answer must not keep the others from starting.
      if (causesOf(cause).some(saysNothingNewer)) break
      throw cause
    }
  }
  cache.putKeys(holder.anchor)
  const milliseconds = chain.trail.committee.milliseconds + clock.now() - start
  const committee: TrailStep = { stage: 'committee', facts: committeeFacts(periods, hops), milliseconds, suppliedBy }
  return { anchor: holder.anchor, periods, hops, bytes, trail: { checkpoint: chain.trail.checkpoint, committee } }

  /** By hops where a source has them. Whatever is wrong with those, a beacon node may lead on. */
  async function nextPeriods(range: { startPeriod: number; count: number }) {
    if (options.way === 'hops' && pool.offers('hops')) {
      try {
        return await pool.ask({ type: 'hops', ...range }, (answer) => takeHops(answer, holder, options), signal)
      } catch (cause) {
        if (!(cause instanceof GlowwormError) || !pool.offers('updates')) throw cause
      }
    }
    const ask = () => pool.ask({ type: 'updates', ...range }, (answer) => takeUpdates(answer, holder, options), signal)
    try {
      return await ask()
    } catch (cause) {
      // Hops led here, so the committee that signed the next update is known without its keys.
      if (!causesOf(cause).some((one) => one instanceof MissingCommitteeKeys)) throw cause
      await loadKeys(holder, options, range.startPeriod * slotsPerPeriod(profile))
      return ask()
    }
  }
}

/** What the trail says about the way from committee to committee. */
export function committeeFacts(periods: number, hops: number): TrailStep['facts'] {
  return { committees: periods, signatures: periods, ...(hops > 0 ? { hops } : {}) }
}

/** What moved the anchor on is kept for peers. */
export function keep(
  { kind, bytes, firstPeriod }: Omit<Taken, 'periods' | 'anchor'>,
  { cache }: Pick<CatchUpOptions, 'cache'>,
): void {
  if (kind === 'hops') cache.putHops(firstPeriod, bytes)
  else cache.putUpdate(firstPeriod, bytes)
}

/** The first period whose next committee is not known. */
export function missingPeriod({ store }: EthereumAnchor, profile: NetworkProfile): number {
  const period = compute_sync_committee_period_at_slot(profile, store.finalized_header.beacon.slot)
  return store.next_sync_committee ? period + 1 : period
}

function takeHops(answer: Uint8Array, holder: AnchorHolder, { profile, family, clock }: CatchUpOptions): Taken[] {
  const firstPeriod = missingPeriod(holder.anchor, profile)
  const anchor = family.advance(holder.anchor, { kind: 'hops', bytes: answer }, clock.now())
  holder.anchor = anchor
  return [{ kind: 'hops', bytes: answer, firstPeriod, periods: missingPeriod(anchor, profile) - firstPeriod, anchor }]
}

/** All or nothing: a false update among them discards the answer. */
export function takeUpdates(
  answer: Uint8Array,
  holder: AnchorHolder,
  { profile, family, clock }: Pick<CatchUpOptions, 'profile' | 'family' | 'clock'>,
): Taken[] {
  const taken: Taken[] = []
  let { anchor } = holder
  let passedOver = false
  for (let rest = splitUpdates(answer); rest.length > 0; ) {
    const steps = rest.map((bytes): EthereumAdvance => ({ kind: 'update', bytes }))
    const { anchors, failure } = family.advanceAll(anchor, steps, clock.now())
    for (const [i, next] of anchors.entries()) {
      const bytes = rest[i]!.slice()
      if (moved(anchor, next))
        taken.push({ kind: 'update', bytes, firstPeriod: missingPeriod(anchor, profile), periods: 1, anchor: next })
      anchor = next
    }
    if (!failure) break
    rest = rest.slice(failure.index + 1)
    // Neither speaks against its sender: it is old, or too few signed it to prove anything.
    if (failure.error instanceof IrrelevantUpdate || failure.error instanceof InsufficientParticipation) {
      passedOver = true
      continue
    }
    // Where a period has no update that moves anything, those after it lead on from what is not proven.
    if (failure.error instanceof WrongPeriod && (passedOver || failure.index > 0)) break
    if (failure.error.kind !== 'lie' && taken.length > 0) break
    throw failure.error
  }
  // Valid, but nothing newer: perhaps another source has more.
  const finalizedSlot = anchor.store.finalized_header.beacon.slot
  if (taken.length === 0) throw new IrrelevantUpdate(finalizedSlot, finalizedSlot)
  holder.anchor = anchor
  return taken
}

const moved = (before: EthereumAnchor, after: EthereumAnchor) =>
  before.store.finalized_header !== after.store.finalized_header ||
  before.store.next_sync_committee !== after.store.next_sync_committee

/** All sources say that they have nothing (newer): the end of the chain as they know it, not a failure. */
export function isNothingNewer(cause: unknown): boolean {
  const causes = causesOf(cause)
  return causes.length > 0 && causes.every(saysNothingNewer)
}

const saysNothingNewer = (cause: unknown) => cause instanceof NotAvailable || cause instanceof IrrelevantUpdate

/** What each source said, where it was several. */
export function causesOf(cause: unknown): readonly unknown[] {
  return cause instanceof NoSourceCouldProve ? cause.causes : [cause]
}
