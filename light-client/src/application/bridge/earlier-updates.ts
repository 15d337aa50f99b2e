/**
 * Committee updates that the bridge's client has not verified, because they are from before its checkpoint. A false one
 * would be held against the bridge. Who asks for them was mostly given a bootstrap before, which proves itself; from
 * there they are verified, once for all who start in that time.
 * @module
 */
import type { Engines } from '@glowworm/wasm-core'
import { toHex } from '../../data/hex.ts'
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
import { missingPeriod, takeUpdates } from '../committee-chain.ts'
import { createSharedWork } from '../shared-work.ts'

export interface EarlierUpdatesOptions {
  readonly profile: NetworkProfile
  readonly engines: Engines
  readonly clock: Clock
  /** Whom to ask now, in this order. */
  readonly sources: () => readonly EvidenceSource[]
}

export interface EarlierUpdates {
  /** A bootstrap that holds, and was given to somebody. */
  startAt(root: Hex, bootstrap: Uint8Array): void
  /**
   * Verified updates of at most `count` consecutive periods, as `updates` is answered; null where no bootstrap that is
   * known leads to the first.
   * @throws {NotAvailable} where one does, and no source leads on from it
   */
  answer(startPeriod: number, count: number, signal: AbortSignal): Promise<Uint8Array | null>
}

/** A committee: its period and the root of its keys, for a false bootstrap may name another one of the same period. */
type Name = `${number} ${Hex}`

interface Step {
  readonly update: Uint8Array
  readonly next: Name
}

/** Some 25 KB each: four years of mainnet. */
const MOST_STEPS = 1280
/** Some 50 KB each. */
const MOST_ANCHORS = 64
/** Periods asked for at once: their signatures are verified in one piece, a tenth of a second. */
const AT_ONCE = 16
/** Milliseconds that all sources may take to lead on. */
const WITHIN = 20_000

export function earlierUpdates({ profile, engines, clock, sources }: EarlierUpdatesOptions): EarlierUpdates {
  const family = createEthereumFamily(profile, engines, platformRandom.bytes)
  /** By the committee that signed it. */
  const steps = new Map<Name, Step>()
  /** By the committee they wait to see replaced: where the bootstraps stand, and the ends of what leads on from them. */
  const anchors = new Map<Name, EthereumAnchor>()
  const started = new Map<Hex, true>()
  const together = createSharedWork<void>(WITHIN)

  const nameOf = (anchor: EthereumAnchor): Name => {
    const { next_sync_committee, current_sync_committee } = anchor.store
    return `${missingPeriod(anchor, profile)} ${toHex((next_sync_committee ?? current_sync_committee).pubkeys_root)}`
  }
  const startingIn = (period: number): Name[] =>
    [...new Set([...steps.keys(), ...anchors.keys()])].filter((name) => periodOf(name) === period)

  /** From the committee on as far as the first source does that does at all. */
  async function lead(from: Name, signal: AbortSignal): Promise<void> {
    const anchor = anchors.get(from)
    if (!anchor) return
    const request = { type: 'updates', startPeriod: periodOf(from), count: AT_ONCE } as const
    for (const source of sources()) {
      if (!source.serves(request.type)) continue
      try {
        const { bytes } = await source.request(request, signal)
        const holder = { anchor }
        let name = from
        for (const taken of takeUpdates(bytes, holder, { profile, family, clock })) {
          const next = nameOf(taken.anchor)
          if (next !== name) remember(steps, name, { update: taken.bytes, next }, MOST_STEPS)
          name = next
        }
        remember(anchors, name, holder.anchor, MOST_ANCHORS)
        if (name !== from) return
      } catch (cause) {
        // Nobody is convicted here: the bootstrap may be one that a liar made, and an honest node's updates not fit it.
        if (!(cause instanceof GlowwormError)) throw cause
      }
    }
  }

  /** The updates of at most `count` periods from a committee on. */
  async function follow(from: Name, count: number, signal: AbortSignal): Promise<Uint8Array[]> {
    const current = compute_sync_committee_period_at_slot(profile, slotAt(profile, clock.now()))
    const updates: Uint8Array[] = []
    let name = from
    while (updates.length < count && periodOf(name) <= current) {
      const at = name
      if (!steps.has(at)) await together(at, (within) => lead(at, within), signal)
      const step = steps.get(at)
      if (!step) break
      remember(steps, at, step, MOST_STEPS)
      updates.push(step.update)
      name = step.next
    }
    return updates
  }

  /** Who starts from what it has kept asked for no bootstrap now, but another may have, in an earlier time. */
  async function leadTo(period: number, signal: AbortSignal): Promise<void> {
    const earlier = [...anchors.keys()].filter((name) => periodOf(name) < period)
    const nearest = earlier.sort((a, b) => periodOf(b) - periodOf(a))[0]
    if (nearest) await follow(nearest, period - periodOf(nearest), signal)
  }

  return {
    startAt(root, bootstrap) {
      if (started.has(root)) return
      const trust = { checkpoint: root, maxAgeDays: Number.POSITIVE_INFINITY }
      const anchor = family.bootstrap(trust, bootstrap, clock.now())
      remember(started, root, true, MOST_ANCHORS)
      const name = nameOf(anchor)
      if (!anchors.has(name)) remember(anchors, name, anchor, MOST_ANCHORS)
    },
    async answer(startPeriod, count, signal) {
      if (startingIn(startPeriod).length === 0) await leadTo(startPeriod, signal)
      const names = startingIn(startPeriod)
      if (names.length === 0) return null
      for (const name of names) {
        const updates = await follow(name, count, signal)
        if (updates.length > 0) return joinUpdates(updates)
      }
      throw new NotAvailable('this bridge', `updates from period ${startPeriod}`)
    },
  }
}

const periodOf = (name: Name): number => Number.parseInt(name, 10)

/** As the newest; what was used the longest time ago goes first. */
function remember<K, V>(map: Map<K, V>, key: K, value: V, most: number): void {
  map.delete(key)
  map.set(key, value)
  if (map.size > most) map.delete(map.keys().next().value!)
}
