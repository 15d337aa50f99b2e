/**
 * Who is known, how well each has done, and who was caught lying. Decides whom to ask and in which order; asks nobody,
 * reads no clock. Bounded in every direction, because peers can take new names at will.
 * @module
 */
import { type Diversity, diversityOf, type Origin } from './origins.ts'
import { afterHappening, type Happening, NEW_STANDING, type Standing, scoreOf } from './standing.ts'

/** Names a peer in the book; a source is named by id and carrier, since one origin may be two sources. */
export type PeerKey = string

export interface Candidate {
  readonly key: PeerKey
  readonly origins: readonly Origin[]
}

/** How the next to be asked is chosen. */
export type Order =
  /** Those that do best. */
  | 'best'
  /** Those whose hands have vouched least lately come first: for news, where the danger is that some is kept back. */
  | 'diverse'

export interface PeerBook<L> {
  note(key: PeerKey, happening: Happening, now: number): void
  /** This peer showed the head that is believed, or the same one. */
  vouched(candidate: Candidate, now: number): void
  score(key: PeerKey, now: number): number
  /** Liars are left out; those that rest come last. */
  order<C extends Candidate>(candidates: readonly C[], how: Order, now: number): C[]
  isResting(key: PeerKey, now: number): boolean
  /** From how many hands the news of the last minutes came. */
  diversity(now: number): Diversity
  /** A provable lie: nothing the peer does later changes it. */
  ban(key: PeerKey, lie: L): void
  /** For one that cannot take another name, and may have been repaired. */
  pardon(key: PeerKey): void
  lieOf(key: PeerKey): L | null
  /** Oldest first. */
  lies(): readonly (readonly [PeerKey, L])[]
  readonly size: number
}

export interface PeerBookOptions {
  /** Peers whose standing is remembered; those not heard of for the longest time are forgotten first. */
  readonly peersRemembered: number
  readonly liarsRemembered: number
  /** Milliseconds for which having vouched counts. */
  readonly vouchedFor: number
  /** From 0 up to 1, for jitter. */
  readonly random: () => number
}

export const DEFAULT_PEER_BOOK: PeerBookOptions = {
  peersRemembered: 512,
  liarsRemembered: 64,
  vouchedFor: 15 * 60_000,
  random: Math.random,
}

/** `L` is what is kept of a lie. */
export function createPeerBook<L>(options: PeerBookOptions = DEFAULT_PEER_BOOK): PeerBook<L> {
  /** In order of the last happening, oldest first. */
  const standings = new Map<PeerKey, Standing>()
  const vouchers = new Map<PeerKey, { readonly origins: readonly Origin[]; readonly at: number }>()
  const liars = new Map<PeerKey, L>()

  const keep = <V>(map: Map<PeerKey, V>, key: PeerKey, value: V, most: number) => {
    map.delete(key)
    map.set(key, value)
    if (map.size > most) map.delete(map.keys().next().value!)
  }
  const standingOf = (key: PeerKey) => standings.get(key) ?? NEW_STANDING
  const score = (key: PeerKey, now: number) => scoreOf(standingOf(key), now)
  const isResting = (key: PeerKey, now: number) => standingOf(key).restsUntil > now

  /** When a hand that holds this peer last vouched; 0: never. */
  const lastVouched = (origins: readonly Origin[]) => {
    let last = 0
    for (const voucher of vouchers.values())
      if (voucher.at > last && voucher.origins.some((origin) => origins.includes(origin))) last = voucher.at
    return last
  }

  return {
    note: (key, happening, now) =>
      keep(standings, key, afterHappening(standingOf(key), happening, now, options.random()), options.peersRemembered),
    vouched: ({ key, origins }, now) => keep(vouchers, key, { origins, at: now }, options.peersRemembered),
    score,
    order(candidates, how, now) {
      const judged = candidates
        .filter(({ key }) => !liars.has(key))
        .map((candidate) => ({
          candidate,
          resting: isResting(candidate.key, now),
          vouched: how === 'diverse' ? lastVouched(candidate.origins) : 0,
          score: score(candidate.key, now),
        }))
      return judged
        .sort((a, b) => Number(a.resting) - Number(b.resting) || a.vouched - b.vouched || b.score - a.score)
        .map(({ candidate }) => candidate)
    },
    isResting,
    diversity(now) {
      const recent = [...vouchers].filter(([key, { at }]) => at > now - options.vouchedFor && !liars.has(key))
      return diversityOf(recent.map(([, { origins }]) => origins))
    },
    ban(key, lie) {
      vouchers.delete(key)
      keep(liars, key, lie, options.liarsRemembered)
    },
    pardon: (key) => void liars.delete(key),
    lieOf: (key) => liars.get(key) ?? null,
    lies: () => [...liars],
    get size() {
      return standings.size + vouchers.size + liars.size
    },
  }
}
