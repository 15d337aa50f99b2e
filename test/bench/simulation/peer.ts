/** One simulated node: the product's own decisions, and the little state around them. */

import type { EthereumAnchor } from '@glowworm/light-client/ledgers/ethereum/consensus'
import {
  joinUpdates,
  type TopicPubSub,
  updatesScoring,
  type Verdict,
} from '@glowworm/light-client/network/libp2p/gossip'
import { createShutOut, type ShutOut } from '@glowworm/light-client/network/libp2p/shut-out'
import { createPeerBook, type PeerBook } from '@glowworm/light-client/network/peer-book/peer-book'
import { createPeerScoreParams, PeerScore } from '@libp2p/gossipsub/score'
import type { Message, SimulatedChain } from './chain.ts'
import type { Chance } from './random.ts'

export const TOPIC = '/glowworm/simulated-1/00000000/updates/1'

/**
 * - `forger`: makes up updates, and answers questions with falsehoods
 * - `silent`: takes places and passes nothing on, answers nothing
 * - `replayer`: says again what was true long ago; each word of it is verifiable
 */
export type Nature = 'honest' | 'forger' | 'silent' | 'replayer'

export interface Peer {
  readonly name: string
  readonly nature: Nature
  /** Network of addresses it is in. */
  readonly origin: string
  readonly since: number
  online: boolean
  anchor: EthereumAnchor
  /** The newest update that held, to answer others with. */
  newest: Message | null
  /** Until when it is busy verifying; one core. */
  busyUntil: number
  /** Connections, with the milliseconds a message takes. */
  readonly links: Map<Peer, number>
  readonly seen: Set<Message>
  readonly score: PeerScore
  readonly shutOut: ShutOut
  readonly book: PeerBook<string>
  /** The product's gossip validator, as gossipsub would call it. */
  validate(from: Peer, message: Message): Promise<Verdict>
  /** Bytes it has sent. */
  gossipBytes: number
  evidenceBytes: number
}

const VERDICTS: Readonly<Record<string, Verdict>> = { accept: 'accept', ignore: 'ignore', reject: 'reject' }

/** Gossipsub writes log lines through its components; nobody reads these. */
const NO_LOG = { forComponent: () => Object.assign(() => {}, { enabled: false, trace: () => {}, error: () => {} }) }

export function createPeer(options: {
  readonly name: string
  readonly nature: Nature
  readonly origin: string
  readonly now: () => number
  readonly chain: SimulatedChain
  readonly chance: Chance
  /** Somebody is not to be connected to any more. */
  readonly drop: (peer: Peer, name: string) => void
}): Peer {
  const { chain, now } = options
  const topicValidators: TopicPubSub['topicValidators'] = new Map()
  const pubsub = { topicValidators, addEventListener() {}, removeEventListener() {}, subscribe() {}, unsubscribe() {} }
  const shutOut = createShutOut()
  joinUpdates(pubsub as unknown as TopicPubSub, TOPIC, {
    async validate(kind, bytes) {
      const { verdict, anchor } = chain.judge(peer.anchor, kind, bytes, now())
      peer.anchor = anchor
      return verdict
    },
    onFalse(from) {
      if (shutOut.passedOnFalse(from, now())) options.drop(peer, from)
    },
  })
  const validator = topicValidators.get(TOPIC)!
  const peer: Peer = {
    name: options.name,
    nature: options.nature,
    origin: options.origin,
    since: now(),
    online: true,
    anchor: chain.anchor,
    newest: null,
    busyUntil: 0,
    links: new Map(),
    seen: new Set(),
    score: new PeerScore(createPeerScoreParams(updatesScoring(TOPIC)), null, NO_LOG as never, {
      scoreCacheValidityMs: 1000,
    }),
    shutOut,
    book: createPeerBook<string>({
      peersRemembered: 512,
      liarsRemembered: 64,
      vouchedFor: 15 * 60_000,
      random: options.chance.next,
    }),
    async validate(from, message) {
      const result = await validator({ toString: () => from.name } as never, { data: message.data } as never)
      return VERDICTS[String(result)] ?? 'ignore'
    },
    gossipBytes: 0,
    evidenceBytes: 0,
  }
  return peer
}
