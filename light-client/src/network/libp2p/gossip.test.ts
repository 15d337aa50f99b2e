import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { decodeUpdate, encodeUpdate, joinUpdates, MAX_UPDATE_BYTES, type Updates, type Verdict } from './gossip.ts'
import { networkLabel, updatesTopic } from './network-identity.ts'
import { NETWORK, startNode, type TestNode, until } from './test-nodes.ts'

const TOPIC = updatesTopic(NETWORK)

test('the topic tells networks apart', () => {
  expect(TOPIC).toBe('/glowworm/test-1337/c4c4c4c4/updates/1')
  expect(networkLabel({ ...NETWORK, name: 'a/b c' })).toBe('a%2Fb%20c-1337/c4c4c4c4')
})

describe('messages', () => {
  test('survive the wire', () => {
    for (const kind of ['finality_update', 'optimistic_update'] as const)
      expect(decodeUpdate(encodeUpdate(kind, Uint8Array.of(1, 2)))).toEqual({ kind, bytes: Uint8Array.of(1, 2) })
  })

  test('what is not an update is told apart', () => {
    for (const message of [[], [1], [0, 1], [3, 1], [255, 1]]) expect(decodeUpdate(Uint8Array.from(message))).toBeNull()
    expect(decodeUpdate(new Uint8Array(MAX_UPDATE_BYTES + 1).fill(1))).toBeNull()
    expect(() => encodeUpdate('finality_update', new Uint8Array(MAX_UPDATE_BYTES))).toThrow(/INVALID|expected/)
    expect(() => encodeUpdate('finality_update', new Uint8Array(0))).toThrow(/expected/)
  })
})

describe('three nodes in a row', () => {
  const nodes: TestNode[] = []
  const updates: Updates[] = []
  const heard: number[][] = [[], [], []]
  const asked: number[][] = [[], [], []]

  /** Third and second byte of each update the middle node heard. */
  const senders: [number, number][] = []
  const fromFirst = () => senders.filter(([sender]) => sender === 0).map(([, number]) => number)
  const fromLast = () => senders.filter(([sender]) => sender === 2).map(([, number]) => number)

  /** What validators wait for. */
  let held: Promise<void> | null = null

  /** First byte of a test message: what the validators say to it. */
  const verdictOf = (bytes: Uint8Array): Verdict => (bytes[0] === 1 ? 'accept' : bytes[0] === 2 ? 'ignore' : 'reject')

  beforeEach(async () => {
    const addresses = ['/ip4/127.0.0.1/tcp/0/ws']
    const grafted: Promise<void>[] = []
    for (let i = 0; i < 3; i++) {
      const started = await startNode(addresses)
      nodes.push(started)
      grafted.push(
        new Promise((resolve) => started.pubsub.addEventListener('gossipsub:graft', () => resolve(), { once: true })),
      )
      updates.push(
        joinUpdates(started.pubsub, TOPIC, {
          validate: async (_kind, bytes) => {
            asked[i]?.push(bytes[1] ?? -1)
            if (bytes[0] === 4) throw new Error('a validator that fails')
            await held
            return verdictOf(bytes)
          },
          onUpdate(_kind, bytes) {
            heard[i]?.push(bytes[1] ?? -1)
            if (i === 1) senders.push([bytes[2] ?? -1, bytes[1] ?? -1])
          },
        }),
      )
    }
    const [first, middle, last] = nodes as [TestNode, TestNode, TestNode]
    await first.node.dial(middle.node.getMultiaddrs())
    await last.node.dial(middle.node.getMultiaddrs())
    await until(() => middle.pubsub.getSubscribers(TOPIC).length === 2)
    await until(() => first.pubsub.getSubscribers(TOPIC).length === 1 && last.pubsub.getSubscribers(TOPIC).length === 1)
    // three heartbeats at most until they have grafted each other
    await Promise.all(grafted)
  })
  afterEach(async () => {
    for (const one of updates.splice(0)) one.leave()
    for (const { node } of nodes.splice(0)) await node.stop()
    for (const list of [...heard, ...asked, senders]) list.length = 0
  })

  test('valid updates travel on, others stop at the first node that judges them', async () => {
    const publish = (...bytes: number[]) => updates[0]?.publish('finality_update', Uint8Array.from(bytes))
    await publish(2, 20)
    await publish(3, 30)
    await publish(4, 40)
    await publish(1, 10)
    await until(() => heard[2]?.includes(10) === true)
    expect(heard).toEqual([[], [10], [10]])
    expect(asked[1]?.sort()).toEqual([10, 20, 30, 40])
    expect(asked[2]).toEqual([10])
    expect(updates[1]?.verdicts).toEqual({ accept: 1, ignore: 2, reject: 1, malformed: 0 })
  })

  test('malformed messages are not even shown to the validator', async () => {
    const { pubsub } = nodes[0] as TestNode
    await pubsub.publish(TOPIC, Uint8Array.of(9, 9, 9))
    await updates[0]?.publish('optimistic_update', Uint8Array.of(1, 11))
    await until(() => heard[2]?.includes(11) === true)
    expect(asked[1]).toEqual([11])
    expect(updates[1]?.verdicts).toMatchObject({ malformed: 1, reject: 1 })
  })

  test('a peer that sends an oversized message is not read any further, others are', async () => {
    const { pubsub } = nodes[0] as TestNode
    await pubsub.publish(TOPIC, new Uint8Array(MAX_UPDATE_BYTES + 100).fill(1))
    await updates[0]?.publish('optimistic_update', Uint8Array.of(1, 14))
    await updates[2]?.publish('optimistic_update', Uint8Array.of(1, 15))
    await until(() => heard[1]?.includes(15) === true)
    expect(asked[1]).toEqual([15])
  })

  test('the same update is passed on once', async () => {
    for (let i = 0; i < 3; i++) await updates[0]?.publish('finality_update', Uint8Array.of(1, 12))
    await updates[0]?.publish('finality_update', Uint8Array.of(1, 13))
    await until(() => heard[2]?.includes(13) === true)
    expect(heard[2]?.filter((number) => number === 12)).toEqual([12])
  })

  test('a flood is validated a few at a time, the rest is let go, and others are heard', async () => {
    const { promise: gate, resolve: open } = Promise.withResolvers<void>()
    held = gate
    for (let i = 0; i < 100; i++) await updates[0]?.publish('finality_update', Uint8Array.of(1, i))
    await until(() => (updates[1]?.verdicts.ignore ?? 0) >= 90)
    expect(asked[1]?.length).toBeLessThanOrEqual(4)
    await updates[2]?.publish('finality_update', Uint8Array.of(1, 200))
    await until(() => asked[1]?.includes(200) === true)
    open()
    held = null
    await until(() => (heard[1]?.length ?? 0) >= 5)
    await updates[0]?.publish('finality_update', Uint8Array.of(1, 201))
    await until(() => heard[2]?.includes(201) === true)
  })

  test('a peer that keeps lying is not listened to any more', async () => {
    for (let i = 0; i < 4; i++) {
      await updates[0]?.publish('finality_update', Uint8Array.of(3, i))
      await until(() => asked[1]?.includes(i) === true)
    }
    // gossipsub reads on for a moment after a peer was last in good standing
    for (let i = 100; ; i++) {
      await updates[0]?.publish('finality_update', Uint8Array.of(1, i, 0))
      await updates[2]?.publish('finality_update', Uint8Array.of(1, i, 2))
      await until(() => fromLast().includes(i))
      if (!fromFirst().includes(i)) break
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    expect(fromLast().length).toBeGreaterThan(fromFirst().length)
  })
})
