import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createConnection, createServer } from 'node:net'
import { multiaddr } from '@multiformats/multiaddr'
import { afterEach, expect, test, vi } from 'vitest'
import { platformClock } from '../../infrastructure/clock.ts'
import type { ByteStore } from '../../infrastructure/ports.ts'
import { type BridgeNode, type BridgeNodeOptions, createBridgeNode } from './bridge-node.ts'
import { peerSource } from './peer-source.ts'
import { startRelay } from './relay-node.ts'
import { HEADER, NETWORK, sourceOf, startNode, until } from './test-nodes.ts'

const running: BridgeNode[] = []
afterEach(async () => {
  for (const bridge of running.splice(0)) await bridge.close()
  vi.doUnmock('@libp2p/webrtc')
  vi.resetModules()
})

const options = (given: Partial<BridgeNodeOptions> = {}): BridgeNodeOptions => ({
  network: NETWORK,
  listen: { host: '127.0.0.1', wsPort: 0, webrtcDirectPort: 0 },
  source: sourceOf(async () => Uint8Array.of(4, 2)),
  clock: platformClock,
  validate: async () => 'accept',
  ...given,
})

async function start(given: Partial<BridgeNodeOptions> = {}, create = createBridgeNode): Promise<BridgeNode> {
  const bridge = await create(options(given))
  running.push(bridge)
  return bridge
}

function memoryStore(): ByteStore & { readonly entries: Map<string, Uint8Array> } {
  const entries = new Map<string, Uint8Array>()
  return {
    entries,
    read: async (key) => entries.get(key) ?? null,
    write: async (key, value) => void entries.set(key, value),
    remove: async (key) => void entries.delete(key),
  }
}

const withoutPorts = (bridge: BridgeNode) =>
  bridge.multiaddrs().map((address) => address.replace(/(tcp|udp)\/\d+/, '$1'))

test('serves evidence on every transport it was given', async () => {
  const bridge = await start({ listen: { host: '127.0.0.1', wsPort: 0, webrtcDirectPort: 0, tcpPort: 0 } })
  expect(withoutPorts(bridge)).toEqual([
    `/ip4/127.0.0.1/tcp/ws/p2p/${bridge.peerId}`,
    `/ip4/127.0.0.1/tcp/p2p/${bridge.peerId}`,
    expect.stringMatching(/^\/ip4\/127\.0\.0\.1\/udp\/webrtc-direct\/certhash\/u[\w-]+\/p2p\/12D3/),
  ])
  const client = await startNode()
  try {
    for (const address of bridge.multiaddrs()) {
      const { remotePeer } = await client.node.dial(multiaddr(address))
      const source = peerSource(client.node, remotePeer, { clock: platformClock, role: 'bridge' })
      expect((await source.request(HEADER, new AbortController().signal)).bytes).toEqual(Uint8Array.of(4, 2))
      await client.node.hangUp(remotePeer)
    }
    expect(bridge.served.ok).toBe(3)
  } finally {
    await client.node.stop()
  }
})

test('an answer that is under way when the bridge stops arrives before the connection ends', async () => {
  const begun = Promise.withResolvers<void>()
  const held = Promise.withResolvers<Uint8Array>()
  const source = sourceOf(() => {
    begun.resolve()
    return held.promise
  })
  const bridge = await createBridgeNode(options({ source, listen: { host: '127.0.0.1', wsPort: 0 } }))
  const client = await startNode()
  try {
    const { remotePeer } = await client.node.dial(multiaddr(bridge.multiaddrs()[0]!))
    const peer = peerSource(client.node, remotePeer, { clock: platformClock, role: 'bridge' })
    const asked = peer.request(HEADER, new AbortController().signal)
    await begun.promise
    const closing = bridge.close(10_000)
    held.resolve(Uint8Array.of(4, 2))
    expect((await asked).bytes).toEqual(Uint8Array.of(4, 2))
    await closing
  } finally {
    await client.node.stop()
  }
})

test('keeps nothing of a peer that has left', async () => {
  const { node, relay } = await startRelay(options())
  try {
    const clients = await Promise.all([startNode(), startNode(), startNode()])
    const stored = async () => (await node.peerStore.all()).map(({ id }) => id.toString()).sort()
    for (const client of clients) await client.node.dial(multiaddr(relay.multiaddrs()[0]!))
    const ids = clients.map((client) => client.node.peerId.toString()).sort()
    await vi.waitFor(async () => expect(await stored()).toEqual(ids), { timeout: 10_000 })
    for (const client of clients) await client.node.stop()
    await vi.waitFor(async () => expect(await stored()).toEqual([]), { timeout: 10_000 })
  } finally {
    await relay.close()
  }
})

