/** Catches up once, then looks for news of the chain until it is closed, or the committee contradicts itself. @module */
import type { Engines } from '@glowworm/wasm-core'
import { refuseStaleCheckpoint } from '../consensus/checkpoint-age.ts'
import { GlowwormError } from '../errors.ts'
import type { Clock } from '../infrastructure/ports.ts'
import type { HeadUpdateKind } from '../ledgers/ethereum/advance.ts'
import { type EthereumTrust, maxAgeDays } from '../ledgers/ethereum/consensus.ts'
import {
  CommitteeContradiction,
  type Contradiction,
  readContradiction,
  writeContradiction,
} from '../ledgers/ethereum/contradiction.ts'
import type { EthereumFamily } from '../ledgers/ethereum/family.ts'
import { compute_sync_committee_period_at_slot, slotAt, timeOfSlot } from '../ledgers/ethereum/forks.ts'
import type { NetworkProfile } from '../ledgers/ethereum/profile.ts'
import { WrongPeriod } from '../ledgers/ethereum/sync-protocol/errors.ts'
import type { SourceDescription } from '../network/evidence-source.ts'
import { type CatchUpOptions, type Chain, catchUp } from './catch-up.ts'
import type { StatusBoard } from './client-status.ts'
import { causesOf, followCommittees, isNothingNewer } from './committee-chain.ts'
import { committeeWithoutKeys, keysUpdate, loadKeys } from './committee-keys.ts'
import { compactHead } from './compact-head.ts'
import type { EvidenceCache } from './evidence-cache.ts'
import type { EvidenceStore, StoredHead } from './evidence-store.ts'
import { forceUpdateFrom } from './force-update.ts'
import { createHeads, type Heads } from './heads.ts'
import { InternalError } from './internal-error.ts'
import type { Head, LightClient } from './light-client.ts'
import { NoSourceCouldProve, type SourcePool } from './source-pool.ts'
import { verdictOn } from './update-verdict.ts'

export interface ChainFollower extends Pick<LightClient, 'offer' | 'forceUpdate'> {
  /** Null until the first catching-up is done. */
  readonly chain: Chain | null
  readonly heads: Heads | null
  /** What the evidence of an earlier run proved, once that is known; null: nothing. Never rejects. */
  readonly kept: Promise<Restored | null>
  /** Set when the committee contradicted itself: nothing may be proven any more. */
  readonly halted: CommitteeContradiction | null
  /** Updates that moved or confirmed a head. */
  readonly accepted: number
  /** Looks for news now: there is somebody new to ask. */
  wake(): void
  /** Resolves when it has ended. */
  readonly ended: Promise<void>
}

export interface Restored {
  readonly chain: Chain
  readonly heads: Heads
}

export interface FollowOptions {
  readonly profile: NetworkProfile
  readonly engines: Engines
  readonly family: EthereumFamily
  readonly trust: EthereumTrust
  readonly pool: SourcePool
  readonly clock: Clock
  readonly store: EvidenceStore | null
  readonly cache: EvidenceCache
  readonly way: CatchUpOptions['way']
  readonly board: StatusBoard
  /** Brings back who was caught lying in earlier runs; awaited before anybody is asked. */
  readonly recall: () => Promise<void>
  /** Ends it. */
  readonly signal: AbortSignal
}

/** How long a client without any source waits for one, e.g. for a peer to connect, before it says that it has stalled. */
const FIRST_SOURCE_WITHIN = 15_000

/** Slots without progress after which the client says that it has stalled. */
const STALL_SLOTS = 8

/** What a round of looking for news asks for. Both are under way from its beginning on, and judged in this order. */
const NEWS = ['finality_update', 'optimistic_update'] as const

