/** Takes part in the gossip of light-client updates: listens, validates before anything is passed on, publishes. @module */

import type { Hashes } from '@glowworm/wasm-core'
import { type GossipSub, gossipsub, TopicValidatorResult } from '@libp2p/gossipsub'
import { GlowwormError } from '../../errors.ts'
import type { Clock } from '../../infrastructure/ports.ts'
import { slotAt, timeOfSlot } from '../../ledgers/ethereum/forks.ts'
import type { NetworkProfile } from '../../ledgers/ethereum/profile.ts'
import type { ValidateUpdate, Verdict } from '../libp2p/gossip.ts'
import { TOPIC_SCORE } from '../libp2p/gossip.ts'
import type { PeerId } from '../libp2p/node-types.ts'
import {
  decompressed,
  digestsAround,
  GOSSIP_KINDS,
  type GossipKind,
  isTooEarly,
  knownDigests,
  maxGossipBytes,
  messageId,
  nextEpochTime,
  topicName,
} from './gossip-topics.ts'
import { labelObject } from './light-client-object.ts'
import { currentEpoch } from './node-state.ts'
import { encodeSnappyBlock } from './snappy-block.ts'
import { CONTEXT_BYTES } from './ssz-snappy.ts'

/**
 * One RPC, not one message: a consensus node begins by naming all the topics it listens to, 60 bytes each and some
 * hundred of them around a fork. What a message may hold is checked when it is decompressed.
 */
const MAX_RPC_BYTES = 256 * 1024

/** The gossipsub service with the parameters of phase0/p2p-interface.md. Only topics of this profile are known. */
export function consensusGossip(profile: NetworkProfile, hashes: Hashes): ReturnType<typeof gossipsub> {
  const topics = knownDigests(profile, hashes).flatMap(({ digest }) =>
    GOSSIP_KINDS.map((kind) => topicName(digest, kind)),
  )
  const maxBytes = maxGossipBytes(profile)
  const slot = profile.secondsPerSlot * 1000
  return gossipsub({
    globalSignaturePolicy: 'StrictNoSign',
    D: 8,
    Dlo: 6,
    Dhi: 12,
    Dlazy: 6,
    heartbeatInterval: 700,
    fanoutTTL: 60_000,
    mcacheLength: 6,
    mcacheGossip: 3,
    seenTTL: profile.preset.SLOTS_PER_EPOCH * slot * 2,
    msgIdFn: (message) => messageId(message.topic, message.data, maxBytes, hashes),
    allowedTopics: topics,
    allowPublishToZeroTopicPeers: true,
    ignoreDuplicatePublishError: true,
    fallbackToFloodsub: false,
    emitSelf: false,
    doPX: false,
    runOnLimitedConnection: false,
    maxInboundDataLength: MAX_RPC_BYTES,
    scoreParams: {
      IPColocationFactorWeight: 0,
      topics: Object.fromEntries(topics.map((topic) => [topic, TOPIC_SCORE])),
    },
  })
}

export interface JoinGossipOptions {
  readonly profile: NetworkProfile
  readonly hashes: Hashes
  readonly clock: Clock
  /** The real verifier's verdict on evidence bytes. */
  readonly validate: ValidateUpdate
  /** Called with each update that was accepted. */
  readonly onUpdate?: (kind: GossipKind, bytes: Uint8Array, from: string) => void
  /** A peer sent what is provably false. */
  readonly onRejected?: (from: string) => void
}

export interface ConsensusGossip {
  /** Messages of others by verdict; `malformed` ones were rejected without asking. */
  readonly verdicts: Readonly<Record<Verdict | 'malformed', number>>
  /** Topics listened to now. */
  topics(): string[]
  /** Publishes evidence bytes under their own digest. @returns the number of peers it went to */
  publish(kind: GossipKind, bytes: Uint8Array): Promise<number>
  leave(): void
}

/** Updates of one peer being validated at a time; validation costs a signature check. */
const VALIDATIONS_PER_PEER = 4

