/** Gossip between our own nodes and a stranger: what is passed on, and what is not; topics by a clock of the test. */
import type { GossipSub } from '@libp2p/gossipsub'
import { peerIdFromString } from '@libp2p/peer-id'
import { afterEach, describe, expect, it } from 'vitest'
import { concatBytes, toHex } from '../../data/hex.ts'
import { platformClock } from '../../infrastructure/clock.ts'
import type { Clock } from '../../infrastructure/ports.ts'
import { timeOfSlot } from '../../ledgers/ethereum/forks.ts'
import { until } from '../libp2p/test-nodes.ts'
import type { ConsensusNode, ConsensusNodeOptions } from './consensus-node.ts'
import { digestsAround, topicName } from './gossip-topics.ts'
import { joinGossip } from './join-gossip.ts'
import { encodeSnappyBlock } from './snappy-block.ts'
import {
  currentSlot,
  hashes,
  madeUpdate,
  PROFILE,
  type Stranger,
  startConsensusNode,
  startStranger,
} from './test-consensus.ts'

const PEER = peerIdFromString('16Uiu2HAm3sYbZMgdbZ7RBPSFShCHxKunj3PAq3DN3wC9WHJmTsQr')
const TOPIC = topicName(madeUpdate('optimistic_update', 100).subarray(0, 4), 'optimistic_update')

/** Where the signature begins: behind the digest, an offset and 32 bits of participation. */
const MARK = 12

