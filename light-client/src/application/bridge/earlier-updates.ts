/**
 * Committee updates that the bridge's client has not kept, or has not verified because they are from before its
 * checkpoint. They are led here from blocks that the operator believes, and from nowhere else: bootstraps and the
 * committees in them can be made by anybody, and a false update would be held against the bridge that passed it on.
 * @module
 */
import type { Engines } from '@glowworm/wasm-core'
import { GlowwormError } from '../../errors.ts'
import type { Clock } from '../../infrastructure/ports.ts'
import { platformRandom } from '../../infrastructure/random.ts'
import type { EthereumAnchor } from '../../ledgers/ethereum/consensus.ts'
import type { Hex } from '../../ledgers/ethereum/evidence.ts'
import { createEthereumFamily } from '../../ledgers/ethereum/family.ts'
import { compute_sync_committee_period_at_slot, slotAt } from '../../ledgers/ethereum/forks.ts'
import type { NetworkProfile } from '../../ledgers/ethereum/profile.ts'
import { joinUpdates } from '../../ledgers/ethereum/wire.ts'
import { type EvidenceSource, NotAvailable } from '../../network/evidence-source.ts'
import { orAborted } from '../../network/libp2p/deadline.ts'
import { missingPeriod, takeUpdates } from '../committee-chain.ts'
import { createSharedWork } from '../shared-work.ts'
import { createTurns } from './turns.ts'

export interface EarlierUpdatesOptions {
  readonly profile: NetworkProfile
  readonly engines: Engines
  readonly clock: Clock
  /** Finalized blocks that the operator believes. */
  readonly roots: readonly Hex[]
  /** @throws when nobody gives one; verified here */
  readonly bootstrap: (root: Hex, signal: AbortSignal) => Promise<Uint8Array>
  /** Whom to ask for updates now, in this order. */
  readonly sources: () => readonly EvidenceSource[]
  /** Told once for each root from which nothing can be led. */
  readonly report?: ((message: string) => void) | undefined
}

export interface EarlierUpdates {
  /**
   * Verified updates of at most `count` consecutive periods, as `updates` is answered.
   * @throws {NotAvailable} where no root leads to the first of them, or no source leads on
   */
  answer(startPeriod: number, count: number, signal: AbortSignal): Promise<Uint8Array>
}

/** Where one root leads to. */
interface Chain {
  /** The period of the root, whose committee's successor `updates[0]` names. */
  readonly first: number
  /** Some 25 KB each, 8 MB for a year of mainnet; kept, as there are no more of them than the operator asked for. */
  readonly updates: Uint8Array[]
  /** Behind the last of them. */
  anchor: EthereumAnchor
  /** Until then nobody is asked for more: nobody had any. */
  askAgain: number
}

/** Periods asked for at once: their signatures are verified in one piece, a tenth of a second. */
const AT_ONCE = 16
/** Milliseconds that all sources together may take. */
const WITHIN = 20_000
/** Milliseconds between attempts that fail: whoever asks again and again must not keep the nodes busy. */
const PAUSE = 12_000

export function earlierUpdates(options: EarlierUpdatesOptions): EarlierUpdates {
  const { profile, engines, clock, roots, sources } = options
  const family = createEthereumFamily(profile, engines, platformRandom.bytes)
  const chains = new Map<Hex, Chain>()
  /** Roots without a chain yet, and until when they are left alone. */
  const later = new Map<Hex, number>()
  const reported = new Set<Hex>()
  const together = createSharedWork<void>(WITHIN)
  const turns = createTurns(clock)
  const notAvailable = (period: number) => new NotAvailable('this bridge', `updates from period ${period}`)

  /**
   * Once for all, and to its end whoever leaves: it is the same for everybody, and an attempt that is given up is not
   * made again soon, so whoever asks and withdraws could keep it from ever being done.
   */
  const whoeverLeaves = (key: string, work: (signal: AbortSignal) => Promise<void>, signal: AbortSignal) =>
    orAborted(together(key, work, new AbortController().signal), signal)

  async function start(root: Hex, signal: AbortSignal): Promise<void> {
    if ((later.get(root) ?? 0) > clock.now()) return
    later.set(root, clock.now() + PAUSE)
    try {
      // What grows old is the newest block that is proven, not the root that it is proven from.
      const trust = { checkpoint: root, maxAgeDays: Number.POSITIVE_INFINITY }
      const anchor = family.bootstrap(trust, await options.bootstrap(root, signal), clock.now())
      chains.set(root, { first: missingPeriod(anchor, profile), updates: [], anchor, askAgain: 0 })
    } catch (cause) {
      if (!(cause instanceof GlowwormError)) throw cause
      if (reported.has(root)) return
      reported.add(root)
      options.report?.(`no committee updates from ${root} on until a node gives its bootstrap: ${cause.message}`)
    }
  }

  async function startMissing(signal: AbortSignal): Promise<void> {
    const missing = roots.filter((root) => !chains.has(root))
    // one whose bootstrap nobody sends must not keep the others from leading on
    await Promise.allSettled(missing.map((root) => whoeverLeaves(root, (within) => start(root, within), signal)))
    signal.throwIfAborted()
  }

  /** As far as the first source leads that leads on at all. */
  async function lead(chain: Chain, signal: AbortSignal): Promise<void> {
    const startPeriod = chain.first + chain.updates.length
    for (const source of turns.inOrder(sources())) {
      if (!source.serves('updates')) continue
      try {
        const ask = (within: AbortSignal) => source.request({ type: 'updates', startPeriod, count: AT_ONCE }, within)
        const { bytes } = await turns.give(source, ask, signal)
        const taken = takeUpdates(bytes, { anchor: chain.anchor }, { profile, family, clock })
        for (const { anchor, bytes: update } of taken) {
          // one that brings newer finality only leads to no other committee
          if (missingPeriod(anchor, profile) > chain.first + chain.updates.length) chain.updates.push(update)
          chain.anchor = anchor
        }
        if (chain.first + chain.updates.length > startPeriod) return
      } catch (cause) {
        // Whoever lied is convicted by the client, which asks the same nodes.
        if (!(cause instanceof GlowwormError)) throw cause
      }
    }
    chain.askAgain = clock.now() + PAUSE
  }

  return {
    async answer(startPeriod, count, signal) {
      const leadingTo = () => [...chains.values()].filter(({ first }) => first <= startPeriod)
      const started = startMissing(signal)
      if (leadingTo().length === 0) await started
      else started.catch(() => {}) // what leads there already need not wait for the others
      const chain = leadingTo().sort((a, b) => b.first - a.first)[0]
      if (!chain) throw notAvailable(startPeriod)
      // From the next root on, that one's chain says what holds: who wants more asks again.
      const next = Math.min(...[...chains.values()].map(({ first }) => first).filter((first) => first > startPeriod))
      const current = compute_sync_committee_period_at_slot(profile, slotAt(profile, clock.now()))
      const end = Math.min(startPeriod + count, next, current + 1)
      while (chain.first + chain.updates.length < end && chain.askAgain <= clock.now())
        await whoeverLeaves(`${chain.first}`, (within) => lead(chain, within), signal)
      const updates = chain.updates.slice(startPeriod - chain.first, end - chain.first)
      if (updates.length === 0) throw notAvailable(startPeriod)
      return joinUpdates(updates)
    },
  }
}