export function joinGossip(pubsub: GossipSub, options: JoinGossipOptions): ConsensusGossip {
  const { profile, hashes, clock } = options
  const maxBytes = maxGossipBytes(profile)
  const verdicts = { accept: 0, ignore: 0, reject: 0, malformed: 0 }
  const validating = new Map<string, number>()
  const leaving = new AbortController()
  const listened = new Map<string, { digest: Uint8Array; kind: GossipKind }>()

  const judge = async (
    peer: string,
    kind: GossipKind,
    digest: Uint8Array,
    data: Uint8Array,
  ): Promise<Verdict | 'malformed'> => {
    const object = readMessage(kind, digest, data)
    if (!object) return 'malformed'
    if (isTooEarly(profile, object.signatureSlot!, clock.now())) return 'ignore'
    const before = validating.get(peer) ?? 0
    if (before >= VALIDATIONS_PER_PEER) return 'ignore'
    validating.set(peer, before + 1)
    try {
      return await options.validate(kind, object.bytes)
    } catch {
      // a validator that fails has not disproven anything
      return 'ignore'
    } finally {
      const left = (validating.get(peer) ?? 1) - 1
      if (left > 0) validating.set(peer, left)
      else validating.delete(peer)
    }
  }

  function readMessage(kind: GossipKind, digest: Uint8Array, data: Uint8Array) {
    const ssz = decompressed(data, maxBytes)
    if (!ssz) return null
    try {
      return labelObject(kind, digest, ssz, profile, hashes)
    } catch (error) {
      if (error instanceof GlowwormError) return null
      throw error
    }
  }

  function listen(topic: string, kind: GossipKind, digest: Uint8Array): void {
    listened.set(topic, { digest, kind })
    // the validator first: a message that comes before it would be passed on unseen
    pubsub.topicValidators.set(topic, async (peer, { data }) => {
      const verdict = await judge(peer.toString(), kind, digest, data)
      verdicts[verdict] += 1
      if (verdict === 'reject' || verdict === 'malformed') options.onRejected?.(peer.toString())
      return RESULTS[verdict]
    })
    pubsub.subscribe(topic)
  }

  function follow(): void {
    const digests = digestsAround(profile, currentEpoch(profile, clock.now()), hashes)
    const wanted = new Map(
      digests.flatMap((digest) => GOSSIP_KINDS.map((kind) => [topicName(digest, kind), { digest, kind }] as const)),
    )
    for (const [topic, { digest, kind }] of wanted) if (!listened.has(topic)) listen(topic, kind, digest)
    for (const topic of listened.keys()) if (!wanted.has(topic)) stopListening(topic)
  }
  function stopListening(topic: string): void {
    listened.delete(topic)
    pubsub.unsubscribe(topic)
    pubsub.topicValidators.delete(topic)
  }

  /** Topics change with the epoch, at the earliest. */
  async function followEpochs(): Promise<void> {
    while (!leaving.signal.aborted) {
      follow()
      const now = clock.now()
      const next = Math.max(timeOfSlot(profile, 0), nextEpochTime(profile, slotAt(profile, now)))
      // timers do not hold more than 24 days
      await clock.sleep(Math.min(Math.max(1, next - now), MAX_SLEEP), leaving.signal).catch(() => {})
    }
  }

  const onMessage = (event: CustomEvent<{ propagationSource: PeerId; msg: { topic: string; data: Uint8Array } }>) => {
    const { propagationSource, msg } = event.detail
    const topic = listened.get(msg.topic)
    const object = topic && readMessage(topic.kind, topic.digest, msg.data)
    if (topic && object) options.onUpdate?.(topic.kind, object.bytes, propagationSource.toString())
  }
  pubsub.addEventListener('gossipsub:message', onMessage)
  void followEpochs()

  return {
    verdicts,
    topics: () => [...listened.keys()],
    async publish(kind, bytes) {
      const topic = topicName(bytes.subarray(0, CONTEXT_BYTES), kind)
      if (!listened.has(topic)) return 0
      const { recipients } = await pubsub.publish(topic, encodeSnappyBlock(bytes.subarray(CONTEXT_BYTES)))
      return recipients.length
    },
    leave() {
      leaving.abort(new Error('the node is closing'))
      pubsub.removeEventListener('gossipsub:message', onMessage)
      for (const topic of listened.keys()) stopListening(topic)
    },
  }
}

const MAX_SLEEP = 24 * 3600 * 1000

const RESULTS: Record<Verdict | 'malformed', TopicValidatorResult> = {
  accept: TopicValidatorResult.Accept,
  ignore: TopicValidatorResult.Ignore,
  reject: TopicValidatorResult.Reject,
  malformed: TopicValidatorResult.Reject,
}
