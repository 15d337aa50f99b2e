/** From a checkpoint to the newest committee: bootstrap, then a hop or an update a period. @module */
import type { Engines } from '@glowworm/wasm-core'
import { refuseStaleCheckpoint } from '../consensus/checkpoint-age.ts'
import { GlowwormError } from '../errors.ts'
import type { Clock } from '../infrastructure/ports.ts'
import { type EthereumAnchor, type EthereumTrust, maxAgeDays } from '../ledgers/ethereum/consensus.ts'
import type { EvidenceRequest } from '../ledgers/ethereum/evidence.ts'
import type { EthereumFamily } from '../ledgers/ethereum/family.ts'
import { timeOfSlot } from '../ledgers/ethereum/forks.ts'
import type { NetworkProfile } from '../ledgers/ethereum/profile.ts'
import type { SourceDescription } from '../network/evidence-source.ts'
import { committeeFacts, followCommittees, keep, missingPeriod } from './committee-chain.ts'
import type { EvidenceCache } from './evidence-cache.ts'
import type { EvidenceStore, StoredBootstrap, StoredHead } from './evidence-store.ts'
import type { TrailStep } from './light-client.ts'
import type { SourcePool } from './source-pool.ts'

export interface Chain {
  readonly anchor: EthereumAnchor
  /** Committees proven, each with one aggregate signature. */
  readonly periods: number
  /** How many of them by compact hops. */
  readonly hops: number
  /** Bytes of evidence it took. */
  readonly bytes: number
  readonly trail: { readonly checkpoint: TrailStep; readonly committee: TrailStep }
}

export interface CatchUpOptions {
  readonly profile: NetworkProfile
  readonly engines: Engines
  readonly family: EthereumFamily
  readonly trust: EthereumTrust
  readonly pool: SourcePool
  readonly clock: Clock
  readonly store: EvidenceStore | null
  readonly cache: EvidenceCache
  /** Hops where a source offers them; or plain updates always, for who serves others with them. */
  readonly way: 'hops' | 'updates'
  readonly signal: AbortSignal
  readonly onProgress: (done: number, of: number) => void
  /** Nothing was kept: the checkpoint itself is asked for. */
  readonly onCheckpoint?: () => void
  /** What the kept evidence proves, before any source is asked. */
  readonly onKept?: (chain: Chain) => void
}

const STORED: SourceDescription = { id: 'store', carrier: 'file', words: 'evidence kept on this device' }

/** @throws {GlowwormError} when no source gives a bootstrap that holds, or all that leads on is false */
export async function catchUp(options: CatchUpOptions): Promise<Chain> {
  const { profile, clock } = options
  const kept = await fromStore(options)
  const started = kept ?? (await fromSources(options))
  const { slot } = started.anchor.store.finalized_header.beacon
  // Kept evidence ages too: what was fresh when it was proven may be beyond the safe period now.
  refuseStaleCheckpoint(
    timeOfSlot(profile, slot),
    clock.now(),
    maxAgeDays(options.trust, profile, slot),
    kept ? 'kept' : 'checkpoint',
  )
  if (kept) options.onKept?.(kept)
  return followCommittees(started, options)
}

/** Where hops are to be had the bootstrap is compact too; a beacon node's plain one does as well. */
async function fromSources(options: CatchUpOptions): Promise<Chain> {
  options.onCheckpoint?.()
  const root = options.trust.checkpoint
  if (options.way === 'hops' && options.pool.offers('compact_bootstrap')) {
    try {
      return await bootstrapFrom({ type: 'compact_bootstrap', root }, options)
    } catch (cause) {
      if (!(cause instanceof GlowwormError) || cause.kind === 'stale' || !options.pool.offers('bootstrap')) throw cause
    }
  }
  return bootstrapFrom({ type: 'bootstrap', root }, options)
}

async function bootstrapFrom(
  request: Extract<EvidenceRequest, { type: StoredBootstrap['kind'] }>,
  { profile, family, trust, pool, clock, store, cache, signal }: CatchUpOptions,
): Promise<Chain> {
  const start = request.type === 'bootstrap' ? family.bootstrap : family.bootstrapCompact
  const check = (answer: Uint8Array) => start(trust, answer, clock.now())
  const { result, bytes, from, milliseconds } = await pool.ask(request, check, signal)
  cache.put(request, bytes)
  await store?.start({ kind: request.type, bytes })
  return newChain(result, bytes.length, milliseconds, from, profile)
}

/** Proves the kept evidence again. Evidence that no longer holds is not used; the sources are asked instead. */
async function fromStore(options: CatchUpOptions): Promise<Chain | null> {
  const { profile, family, trust, clock, store, cache } = options
  const kept = await store?.load()
  if (!kept) return null
  const begin = clock.now()
  const { bootstrap, steps, head } = kept
  const start = bootstrap.kind === 'bootstrap' ? family.bootstrap : family.bootstrapCompact
  let anchor: EthereumAnchor
  try {
    // It was young enough when it was first believed. It grows old while the chain is followed from it, which harms
    // nobody; how old the newest of it is, counts.
    anchor = start({ ...trust, maxAgeDays: Number.POSITIVE_INFINITY }, bootstrap.bytes, clock.now())
  } catch (cause) {
    if (cause instanceof GlowwormError) return null
    throw cause
  }
  const { anchors, failure } = family.advanceAll(anchor, steps, clock.now())
  if (failure) return null
  cache.put({ type: bootstrap.kind, root: trust.checkpoint }, bootstrap.bytes)
  let periods = 0
  let hops = 0
  for (const [i, next] of anchors.entries()) {
    const firstPeriod = missingPeriod(anchor, profile)
    const step = steps[i]!
    keep({ ...step, firstPeriod }, options)
    // An update is one signature, whether it brought a committee or newer finality only.
    const hopped = step.kind === 'hops' ? missingPeriod(next, profile) - firstPeriod : 0
    periods += step.kind === 'hops' ? hopped : 1
    hops += hopped
    anchor = next
  }
  const newest = head ? advanced(anchor, head, options) : anchor
  const chain = newChain(newest, 0, clock.now() - begin, STORED, profile)
  const committee: TrailStep = { ...chain.trail.committee, facts: committeeFacts(periods, hops), suppliedBy: STORED }
  return { ...chain, periods, hops, trail: { ...chain.trail, committee } }
}

/** The anchor as it was, when the head does not hold (any more). */
function advanced(anchor: EthereumAnchor, head: StoredHead, { family, clock, cache }: CatchUpOptions): EthereumAnchor {
  try {
    const next = family.advance(anchor, head, clock.now())
    cache.put({ type: head.kind }, head.bytes)
    return next
  } catch (cause) {
    if (cause instanceof GlowwormError) return anchor
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
    hops: 0,
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
