/**
 * Light-client updates by gossip: one topic per network, every message validated before it is passed on.
 * docs/protocol.md has the format.
 * @module
 */
import { type GossipSub, gossipsub, TopicValidatorResult } from '@libp2p/gossipsub'
import { createTopicScoreParams } from '@libp2p/gossipsub/score'
import { InvalidInput } from '../../errors.ts'
import { MAX_ANSWER_BYTES } from '../evidence-source.ts'
import type { PeerId } from './node-types.ts'

export type UpdateKind = 'finality_update' | 'optimistic_update'

/**
 * - `accept`: verified, or as good as verified: pass it on
 * - `ignore`: neither proven nor disproven here (too old, too early, not yet following): keep it to yourself
 * - `reject`: provably false; counts against the peer it came from
 */
export type Verdict = 'accept' | 'ignore' | 'reject'

/** `bytes` is in the canonical form of the answer of the same name (`ledgers/ethereum/evidence.ts`). */
export type ValidateUpdate = (kind: UpdateKind, bytes: Uint8Array) => Promise<Verdict>

export type { GossipSub }

const KIND_BYTES: Record<UpdateKind, number> = { finality_update: 1, optimistic_update: 2 }

export const UPDATE_KINDS = Object.keys(KIND_BYTES) as readonly UpdateKind[]

/** Type byte and the answer bytes. */
export const MAX_UPDATE_BYTES = 1 + Math.max(MAX_ANSWER_BYTES.finality_update, MAX_ANSWER_BYTES.optimistic_update)

/** @throws {InvalidInput} when the update is larger than the protocol allows */
export function encodeUpdate(kind: UpdateKind, bytes: Uint8Array): Uint8Array {
  if (bytes.length === 0 || bytes.length > MAX_ANSWER_BYTES[kind])
    throw new InvalidInput('update', `expected 1 to ${MAX_ANSWER_BYTES[kind]} bytes, got ${bytes.length}`)
  const message = new Uint8Array(1 + bytes.length)
  message[0] = KIND_BYTES[kind]
  message.set(bytes, 1)
  return message
}

/** Null when the message is not an update. */
export function decodeUpdate(message: Uint8Array): { kind: UpdateKind; bytes: Uint8Array } | null {
  const kind = UPDATE_KINDS.find((name) => KIND_BYTES[name] === message[0])
  if (!kind || message.length < 2 || message.length - 1 > MAX_ANSWER_BYTES[kind]) return null
  return { kind, bytes: message.slice(1) }
}

/**
 * The gossipsub service of a node that takes part in one topic. Messages carry no sender, signature or number, so
 * gossip does not tell who published; their identity is the hash of their content. A peer that keeps sending
 * provably false messages is shut out by its score; peers behind one address are not held against each other.
 */
export function updatesGossip(topic: string): ReturnType<typeof gossipsub> {
  return gossipsub({
    globalSignaturePolicy: 'StrictNoSign',
    allowedTopics: [topic],
    allowPublishToZeroTopicPeers: true,
    ignoreDuplicatePublishError: true,
    fallbackToFloodsub: false,
    doPX: false,
    runOnLimitedConnection: false,
    maxInboundDataLength: MAX_UPDATE_BYTES,
    maxTopicBytesPerPeer: 16 * 1024,
    scoreParams: updatesScoring(topic),
  })
}

/**
 * What counts for and against a peer in a topic of updates: to be the first with one, and above all what is false.
 * What has no weight keeps gossipsub's own parameters.
 */
export const TOPIC_SCORE = createTopicScoreParams({
  topicWeight: 1,
  timeInMeshWeight: 0,
  firstMessageDeliveriesWeight: 0.1,
  firstMessageDeliveriesDecay: 0.9,
  firstMessageDeliveriesCap: 20,
  meshMessageDeliveriesWeight: 0,
  meshFailurePenaltyWeight: 0,
  invalidMessageDeliveriesWeight: -20,
  invalidMessageDeliveriesDecay: 0.99,
})

/** How gossipsub scores a peer by what it passes on (gossipsub v1.1 §Peer Scoring). */
export function updatesScoring(topic: string) {
  return {
    IPColocationFactorWeight: 0,
    topics: {
      [topic]: TOPIC_SCORE,
    },
  }
}

/** Updates of one peer being validated at a time; validation costs a signature check. */
const VALIDATIONS_PER_PEER = 4

export interface UpdatesOptions {
  readonly validate: ValidateUpdate
  /** Called with each update another peer sent, once `validate` has accepted it. */
  readonly onUpdate?: (kind: UpdateKind, bytes: Uint8Array, from: string) => void
  /** Called for each message that was provably false, with the peer that passed it on. */
  readonly onFalse?: (from: string) => void
}

export interface Updates {
  /** Resolves with the number of peers it was handed to. */
  publish(kind: UpdateKind, bytes: Uint8Array): Promise<number>
  /** How messages of others were judged so far. `malformed` ones were rejected without asking. */
  readonly verdicts: Readonly<Record<Verdict | 'malformed', number>>
  leave(): void
}

/** The part of gossipsub that is used here. */
export type TopicPubSub = Pick<
  GossipSub,
  'topicValidators' | 'addEventListener' | 'removeEventListener' | 'subscribe' | 'unsubscribe' | 'publish'
>

/** Takes part in the topic: validates, passes on, reports and publishes. */
export function joinUpdates(pubsub: TopicPubSub, topic: string, options: UpdatesOptions): Updates {
  const verdicts = { accept: 0, ignore: 0, reject: 0, malformed: 0 }
  const validating = new Map<string, number>()

  const judge = async (peer: string, message: Uint8Array): Promise<Verdict> => {
    const update = decodeUpdate(message)
    if (!update) {
      verdicts.malformed += 1
      return 'reject'
    }
    const before = validating.get(peer) ?? 0
    if (before >= VALIDATIONS_PER_PEER) return 'ignore'
    validating.set(peer, before + 1)
    try {
      return await options.validate(update.kind, update.bytes)
    } catch {
      // a validator that fails has not disproven anything
      return 'ignore'
    } finally {
      const left = (validating.get(peer) ?? 1) - 1
      if (left > 0) validating.set(peer, left)
      else validating.delete(peer)
    }
  }

  const onMessage = (event: CustomEvent<{ propagationSource: PeerId; msg: { topic: string; data: Uint8Array } }>) => {
    const { propagationSource, msg } = event.detail
    if (msg.topic !== topic) return
    const update = decodeUpdate(msg.data)
    if (update) options.onUpdate?.(update.kind, update.bytes, propagationSource.toString())
  }

  // the validator first: a message that comes before it would be passed on unseen
  pubsub.topicValidators.set(topic, async (peer, message) => {
    const verdict = await judge(peer.toString(), message.data)
    verdicts[verdict] += 1
    if (verdict === 'reject') options.onFalse?.(peer.toString())
    return RESULTS[verdict]
  })
  pubsub.addEventListener('gossipsub:message', onMessage)
  pubsub.subscribe(topic)

  return {
    verdicts,
    async publish(kind, bytes) {
      const { recipients } = await pubsub.publish(topic, encodeUpdate(kind, bytes))
      return recipients.length
    },
    leave() {
      pubsub.unsubscribe(topic)
      pubsub.removeEventListener('gossipsub:message', onMessage)
      pubsub.topicValidators.delete(topic)
    },
  }
}

const RESULTS: Record<Verdict, TopicValidatorResult> = {
  accept: TopicValidatorResult.Accept,
  ignore: TopicValidatorResult.Ignore,
  reject: TopicValidatorResult.Reject,
}
