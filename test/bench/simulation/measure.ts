/** What a run shows. Only honest peers are counted; liars may suffer what they like. */
import type { Message, SimulatedChain } from './chain.ts'
import type { Peer } from './peer.ts'

export interface Measured {
  /** Honest peers at the end that were there for two slots, those surrounded not counted. */
  readonly honest: number
  /** Of those, how many have the newest block, or the one before it. */
  readonly following: number
  /** Milliseconds from publication until an honest peer has proven an update, sorted; by whatever way. */
  readonly delays: Float64Array
  /** Share of updates that came by gossip, of all that honest peers present at publication should have had. */
  readonly byGossip: number
  /** Share that came late, by asking, or had not come by the end of the run. */
  readonly byAsking: number
  readonly missing: number
  /** For each slot, the share of honest peers that had its update before the next. */
  readonly shareInTime: readonly { readonly slot: number; readonly share: number }[]
  /** Bytes each honest peer sends in a second, sorted. */
  readonly gossipRates: Float64Array
  readonly evidenceRates: Float64Array
  /** Forged messages that an honest peer accepted. */
  readonly deceived: number
  readonly forgeriesJudged: number
  /** Links between honest peers and forgers at the end of each slot, per honest peer. */
  readonly forgersAround: readonly { readonly slot: number; readonly links: number }[]
  readonly proofs: { readonly asked: number; readonly proven: number; readonly p95: number; readonly meanAsked: number }
  /** Honest peers convicted by honest peers. There should be none. */
  readonly wronglyConvicted: number
  readonly convictions: number
  readonly churned: number
  readonly surrounded: readonly {
    readonly honestLinks: number
    readonly peers: number
    readonly following: number
    /** Of those that do not follow, how many know it: all news from one hand, or none. */
    readonly warned: number
  }[]
  readonly verifications: number
}

/** Milliseconds a peer must have been there before it is expected to follow: it has to find others and to ask. */
const SETTLED = 12_000

export function measurements() {
  const delays: number[] = []
  const due = new Map<number, Set<Peer>>()
  const inTime: { slot: number; share: number }[] = []
  const forgersAround: { slot: number; links: number }[] = []
  const surrounded = new Map<Peer, number>()
  const expected = { all: 0, gossip: 0, asking: 0, left: 0 }
  const proofs = { asked: 0, proven: 0, questions: 0, times: [] as number[] }
  const counts = { deceived: 0, forgeriesJudged: 0, wronglyConvicted: 0, convictions: 0, churned: 0 }

  return {
    surround: (peer: Peer, honestLinks: number) => surrounded.set(peer, honestLinks),
    isSurrounded: (peer: Peer) => surrounded.has(peer),
    published(slot: number, present: readonly Peer[]) {
      due.set(slot, new Set(present))
      expected.all += present.length
    },
    delivered(peer: Peer, message: Message, milliseconds: number, way: 'gossip' | 'asking') {
      if (!due.get(message.slot)?.delete(peer)) return
      expected[way]++
      delays.push(milliseconds)
    },
    verdict(verdict: string, message: Message) {
      if (message.honest) return
      counts.forgeriesJudged++
      if (verdict === 'accept') counts.deceived++
    },
    proof(questions: number, milliseconds: number, ok: boolean) {
      proofs.asked++
      proofs.questions += questions
      if (!ok) return
      proofs.proven++
      proofs.times.push(milliseconds)
    },
    convicted(_by: Peer, other: Peer) {
      counts.convictions++
      if (other.nature === 'honest') counts.wronglyConvicted++
    },
    /** Whoever has left is owed nothing any more. */
    left(peer: Peer) {
      for (const waiting of due.values()) if (waiting.delete(peer)) expected.left++
    },
    churned: () => counts.churned++,
    slotEnds(slot: number, peers: readonly Peer[], chain: SimulatedChain, now: number) {
      const honest = peers.filter((peer) => isCounted(peer, now))
      if (honest.length === 0) return
      const have = honest.filter(({ anchor }) => chain.headSlot(anchor) >= slot).length
      inTime.push({ slot, share: have / honest.length })
      let links = 0
      for (const peer of honest) for (const other of peer.links.keys()) if (other.nature === 'forger') links++
      forgersAround.push({ slot, links: links / honest.length })
    },
    result(peers: readonly Peer[], chain: SimulatedChain, seconds: number, now: number): Measured {
      const honest = peers.filter((peer) => isCounted(peer, now))
      const newest = Math.max(...honest.map(({ anchor }) => chain.headSlot(anchor)))
      const follows = ({ anchor }: Peer) => chain.headSlot(anchor) >= newest - 1
      const whole = honest.filter(({ since }) => now - since > (seconds - 1) * 1000)
      const { times, ...asked } = proofs
      const owed = expected.all - expected.left
      return {
        honest: honest.length,
        following: honest.filter(follows).length,
        delays: Float64Array.from(delays).sort(),
        byGossip: expected.gossip / owed,
        byAsking: expected.asking / owed,
        missing: (owed - expected.gossip - expected.asking) / owed,
        shareInTime: inTime,
        gossipRates: Float64Array.from(whole, ({ gossipBytes }) => gossipBytes / seconds).sort(),
        evidenceRates: Float64Array.from(whole, ({ evidenceBytes }) => evidenceBytes / seconds).sort(),
        deceived: counts.deceived,
        forgeriesJudged: counts.forgeriesJudged,
        forgersAround,
        proofs: {
          asked: asked.asked,
          proven: asked.proven,
          p95: percentile(Float64Array.from(times).sort(), 0.95),
          meanAsked: asked.questions / asked.asked,
        },
        wronglyConvicted: counts.wronglyConvicted,
        convictions: counts.convictions,
        churned: counts.churned,
        surrounded: [0, 1, 2].map((honestLinks) => {
          const victims = [...surrounded].filter(([, links]) => links === honestLinks).map(([peer]) => peer)
          const lost = victims.filter((peer) => !follows(peer))
          const warned = lost.filter(({ book }) => book.diversity(now).state !== 'several')
          return {
            honestLinks,
            peers: victims.length,
            following: victims.length - lost.length,
            warned: warned.length,
          }
        }),
        verifications: chain.verifications(),
      }
    },
  }

  function isCounted(peer: Peer, now: number): boolean {
    return peer.online && peer.nature === 'honest' && !surrounded.has(peer) && now - peer.since >= SETTLED
  }
}

export const percentile = (sorted: Float64Array, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