describe('a stranger, a node, and one behind it', () => {
  const nodes: ConsensusNode[] = []
  let stranger: Stranger
  const asked: string[] = []
  const heard: string[] = []
  afterEach(async () => {
    await Promise.all(nodes.splice(0).map((node) => node.close()))
    await stranger?.node.stop()
    asked.length = 0
    heard.length = 0
  })

  /** The signature's first byte tells the middle node what to make of an update. */
  const verdictOf = (bytes: Uint8Array) => {
    asked.push(toHex(bytes))
    const mark = bytes[MARK]
    return mark === 1 ? ('accept' as const) : mark === 2 ? ('ignore' as const) : ('reject' as const)
  }
  async function meet(given: Partial<ConsensusNodeOptions> = {}) {
    stranger = await startStranger()
    const middle = await startConsensusNode({
      peers: [stranger.address],
      validate: async (_kind, bytes) => verdictOf(bytes),
      ...given,
    })
    nodes.push(middle)
    const last = await startConsensusNode({
      peers: middle.multiaddrs(),
      onUpdate: (_kind, bytes) => heard.push(toHex(bytes)),
    })
    nodes.push(last)
    stranger.pubsub.subscribe(TOPIC)
    const { pubsub } = stranger
    await until(() => pubsub.getSubscribers(TOPIC).length > 0)
    await until(() => last.peers()[0]!.state === 'connected')
    // three heartbeats at most until all have grafted each other
    await new Promise((resolve) => setTimeout(resolve, 2200))
    return { middle, last, pubsub }
  }
  const publish = (pubsub: GossipSub, bytes: Uint8Array) => pubsub.publish(TOPIC, encodeSnappyBlock(bytes.subarray(4)))

  it('verified updates travel on, under their topic and as evidence; others stop where they are judged', async () => {
    const { middle, pubsub } = await meet()
    const slot = currentSlot() - 5
    const [ignored, rejected, accepted] = [2, 3, 1].map((mark) => madeUpdate('optimistic_update', slot, mark))
    await publish(pubsub, ignored!)
    await publish(pubsub, rejected!)
    await publish(pubsub, accepted!)
    await until(() => heard.length > 0)
    expect(heard).toEqual([toHex(accepted!)])
    expect(asked).toEqual([ignored, rejected, accepted].map((bytes) => toHex(bytes!)))
    expect(middle.gossip.verdicts).toEqual({ accept: 1, ignore: 1, reject: 1, malformed: 0 })
    // a replay is the same message, however it is compressed
    await pubsub.publish(TOPIC, literal(accepted!.subarray(4))).catch(() => {})
    const next = madeUpdate('optimistic_update', slot + 1, 1)
    await publish(pubsub, next)
    await until(() => heard.length > 1)
    expect(heard).toEqual([toHex(accepted!), toHex(next)])
    // what the peer gossiped is its newest answer
    expect(
      toHex((await middle.sources[0]!.request({ type: 'optimistic_update' }, new AbortController().signal)).bytes),
    ).toBe(toHex(next))
  })

  it('a peer that keeps sending what is provably false is barred', async () => {
    const { middle, pubsub } = await meet()
    for (let i = 0; middle.peers()[0]!.state === 'connected' && i < 200; i++) {
      await publish(pubsub, madeUpdate('optimistic_update', currentSlot() - 5 - i, 3)).catch(() => {})
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    await until(() => middle.peers()[0]!.state === 'barred')
    expect(heard).toEqual([])
  })

  it('a node publishes what it has verified under the digest of its own epoch', async () => {
    const { middle, last } = await meet()
    const update = madeUpdate('finality_update', currentSlot() - 5, 1)
    await until(() => last.gossip.topics().length === 2)
    expect(await middle.publish('finality_update', update)).toBeGreaterThan(0)
    await until(() => heard.includes(toHex(update)))
    const elsewhen = madeUpdate('finality_update', 100_010 * 8, 1)
    expect(await middle.publish('finality_update', elsewhen)).toBe(0)
  })
})

const fakePubsub = (subscribed = new Set<string>()) =>
  Object.assign(new EventTarget(), {
    topicValidators: new Map(),
    subscribe: (topic: string) => void subscribed.add(topic),
    unsubscribe: (topic: string) => void subscribed.delete(topic),
  }) as unknown as GossipSub

describe('a message', () => {
  const slot = currentSlot() - 5
  const bomb = concatBytes(Uint8Array.of(0xff, 0xff, 0xff, 0x7f), new Uint8Array(40).fill(0xfe))
  const ssz = (bytes: Uint8Array) => encodeSnappyBlock(bytes.subarray(4))
  it.each<[string, Uint8Array, string, number]>([
    ['that is verified', ssz(madeUpdate('optimistic_update', slot, 1)), 'accept', 1],
    ['that is provably false', ssz(madeUpdate('optimistic_update', slot, 3)), 'reject', 1],
    ['that proves nothing', ssz(madeUpdate('optimistic_update', slot, 2)), 'ignore', 1],
    ['that is not snappy', Uint8Array.of(9, 9, 9), 'reject', 0],
    ['that is a bomb', bomb, 'reject', 0],
    ['of another type', ssz(madeUpdate('finality_update', slot, 1)), 'reject', 0],
    ['that belongs under another digest', ssz(madeUpdate('optimistic_update', 100_001 * 8, 1)), 'reject', 0],
    ['from the future', ssz(madeUpdate('optimistic_update', currentSlot() + 1000, 1)), 'ignore', 0],
  ])('%s', async (_, data, verdict, asked) => {
    const pubsub = fakePubsub()
    let verified = 0
    const gossip = joinGossip(pubsub, {
      profile: PROFILE,
      hashes,
      clock: platformClock,
      async validate(_kind, bytes) {
        verified++
        return (['accept', 'ignore', 'reject'] as const)[bytes[MARK]! - 1]!
      },
    })
    const message = { type: 'unsigned', topic: TOPIC, data } as const
    expect(await pubsub.topicValidators.get(TOPIC)!(PEER, message)).toBe(verdict)
    expect(verified).toBe(asked)
    gossip.leave()
  })
})

describe('topics', () => {
  it('follow the clock: both sides of a fork and of a change of blob parameters, then only the new one', async () => {
    const subscribed = new Set<string>()
    const pubsub = fakePubsub(subscribed)
    const clock = epochClock(99_997)
    const gossip = joinGossip(pubsub, { profile: PROFILE, hashes, clock, validate: async () => 'accept' })
    const at = async (epoch: number) => {
      clock.goTo(epoch)
      await new Promise((resolve) => setTimeout(resolve, 0))
      return [...new Set([...subscribed].map((topic) => topic.split('/')[2]))]
    }
    const digests = (epoch: number) => digestsAround(PROFILE, epoch, hashes).map((digest) => toHex(digest).slice(2))
    const [electra] = digests(99_000)
    const fulu = digests(100_000).at(-1)
    const blobs = digests(200_000)[0]
    expect(new Set([electra, fulu, blobs]).size).toBe(3)
    expect(await at(99_997)).toEqual([electra])
    expect(await at(99_998)).toEqual([electra, fulu])
    expect(await at(100_001)).toEqual([electra, fulu])
    expect(await at(100_002)).toEqual([fulu, blobs])
    expect(await at(100_005)).toEqual([fulu, blobs])
    expect(await at(100_006)).toEqual([blobs])
    expect(subscribed.size).toBe(2)
    expect([...pubsub.topicValidators.keys()].sort()).toEqual([...subscribed].sort())
    gossip.leave()
    expect(subscribed.size).toBe(0)
  })
})

/** Shows the start of an epoch; sleeps end when the epoch they wait for begins. */
function epochClock(first: number): Clock & { goTo(epoch: number): void } {
  let now = timeOfSlot(PROFILE, first * 8)
  let sleeper: { until: number; wake: () => void } | null = null
  return {
    now: () => now,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        sleeper = { until: now + milliseconds, wake: resolve }
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
      }),
    goTo(epoch) {
      now = timeOfSlot(PROFILE, epoch * 8)
      if (sleeper && sleeper.until <= now) sleeper.wake()
    },
  }
}

/** Snappy without compression. */
function literal(bytes: Uint8Array): Uint8Array {
  const length = bytes.length - 1
  return Uint8Array.of((bytes.length & 0x7f) | 0x80, bytes.length >> 7, 61 << 2, length & 0xff, length >> 8, ...bytes)
}
