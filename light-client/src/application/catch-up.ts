/** From a checkpoint to the newest committee: bootstrap, then one update a period. @module */
import { refuseStaleCheckpoint } from '../consensus/checkpoint-age.ts'
import { GlowwormError } from '../errors.ts'
import type { Clock } from '../infrastructure/ports.ts'
import { type EthereumAnchor, type EthereumTrust, weakSubjectivityDays } from '../ledgers/ethereum/consensus.ts'
import type { EvidenceRequest } from '../ledgers/ethereum/evidence.ts'
import type { EthereumFamily } from '../ledgers/ethereum/family.ts'
import { compute_sync_committee_period_at_slot, slotAt, timeOfSlot } from '../ledgers/ethereum/forks.ts'
import type { NetworkProfile } from '../ledgers/ethereum/profile.ts'
import { IrrelevantUpdate } from '../ledgers/ethereum/sync-protocol/errors.ts'
import { splitUpdates } from '../ledgers/ethereum/wire.ts'
import { NotAvailable, type SourceDescription } from '../network/evidence-source.ts'
import type { EvidenceCache } from './evidence-cache.ts'
import type { EvidenceStore } from './evidence-store.ts'
import type { TrailStep } from './light-client.ts'
import { NoSourceCouldProve, type SourcePool } from './source-pool.ts'

/** Most periods in one request (MAX_REQUEST_LIGHT_CLIENT_UPDATES). */
const MAX_REQUEST = 128

export interface Chain {
  readonly anchor: EthereumAnchor
  /** Committee updates verified, each with one aggregate signature. */
  readonly periods: number
  /** Bytes of evidence it took. */
  readonly bytes: number
  readonly trail: { readonly checkpoint: TrailStep; readonly committee: TrailStep }
}

export interface CatchUpOptions {
  readonly profile: NetworkProfile
  readonly family: EthereumFamily
  readonly trust: EthereumTrust
  readonly pool: SourcePool
  readonly clock: Clock
  readonly store: EvidenceStore | null
  readonly cache: EvidenceCache
  readonly signal: AbortSignal
  readonly onProgress: (done: number, of: number) => void
}

const STORED: SourceDescription = { id: 'store', carrier: 'file', words: 'evidence kept on this device' }

/** @throws {GlowwormError} when no source gives a bootstrap that holds, or all updates are false */
export async function catchUp(options: CatchUpOptions): Promise<Chain> {
  const { profile, clock } = options
  const started = (await fromStore(options)) ?? (await fromSources(options))
  const maxAge = options.trust.maxAgeDays ?? profile.maxCheckpointAgeDays
  const finalizedSlot = started.anchor.store.finalized_header.beacon.slot
  // Kept evidence ages too: what was fresh when it was proven may be beyond the safe period now.
  refuseStaleCheckpoint(
    timeOfSlot(profile, finalizedSlot),
    clock.now(),
    maxAge ?? weakSubjectivityDays(profile, finalizedSlot),
  )
  return followCommittees(started, options)
}

/** Where the anchor lives while others may move it too. Read and written in one step, never across an `await`. */
export interface AnchorHolder {
  anchor: EthereumAnchor
}

