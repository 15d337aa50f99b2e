import type { Clock } from '../../infrastructure/ports.ts'

export interface PeerLimitOptions {
  /** Requests of one peer being answered at a time. */
  readonly pendingPerPeer: number
  /** Requests of all peers being answered at a time; half of them may be of one group. */
  readonly pendingTotal: number
  /** Requests per second one peer may make in the long run, and how many at once after a pause. */
  readonly perSecond: number
  readonly burst: number
  /** Peers whose use is remembered; the longest idle ones are forgotten first. */
  readonly peersRemembered: number
}

export const DEFAULT_PEER_LIMITS: PeerLimitOptions = {
  pendingPerPeer: 16,
  pendingTotal: 256,
  perSecond: 40,
  burst: 200,
  peersRemembered: 2048,
}

export interface PeerLimits {
  /**
   * Asks for a place. Returns the function that gives the place back, or the reason why there is none.
   * A refused request costs its share of the rate too.
   * @param group of the peer's address; a peer without one is its own
   */
  enter(peer: string, group?: string): (() => void) | string
}

interface Use {
  pending: number
  tokens: number
  at: number
}

/** Pending and rate limits per peer and in total (token bucket). Reads the clock, starts no timers. */
export function peerLimits(clock: Clock, options: PeerLimitOptions = DEFAULT_PEER_LIMITS): PeerLimits {
  /** In order of last use, oldest first. */
  const uses = new Map<string, Use>()
  const groups = new Map<string, number>()
  let total = 0

  const tokensOf = ({ tokens, at }: Use, now: number) =>
    Math.min(options.burst, tokens + (Math.max(0, now - at) / 1000) * options.perSecond)
  const useOf = (peer: string): Use => {
    const now = clock.now()
    const use = uses.get(peer) ?? { pending: 0, tokens: options.burst, at: now }
    use.tokens = tokensOf(use, now)
    use.at = now
    uses.delete(peer)
    uses.set(peer, use)
    for (const [other, idle] of uses) {
      if (idle.pending > 0) continue
      // whoever has rested is as good as unknown
      if (other !== peer && (tokensOf(idle, now) === options.burst || uses.size > options.peersRemembered))
        uses.delete(other)
      break
    }
    return use
  }

  return {
    enter(peer, group = peer) {
      const ofGroup = groups.get(group) ?? 0
      const use = useOf(peer)
      if (use.tokens < 1) return `more than ${options.perSecond} requests per second`
      use.tokens -= 1
      if (use.pending >= options.pendingPerPeer) return `more than ${options.pendingPerPeer} requests at a time`
      if (total >= options.pendingTotal || ofGroup >= options.pendingTotal / 2)
        return 'too many requests of others at this time'
      use.pending += 1
      groups.set(group, ofGroup + 1)
      total += 1
      let there = true
      return () => {
        if (!there) return
        there = false
        use.pending -= 1
        total -= 1
        const left = groups.get(group)! - 1
        if (left > 0) groups.set(group, left)
        else groups.delete(group)
      }
    },
  }
}
