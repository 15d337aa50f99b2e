/** How consensus peers have behaved, and who is barred for it. Pure but for the clock it is given. @module */
import type { Clock } from '../../infrastructure/ports.ts'

/** What a peer did, and what it costs. A proven lie bars at once. */
const COST = {
  /** An answer that is not one. */
  malformed: 30,
  /** A gossip message that is provably false. */
  rejected: 20,
  /** No answer, or not in time. */
  silent: 5,
  /** Wants more than its share. */
  greedy: 5,
} as const

export type Fault = keyof typeof COST

const BARRED_AT = 100
/** Milliseconds in which half of what was noted is forgiven. */
const HALF_LIFE = 10 * 60_000
/** Milliseconds that a peer stays barred for many small faults. */
const BARRED_FOR = 60 * 60_000
const PEERS_REMEMBERED = 1024

export interface PeerStanding {
  /** Notes a fault. @returns true when the peer is barred now */
  report(peer: string, fault: Fault): boolean
  /** For a provable lie: as long as this process lives. */
  ban(peer: string): void
  isBarred(peer: string): boolean
}

interface Noted {
  demerit: number
  at: number
  barredUntil: number
}

export function peerStanding(clock: Clock): PeerStanding {
  /** In order of last change. Strangers can fill this one, not the other: only named nodes are banned. */
  const noted = new Map<string, Noted>()
  const liars = new Set<string>()

  return {
    report(peer, fault) {
      const now = clock.now()
      const record = noted.get(peer) ?? { demerit: 0, at: now, barredUntil: 0 }
      record.demerit = record.demerit * 0.5 ** (Math.max(0, now - record.at) / HALF_LIFE) + COST[fault]
      record.at = now
      if (record.demerit >= BARRED_AT) record.barredUntil = now + BARRED_FOR
      noted.delete(peer)
      noted.set(peer, record)
      forgetOldest(noted)
      return record.barredUntil > now
    },
    ban(peer) {
      liars.add(peer)
      forgetOldest(liars)
    },
    isBarred: (peer) => liars.has(peer) || (noted.get(peer)?.barredUntil ?? 0) > clock.now(),
  }
}

function forgetOldest(peers: Map<string, unknown> | Set<string>): void {
  if (peers.size <= PEERS_REMEMBERED) return
  for (const oldest of peers.keys()) {
    peers.delete(oldest)
    return
  }
}