/** Asks for the updates that the anchor still lacks, until no source has one. */
export async function followCommittees(
  chain: Chain,
  options: CatchUpOptions,
  holder: AnchorHolder = { anchor: chain.anchor },
): Promise<Chain> {
  const { profile, family, pool, clock, store, cache, signal, onProgress } = options
  const periodOf = (slot: number) => compute_sync_committee_period_at_slot(profile, slot)
  const periodNow = () => periodOf(holder.anchor.store.finalized_header.beacon.slot)
  const first = periodNow()
  let { periods, bytes } = chain
  let suppliedBy = chain.trail.committee.suppliedBy
  const start = clock.now()

  for (;;) {
    signal.throwIfAborted()
    const period = periodNow()
    const current = periodOf(slotAt(profile, clock.now()))
    const startPeriod = holder.anchor.store.next_sync_committee ? period + 1 : period
    onProgress(period - first, Math.max(current - first, period - first))
    if (startPeriod > current) break
    const count = Math.min(MAX_REQUEST, current - startPeriod + 1)
    const request: EvidenceRequest = { type: 'updates', startPeriod, count }
    /** All or nothing: a false update among them discards the answer. */
    const take = (answer: Uint8Array) => {
      const applied: { period: number; bytes: Uint8Array }[] = []
      let next = holder.anchor
      for (const update of splitUpdates(answer)) {
        try {
          const before = next
          next = family.advance(next, { kind: 'update', bytes: update }, clock.now())
          if (moved(before, next)) applied.push({ period: startPeriod + applied.length, bytes: update.slice() })
          onProgress(periodOf(next.store.finalized_header.beacon.slot) - first, Math.max(current - first, 1))
        } catch (cause) {
          if (cause instanceof IrrelevantUpdate) continue
          if (cause instanceof GlowwormError && cause.kind !== 'lie' && applied.length > 0) break
          throw cause
        }
      }
      // Valid, but nothing newer: perhaps another source has more.
      if (applied.length === 0) throw new IrrelevantUpdate(next.store.finalized_header.beacon.slot, period)
      holder.anchor = next
      return applied
    }
    try {
      const answer = await pool.ask(request, take, signal)
      periods += answer.result.length
      bytes += answer.bytes.length
      suppliedBy = answer.from
      for (const update of answer.result) {
        cache.putUpdate(update.period, update.bytes)
        await store?.append(update.bytes, clock.now())
      }
    } catch (cause) {
      if (isNothingNewer(cause)) break
      throw cause
    }
  }
  const milliseconds = chain.trail.committee.milliseconds + clock.now() - start
  const committee: TrailStep = {
    stage: 'committee',
    facts: { committees: periods, signatures: periods },
    milliseconds,
    suppliedBy,
  }
  return { anchor: holder.anchor, periods, bytes, trail: { checkpoint: chain.trail.checkpoint, committee } }
}

const moved = (before: EthereumAnchor, after: EthereumAnchor) =>
  before.store.finalized_header !== after.store.finalized_header ||
  before.store.next_sync_committee !== after.store.next_sync_committee

/** All sources say that they have nothing (newer): the end of the chain as they know it, not a failure. */
export function isNothingNewer(cause: unknown): boolean {
  const nothing = (one: unknown) => one instanceof NotAvailable || one instanceof IrrelevantUpdate
  if (cause instanceof NoSourceCouldProve) return cause.causes.length > 0 && cause.causes.every(nothing)
  return nothing(cause)
}

async function fromSources({
  profile,
  family,
  trust,
  pool,
  clock,
  store,
  cache,
  signal,
}: CatchUpOptions): Promise<Chain> {
  const request: EvidenceRequest = { type: 'bootstrap', root: trust.checkpoint }
  const { result, bytes, from, milliseconds } = await pool.ask(
    request,
    (answer) => family.bootstrap(trust, answer, clock.now()),
    signal,
  )
  cache.put(request, bytes)
  await store?.start(bytes, clock.now())
  return newChain(result, bytes.length, milliseconds, from, profile)
}

/** Proves the kept evidence again. Evidence that no longer holds is not used; the sources are asked instead. */
async function fromStore({ profile, family, trust, clock, store, cache }: CatchUpOptions): Promise<Chain | null> {
  const kept = await store?.load()
  if (!kept) return null
  const start = clock.now()
  try {
    let anchor = family.bootstrap(trust, kept.bootstrap, kept.provenAt)
    for (const update of kept.updates) {
      const period = compute_sync_committee_period_at_slot(profile, anchor.store.finalized_header.beacon.slot)
      cache.putUpdate(anchor.store.next_sync_committee ? period + 1 : period, update)
      anchor = family.advance(anchor, { kind: 'update', bytes: update }, clock.now())
    }
    cache.put({ type: 'bootstrap', root: trust.checkpoint }, kept.bootstrap)
    const chain = newChain(anchor, 0, clock.now() - start, STORED, profile)
    const committee: TrailStep = {
      ...chain.trail.committee,
      facts: { committees: kept.updates.length, signatures: kept.updates.length },
      suppliedBy: STORED,
    }
    return { ...chain, periods: kept.updates.length, trail: { ...chain.trail, committee } }
  } catch (cause) {
    if (cause instanceof GlowwormError) return null
    throw cause
  }
}

function newChain(
  anchor: EthereumAnchor,
  bytes: number,
  milliseconds: number,
  suppliedBy: SourceDescription,
  profile: NetworkProfile,
): Chain {
  const slot = anchor.store.finalized_header.beacon.slot
  return {
    anchor,
    periods: 0,
    bytes,
    trail: {
      checkpoint: {
        stage: 'checkpoint',
        facts: { root: anchor.checkpoint, slot, time: timeOfSlot(profile, slot) },
        milliseconds,
        suppliedBy,
      },
      committee: { stage: 'committee', facts: { committees: 0, signatures: 0 }, milliseconds: 0, suppliedBy: null },
    },
  }
}