test('rubbish on its ports does not stop it', async () => {
  const bridge = await start({ listen: { host: '127.0.0.1', wsPort: 0, webrtcDirectPort: 0, tcpPort: 0 } })
  const port = (pattern: RegExp) => Number(bridge.multiaddrs().join(' ').match(pattern)?.[1])
  const rubbish = () => randomBytes(1 + Math.floor(Math.random() * 1200))
  const datagrams = createSocket('udp4')
  for (let i = 0; i < 100; i++) datagrams.send(rubbish(), port(/udp\/(\d+)/), '127.0.0.1')
  const upgrade = Buffer.from(
    'GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  )
  const reserved = Uint8Array.of(0xf2, 0x80, 1, 2, 3, 4)
  const huge = Uint8Array.of(0x82, 0xff, 0, 0, 0, 0, 0x06, 0, 0, 0, 1, 2, 3, 4)
  const abuse = async (to: number, i: number, opening: readonly Uint8Array[]) => {
    const socket = createConnection(to, '127.0.0.1')
    socket.on('error', () => {})
    await once(socket, 'connect')
    for (const bytes of opening) socket.write(bytes)
    await new Promise((resolve) => setTimeout(resolve, 20 * (i % 5)))
    if (i % 3) socket.destroy()
    else socket.resetAndDestroy()
  }
  const openings = [[upgrade, reserved], [upgrade, huge], [upgrade, rubbish()], [rubbish()], []]
  await Promise.all(
    Array.from({ length: 50 }, (_, i) =>
      Promise.all([
        abuse(port(/tcp\/(\d+)\/ws/), i, openings[i % openings.length] ?? []),
        abuse(port(/tcp\/(\d+)\/p2p/), i, [rubbish()]),
      ]),
    ),
  )
  datagrams.close()
  const client = await startNode()
  try {
    for (const address of bridge.multiaddrs()) {
      const { remotePeer } = await client.node.dial(multiaddr(address))
      const source = peerSource(client.node, remotePeer, { clock: platformClock, role: 'bridge' })
      expect((await source.request(HEADER, new AbortController().signal)).bytes).toEqual(Uint8Array.of(4, 2))
      await client.node.hangUp(remotePeer)
    }
  } finally {
    await client.node.stop()
  }
})

test('is the same node again when it has a store, certificate included', async () => {
  const store = memoryStore()
  const before = await start({ store })
  const addresses = withoutPorts(before)
  await before.close()
  running.length = 0
  expect(withoutPorts(await start({ store }))).toEqual(addresses)
})

test('is a new node each time without a store', async () => {
  expect((await start()).peerId).not.toBe((await start()).peerId)
})

test('starts with a new certificate when the stored one is unreadable', async () => {
  const store = memoryStore()
  const before = await start({ store })
  await before.close()
  running.length = 0
  store.entries.set('libp2p-index', new TextEncoder().encode('{'))
  const after = await start({ store })
  expect(after.peerId).toBe(before.peerId)
  expect(withoutPorts(after)).toHaveLength(2)
})

test('a key that cannot be read is a typed error, and stays where it is', async () => {
  const store = memoryStore()
  const damaged = Uint8Array.of(7, 7, 7)
  store.entries.set('libp2p-peer-key', damaged)
  await expect(createBridgeNode(options({ store }))).rejects.toMatchObject({ code: 'IDENTITY_UNREADABLE' })
  expect(store.entries.get('libp2p-peer-key')).toBe(damaged)
})

test('goes without WebRTC, and says so, where the native library is missing', async () => {
  vi.resetModules()
  vi.doMock('@libp2p/webrtc', () => {
    throw new Error('Cannot load native addon for node-datachannel')
  })
  const { createBridgeNode: create } = await import('./bridge-node.ts')
  const reports: string[] = []
  const bridge = await start({ report: (message) => reports.push(message) }, create)
  expect(withoutPorts(bridge)).toEqual([`/ip4/127.0.0.1/tcp/ws/p2p/${bridge.peerId}`])
  expect(reports.join()).toMatch(/WebRTC is not available here .*WebSocket and TCP only/)
})

test('a port that is taken is a typed error with a way out', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const address = other.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  try {
    const started = createBridgeNode(options({ listen: { host: '127.0.0.1', wsPort: address.port } }))
    await expect(started).rejects.toMatchObject({ code: 'BRIDGE_CANNOT_LISTEN', next: expect.stringMatching(/port/) })
  } finally {
    other.close()
  }
})

test('listening nowhere is refused', async () => {
  await expect(createBridgeNode(options({ listen: { host: '127.0.0.1' } }))).rejects.toMatchObject({
    code: 'INVALID_INPUT',
  })
})

test('connections that say nothing, or never come to an end, keep nobody else out', async () => {
  const bridge = await start({ listen: { host: '127.0.0.1', wsPort: 0, tcpPort: 0 } })
  const port = (pattern: RegExp) => Number(bridge.multiaddrs().join(' ').match(pattern)?.[1])
  const sockets = Array.from({ length: 80 }, (_, i) => {
    const socket = createConnection(port(i % 2 ? /tcp\/(\d+)\/ws/ : /tcp\/(\d+)\/p2p/), '127.0.0.1')
    socket.on('error', () => {})
    return socket
  })
  const dripping = setInterval(() => {
    for (const socket of sockets) if (!socket.destroyed) socket.write('G')
  }, 50)
  const client = await startNode()
  try {
    await Promise.all(sockets.map((socket) => (socket.connecting ? once(socket, 'connect') : null)))
    for (const address of bridge.multiaddrs()) {
      const { remotePeer } = await client.node.dial(multiaddr(address))
      const source = peerSource(client.node, remotePeer, { clock: platformClock, role: 'bridge' })
      expect((await source.request(HEADER, new AbortController().signal)).bytes).toEqual(Uint8Array.of(4, 2))
      await client.node.hangUp(remotePeer)
    }
    // those that were never upgraded are no connections, and are let go by the time libp2p gives an upgrade
    expect(bridge.peers().length).toBeLessThanOrEqual(1)
    const tcp = sockets.filter((_, i) => i % 2 === 0)
    await until(() => tcp.every(({ destroyed, readableEnded }) => destroyed || readableEnded))
  } finally {
    clearInterval(dripping)
    for (const socket of sockets) socket.destroy()
    await client.node.stop()
  }
})
