import { networkInterfaces } from 'node:os'
import { multiaddr } from '@multiformats/multiaddr'
import { afterEach, expect, test, vi } from 'vitest'
import { platformClock } from '../../../infrastructure/clock.ts'
import { type BridgeNode, createBridgeNode } from '../bridge-node.ts'
import { dialledPeers } from '../dialled-peers.ts'
import { createRelayNode } from '../relay-node.ts'
import { HEADER, NETWORK, sourceOf, startNode } from '../test-nodes.ts'

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  vi.doUnmock('@chainsafe/libp2p-quic')
  vi.resetModules()
})

/**
 * IPv6 can be switched off; the tests that need it say so. webrtc-direct is not among them: its native library finds no
 * pair of candidates on `::1` more often than not.
 */
const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
)

async function startBridge(listen: object, create = createBridgeNode, report = (_: string) => {}): Promise<BridgeNode> {
  const bridge = await create({
    network: NETWORK,
    listen: { host: '127.0.0.1', ...listen },
    source: sourceOf(async () => Uint8Array.of(4, 2)),
    clock: platformClock,
    validate: async () => 'accept',
    report,
  })
  cleanups.push(bridge.close)
  return bridge
}

test.each([
  ['tcp', { tcpPort: 0 }],
  ['quic', { quicPort: 0 }],
  ['websocket', { wsPort: 0 }],
  ['webrtc-direct', { webrtcDirectPort: 0 }],
] as const)('evidence comes over %s', async (carrier, listen) => {
  const bridge = await startBridge(listen)
  const { sources, close } = await dialledPeers(bridge.multiaddrs(), platformClock)
  cleanups.push(close)
  const answer = await sources[0]!.request(HEADER, AbortSignal.timeout(20_000))
  expect(answer.bytes).toEqual(Uint8Array.of(4, 2))
  expect(answer.from.carrier).toBe(carrier)
})

test.skipIf(!hasIpv6).each([
  ['tcp', { tcpPort: 0 }, /^\/ip6\/::1\/tcp\/\d+\/p2p\//],
  ['quic', { quicPort: 0 }, /^\/ip6\/::1\/udp\/\d+\/quic-v1\//],
  ['websocket', { wsPort: 0 }, /^\/ip6\/::1\/tcp\/\d+\/ws\//],
] as const)('evidence comes over %s and IPv6', async (carrier, listen, address) => {
  const bridge = await startBridge({ host: '::1', ...listen })
  expect(bridge.multiaddrs().join()).toMatch(address)
  const { sources, close } = await dialledPeers(bridge.multiaddrs(), platformClock)
  cleanups.push(close)
  const answer = await sources[0]!.request(HEADER, AbortSignal.timeout(20_000))
  expect(answer.bytes).toEqual(Uint8Array.of(4, 2))
  expect(answer.from).toMatchObject({ carrier, origins: expect.arrayContaining(['device']) })
})

test('without the native library of QUIC a bridge says so and serves what remains', async () => {
  vi.resetModules()
  vi.doMock('@chainsafe/libp2p-quic', () => {
    throw new Error('Cannot find native binding')
  })
  const { createBridgeNode: create } = await import('../bridge-node.ts')
  const said: string[] = []
  const bridge = await startBridge({ tcpPort: 0, quicPort: 0 }, create, (message) => said.push(message))
  expect(bridge.multiaddrs().join()).toMatch(/^\/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\/\w+$/)
  expect(said.join()).toContain('QUIC is not available here')
})

test('a relay has no evidence and no gossip; it lets peers signal and tells where STUN is answered', async () => {
  const relay = await createRelayNode({
    network: NETWORK,
    listen: { host: '127.0.0.1', wsPort: 0, stunPort: 0 },
    clock: platformClock,
  })
  cleanups.push(relay.close)
  const { node } = await startNode()
  cleanups.push(async () => node.stop())
  const identified = new Promise<string[]>((resolve) =>
    node.addEventListener('peer:identify', ({ detail }) => resolve(detail.protocols), { once: true }),
  )
  await node.dial(multiaddr(relay.multiaddrs()[0]!))
  const protocols = await identified
  expect(protocols.filter((name) => /glowworm|relay|sub/.test(name)).sort()).toEqual([
    '/glowworm/rendezvous/1',
    '/libp2p/circuit/relay/0.2.0/hop',
  ])
  expect(relay.stun?.port).toBeGreaterThan(0)
})

test('a STUN port that is taken is named', async () => {
  const options = { network: NETWORK, clock: platformClock }
  const first = await createRelayNode({ ...options, listen: { host: '127.0.0.1', wsPort: 0, stunPort: 0 } })
  cleanups.push(first.close)
  const again = createRelayNode({
    ...options,
    listen: { host: '127.0.0.1', wsPort: 0, stunPort: first.stun?.port ?? 0 },
  })
  await expect(again).rejects.toMatchObject({ code: 'BRIDGE_CANNOT_LISTEN', message: expect.stringContaining('STUN') })
})
