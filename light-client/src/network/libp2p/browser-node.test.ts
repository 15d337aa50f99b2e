import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { platformClock } from '../../infrastructure/clock.ts'
import { memoryStore } from '../../infrastructure/memory-store.ts'
import type { Clock } from '../../infrastructure/ports.ts'
import type { EvidenceSource } from '../evidence-source.ts'
import { type BridgeNode, type BridgeNodeOptions, createBridgeNode } from './bridge-node.ts'
import { type BrowserNode, type BrowserNodeOptions, createBrowserNode } from './browser-node.ts'
import { type BridgeState, groupBridges } from './keep-bridge.ts'
import { serveEvidence } from './serve-evidence.ts'
import { HEADER, NETWORK, sourceOf, startNode, until } from './test-nodes.ts'

// The browser's node runs in Node as well; what only a browser has is tested in test/browser.

const ID = '12D3KooWQYhTNQdmr3ArTeUHRYzFg94BKyTkoWBDWez9kSCVe2Xo'
const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** Time limits and pauses of this project's code pass twenty times as fast. */
const hasty: Clock = { now: platformClock.now, sleep: (ms, signal) => platformClock.sleep(ms / 20, signal) }

const bridgeOptions = (clock: Clock): BridgeNodeOptions => ({
  network: NETWORK,
  listen: { host: '127.0.0.1', wsPort: 0 },
  source: sourceOf(async () => Uint8Array.of(4, 2)),
  clock,
  validate: async () => 'accept',
})

async function startBridge(clock: Clock = platformClock): Promise<BridgeNode> {
  const bridge = await createBridgeNode(bridgeOptions(clock))
  cleanups.push(bridge.close)
  return bridge
}