export function followChain(options: FollowOptions): ChainFollower {
  const { profile, engines, trust, pool, clock, store, board, recall, signal } = options
  let chain: Chain | null = null
  const startedAt = clock.now()
  let lastProgress = startedAt
  let wake: () => void = () => {}
  let heads: Heads | null = null
  let accepted = 0
  let halted: CommitteeContradiction | null = null
  let kept: Head | null = null
  const restored = Promise.withResolvers<Restored | null>()
  /** Set while the newest finality has not been compared with what other sources call final. */
  let uncompared = false
  let recalled: Promise<void> | null = null

  /** Trust ends here, and at the next start too: the evidence is kept beside the checkpoint it speaks against. */
  const halt = async (contradiction: Contradiction) => {
    if (halted) return
    halted = new CommitteeContradiction(contradiction)
    board.set({ state: 'stalled', cause: halted, head: null })
    await store?.keepContradiction(writeContradiction(contradiction, profile))
  }
  /** Rethrows, after having stopped everything if it was a contradiction. */
  const noticing = async (cause: unknown): Promise<never> => {
    const found = [cause, ...(cause instanceof NoSourceCouldProve ? cause.causes : [])]
    for (const one of found) if (one instanceof CommitteeContradiction) await halt(one.contradiction)
    throw cause
  }

  const catchUpOptions: CatchUpOptions = {
    profile,
    engines,
    family: options.family,
    trust,
    pool,
    clock,
    store,
    cache: options.cache,
    way: options.way,
    signal,
    onProgress: (done, of) => {
      if (board.status.state === 'starting')
        board.set({ state: 'starting', step: 'committees', done, of, ...(kept ? { kept } : {}) })
    },
    onCheckpoint() {
      restored.resolve(null)
      // Hops lead to a committee without its keys. What proves the newest head under it depends on none of them.
      if (options.way === 'updates' || !pool.offers('hops')) return
      pool.ahead({ type: 'compact_finality_update' }, signal)
      pool.ahead(keysUpdate(compute_sync_committee_period_at_slot(profile, slotAt(profile, clock.now()))), signal)
    },
    onKept(chain) {
      const heads = createHeads(chain.anchor, chain.trail.committee.suppliedBy, catchUpOptions)
      kept = heads.summary()
      restored.resolve({ chain, heads })
    },
  }

  const announceHead = () => {
    const head = heads?.summary()
    if (head) board.set({ state: 'following', head })
  }

  async function start(): Promise<void> {
    recalled ??= recall()
    const [contradiction] = await Promise.all([store?.contradiction(), recalled])
    if (contradiction) return halt(readContradiction(contradiction))
    chain = await catchUp(catchUpOptions)
    const { committee, checkpoint } = chain.trail
    heads = createHeads(chain.anchor, committee.suppliedBy ?? checkpoint.suppliedBy, catchUpOptions)
    lastProgress = clock.now()
  }
  /** A program that slept for longer than is safe is where one is that starts then: its committee may be for sale. */
  const refuseLongAbsence = ({ anchor }: Heads) => {
    const { slot } = anchor.store.finalized_header.beacon
    const since = Math.max(timeOfSlot(profile, slot), lastProgress)
    refuseStaleCheckpoint(since, clock.now(), maxAgeDays(trust, profile, slot), 'followed')
  }
  const renewCommittees = async (following: Heads) => {
    // What is built on a forced update is not kept: at the next start a person must decide again.
    const options = following.anchor.forced ? { ...catchUpOptions, store: null } : catchUpOptions
    chain = await followCommittees(chain!, options, following)
  }

  const keepHead = async ({ anchor }: Heads, head: StoredHead) =>
    store?.keepHead(options.way === 'hops' ? compactHead(head, anchor, options) : head)

  /** Asks for the newest of a kind, one source after another, until one brings something newer. */
  async function pull(kind: HeadUpdateKind, following: Heads): Promise<void> {
    const before = following.anchor.store.finalized_header
    const judge = (bytes: Uint8Array, source: SourceDescription) => {
      if (following.isKnown({ kind, bytes })) pool.vouched(source)
      following.apply({ kind, bytes })
    }
    const { from, bytes } = await pool.ask({ type: kind }, judge, signal).catch(noticing)
    following.credit(from)
    if (kind !== 'optimistic_update') await keepHead(following, { kind, bytes })
    accepted++
    lastProgress = clock.now()
    // Without the keys nothing can be said about what others sign; it is compared once they are loaded.
    if (following.anchor.store.finalized_header !== before) uncompared = true
    if (uncompared && kind !== 'compact_finality_update') await compareFinality(following, from)
  }

  /** What the others call final. Whoever is late is late; only signatures can contradict signatures. */
  async function compareFinality(following: Heads, from: SourceDescription): Promise<void> {
    uncompared = false
    if (pool.records.length < 2) return
    const kind = 'finality_update'
    for (const { bytes, from: other } of await pool.askAll({ type: kind }, signal, from)) {
      try {
        if (!bytes) continue
        if (following.isKnown({ kind, bytes })) pool.vouched(other)
        else following.compare({ kind, bytes })
      } catch (cause) {
        // Malformed or falsely signed: it is judged, and blamed, when that source is asked by itself.
        if (cause instanceof CommitteeContradiction) await noticing(cause)
      }
    }
  }

  /** One round of looking for news. @returns what went wrong, if anything did */
  async function round(): Promise<unknown> {
    try {
      for (const type of NEWS) pool.ahead({ type }, signal)
      if (!heads) await start()
      if (halted) return halted
      const following = heads!
      refuseLongAbsence(following)
      if (following.anchor.store.next_sync_committee === null) await renewCommittees(following)
      let trouble: unknown = null
      const attempt = (work: Promise<void>) =>
        work.catch((cause) => {
          if (!isNothingNewer(cause)) trouble ??= cause
        })
      const slot = slotAt(profile, clock.now())
      if (committeeWithoutKeys(following.anchor, profile, slot)) {
        // Hops lead here. One finality update that names those absent, and the wait for the keys is no wait any more.
        if (pool.offers('compact_finality_update')) {
          await attempt(pull('compact_finality_update', following))
          await attempt(following.learn())
          announceHead()
        }
        await attempt(loadKeys(following, catchUpOptions, slot))
      }
      for (const kind of NEWS) await attempt(pull(kind, following))
      if (causesOf(trouble).some((one) => one instanceof WrongPeriod)) await renewCommittees(following)
      // Said only now: whoever waits for the first head gets the newest there is, not the checkpoint's.
      await following.learn()
      // What an earlier run proved is `kept`; it becomes the head when it has been compared with what a source has now.
      if (!waitsForFirstSource()) announceHead()
      return trouble
    } catch (cause) {
      return cause
    } finally {
      restored.resolve(null)
    }
  }

  const waitsForFirstSource = () =>
    accepted === 0 && pool.records.length === 0 && clock.now() - startedAt < FIRST_SOURCE_WITHIN

  async function followHead(): Promise<void> {
    const slot = profile.secondsPerSlot * 1000
    const pause = Math.min(6000, Math.max(500, slot / 2))
    while (!signal.aborted) {
      // from here on: a source that comes during the round is asked in the next one, at once
      const woken = Promise.withResolvers<void>()
      wake = woken.resolve
      const trouble = await round()
      if (signal.aborted || halted) return
      const silence = clock.now() - lastProgress
      if (!waitsForFirstSource() && (!heads || silence > STALL_SLOTS * slot)) {
        const cause = trouble === null ? new NoNewHead(Math.round(silence / 1000)) : asGlowwormError(trouble)
        board.set({ state: 'stalled', cause, head: heads?.summary() ?? null, ...(!heads && kept ? { kept } : {}) })
      }
      await Promise.race([clock.sleep(pause, signal).catch(() => {}), woken.promise])
    }
  }

  return {
    get chain() {
      return chain
    },
    get heads() {
      return heads
    },
    get halted() {
      return halted
    },
    get accepted() {
      return accepted
    },
    kept: restored.promise,
    wake: () => wake(),
    ended: followHead(),
    async offer(kind, bytes) {
      try {
        if (!heads || halted) return 'ignore'
        refuseLongAbsence(heads)
        heads.apply({ kind, bytes })
        accepted++
        lastProgress = clock.now()
        if (kind === 'finality_update') keepHead(heads, { kind, bytes }).catch(() => {})
        // An update is judged by itself; that its block cannot be learned yet is no fault of it.
        await heads.learn().then(announceHead, () => {})
        return 'accept'
      } catch (cause) {
        if (cause instanceof CommitteeContradiction) await halt(cause.contradiction)
        return verdictOn(cause)
      }
    },
    async forceUpdate(words) {
      await board.ready()
      if (halted) throw halted
      refuseLongAbsence(heads!)
      const { anchor, forced } = await forceUpdateFrom(heads!.anchor, words, catchUpOptions)
      chain = { ...chain!, anchor }
      heads!.force(anchor, forced)
      await renewCommittees(heads!).catch((cause) => {
        if (!isNothingNewer(cause)) throw cause
      })
      await heads!.learn()
      announceHead()
      return forced
    },
  }
}

function asGlowwormError(cause: unknown): GlowwormError {
  return cause instanceof GlowwormError ? cause : new InternalError(cause)
}

/** Sources answer, but none brings a newer head. */
export class NoNewHead extends GlowwormError {
  constructor(seconds: number) {
    super(
      { name: 'Application.NoNewHead', code: 'NO_NEW_HEAD', kind: 'unprovable' },
      `no source has proven a newer block for ${seconds} s`,
      { next: 'Check the sources; they may be stale or cut off from the network.' },
    )
  }
}