/** A way to a port that can be cut: connections break, and new ones are refused at once. */
async function breakableWay(to: number) {
  const open = new Set<Socket>()
  let whole = true
  const server = createServer((near) => {
    if (!whole) return void near.resetAndDestroy()
    const far = createConnection(to, '127.0.0.1')
    for (const [one, other] of [[near, far] as const, [far, near] as const]) {
      open.add(one)
      one.on('error', () => {})
      one.on('close', () => {
        open.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanups.push(async () => {
    for (const socket of open) socket.destroy()
    server.close()
  })
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      whole = false
      for (const socket of open) socket.destroy()
    },
    mend() {
      whole = true
    },
  }
}

async function startBrowser(bridges: readonly string[], given: Partial<BrowserNodeOptions> = {}) {
  const sources = new Map<string, EvidenceSource>()
  const states: BridgeState[] = []
  const node: BrowserNode = await createBrowserNode({
    bridges,
    network: NETWORK,
    clock: platformClock,
    validate: async () => 'accept',
    onSource: (source) => sources.set(source.description.id, source),
    onSourceGone: (id) => sources.delete(id),
    onBridgeState: (_id, state) => states.push(state),
    ...given,
  })
  cleanups.push(node.close)
  return { node, sources, states }
}

describe('bridge addresses', () => {
  test('are grouped by bridge, webrtc-direct first', () => {
    const ws = `/ip4/127.0.0.1/tcp/1/ws/p2p/${ID}`
    const direct = `/ip4/127.0.0.1/udp/1/webrtc-direct/certhash/uEiDzRg9vDByqHv1gUkmtXjBcsNp21N2smuqXrJLfmCS80w/p2p/${ID}`
    const groups = groupBridges([ws, direct])
    expect(groups.map(({ peerId, addresses }) => [peerId.toString(), addresses.map(String)])).toEqual([
      [ID, [direct, ws]],
    ])
  })

  test.each(['', 'http://127.0.0.1', '/ip4/127.0.0.1/tcp/1/ws', '/ip4/127.0.0.1/tcp/1/ws/p2p/xyz'])(
    '%s is refused, by name',
    (address) => {
      expect(() => groupBridges([address])).toThrow(address)
    },
  )
})

test('a bridge becomes a source and is reported reachable', async () => {
  const bridge = await startBridge()
  const { node, sources } = await startBrowser(bridge.multiaddrs())
  await until(() => sources.has(bridge.peerId))
  const answer = await sources.get(bridge.peerId)?.request(HEADER, new AbortController().signal)
  expect(answer?.bytes).toEqual(Uint8Array.of(4, 2))
  expect(answer?.from.words).toMatch(/^bridge 12D3….{4} over WebSocket$/)
  await until(() => node.bridges().some(({ state }) => state.state === 'connected' && state.reachable))
  expect(node.connections()).toEqual([
    expect.objectContaining({ peerId: bridge.peerId, carrier: 'websocket', direct: true, role: 'bridge' }),
  ])
  await node.close()
  expect(sources.size).toBe(0)
})

test('a bridge that is down is tried again with growing pauses, at once when woken', async () => {
  const pauses: number[] = []
  const states: BridgeState[] = []
  const { node } = await startBrowser([`/ip4/127.0.0.1/tcp/1/ws/p2p/${ID}`], {
    onBridgeState(_id, state) {
      states.push(state)
      if (state.state === 'waiting') pauses.push(state.until - platformClock.now())
    },
  })
  await until(() => pauses.length === 3)
  expect(pauses).toEqual([...pauses].sort((a, b) => a - b))
  const before = states.length
  for (let i = 0; i < 6; i++) {
    await until(() => states.at(-1)?.state === 'waiting')
    const count = states.length
    node.wake()
    await until(() => states.length >= count + 2)
  }
  expect(states.length).toBeGreaterThanOrEqual(before + 12)
})

test('a bridge that relays nothing is still asked for evidence', async () => {
  const plain = await startNode(['/ip4/127.0.0.1/tcp/0/ws'])
  cleanups.push(async () => plain.node.stop())
  const server = await serveEvidence(
    plain.node,
    sourceOf(async () => Uint8Array.of(7)),
    { clock: platformClock },
  )
  cleanups.push(server.close)
  const { node, sources, states } = await startBrowser(plain.node.getMultiaddrs().map(String), { clock: hasty })
  await until(() => states.filter(({ state }) => state === 'dialling').length === 2)
  await until(() => states.at(-1)?.state === 'connected' && sources.size === 1)
  // longer than the time a reservation is waited for
  await hasty.sleep(20_000)
  expect(states.at(-1)).toEqual({ state: 'connected', reachable: false })
  const [source] = node.sources()
  expect((await source?.request(HEADER, new AbortController().signal))?.bytes).toEqual(Uint8Array.of(7))
})

test('a network that is cut and comes back: the source goes, and returns when the page wakes', async () => {
  const bridge = await startBridge()
  const way = await breakableWay(Number(/tcp\/(\d+)\/ws/.exec(bridge.multiaddrs().join(' '))?.[1]))
  const { node, sources } = await startBrowser([`/ip4/127.0.0.1/tcp/${way.port}/ws/p2p/${bridge.peerId}`])
  for (let round = 0; round < 3; round++) {
    await until(() => sources.has(bridge.peerId))
    const asking = sources.get(bridge.peerId)!
    expect((await asking.request(HEADER, new AbortController().signal)).bytes).toEqual(Uint8Array.of(4, 2))
    way.cut()
    await until(() => sources.size === 0)
    await expect(asking.request(HEADER, new AbortController().signal)).rejects.toMatchObject({ kind: 'unreachable' })
    await until(() => node.bridges().some(({ state }) => state.state === 'waiting'))
    way.mend()
    node.wake()
  }
  await until(() => sources.has(bridge.peerId))
  expect(node.connections()).toHaveLength(1)
})

test('a bridge that is killed and started again at its address is found again, and reserves a place again', async () => {
  const store = memoryStore()
  const first = await createBridgeNode({ ...bridgeOptions(platformClock), store })
  const address = first.multiaddrs()[0]!
  const wsPort = Number(/tcp\/(\d+)\/ws/.exec(address)?.[1])
  const { node, sources } = await startBrowser([address])
  const reachable = () => node.bridges().some(({ state }) => state.state === 'connected' && state.reachable)
  await until(reachable)
  await first.close()
  await until(() => sources.size === 0 && !reachable())
  const again = await createBridgeNode({
    ...bridgeOptions(platformClock),
    store,
    listen: { host: '127.0.0.1', wsPort },
  })
  cleanups.push(again.close)
  await until(reachable)
  await until(() => again.members().includes(node.peerId))
  const answer = await sources.get(again.peerId)!.request(HEADER, new AbortController().signal)
  expect(answer.bytes).toEqual(Uint8Array.of(4, 2))
})

test('a peer that was caught lying is left, and gets no connection again', async () => {
  const bridge = await startBridge()
  const { node, sources, states } = await startBrowser(bridge.multiaddrs(), { clock: hasty })
  await until(() => sources.has(bridge.peerId))
  node.bar(bridge.peerId)
  await until(() => sources.size === 0 && node.connections().length === 0)
  const dials = states.filter(({ state }) => state === 'dialling').length
  await until(() => states.filter(({ state }) => state === 'dialling').length >= dials + 2)
  expect(node.connections()).toEqual([])
  expect(states.filter(({ state }) => state === 'waiting').length).toBeGreaterThan(0)
})

test('a peer that passes on one false update after another is left', async () => {
  const bridge = await startBridge()
  let heard = 0
  const { node, sources } = await startBrowser(bridge.multiaddrs(), {
    clock: hasty,
    validate: async (_kind, bytes) => {
      heard++
      return bytes[0] === 9 ? 'reject' : 'accept'
    },
  })
  await until(() => sources.has(bridge.peerId))
  // until the mesh stands, and an honest one arrives
  for (let i = 0; heard === 0; i++) {
    await bridge.publish('optimistic_update', Uint8Array.of(1, i))
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  for (let i = 0; node.connections().length > 0; i++) {
    await bridge.publish('optimistic_update', Uint8Array.of(9, i))
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  expect(node.verdicts.reject).toBeGreaterThanOrEqual(2)
  expect(sources.size).toBe(0)
})

test('aborting the signal closes the node', async () => {
  const bridge = await startBridge()
  const controller = new AbortController()
  const { sources } = await startBrowser(bridge.multiaddrs(), { signal: controller.signal })
  await until(() => sources.size === 1)
  controller.abort(new Error('the page is leaving'))
  await until(() => sources.size === 0 && bridge.peers().length === 0)
})

test('a node without bridges starts, and closes', async () => {
  const { node } = await startBrowser([])
  expect(node.bridges()).toEqual([])
  await node.close()
})
