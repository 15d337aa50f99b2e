/** What whoever runs a bridge sees of it: readiness, counts, and an orderly end. */
import { createSocket } from 'node:dgram'
import { type Devnet, startDevnet } from '@glowworm/devnet'
import { type Bridge, runBridge } from '@glowworm/light-client/application/bridge'
import { bridgeMetrics } from '@glowworm/light-client/application/bridge/metrics'
import { startOperations } from '@glowworm/light-client/application/bridge/operations'
import { upstreamHealth } from '@glowworm/light-client/application/bridge/upstream-health'
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import { platformHttp } from '@glowworm/light-client/infrastructure/http'
import type { Http } from '@glowworm/light-client/infrastructure/ports'
import type { WebServer } from '@glowworm/light-client/infrastructure/web-server'
import type { EvidenceSource } from '@glowworm/light-client/network/evidence-source'
import { dialledPeers } from '@glowworm/light-client/network/libp2p/dialled-peers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { consensusNode, engines, executionNode } from './nodes.ts'

const signal = new AbortController().signal

let devnet: Devnet
let bridge: Bridge
let operations: WebServer
let stopping = false
/** The kind of nodes that cannot be reached now, and the time of whoever looks for them. */
let gone: string | null = null
let passed = 0

const httpTo =
  (kind: string): Http =>
  async (request) => {
    if (gone === kind) throw new TypeError('connection refused')
    return platformHttp(request)
  }

beforeAll(async () => {
  devnet = await startDevnet({ mode: 'live' })
  const { profile, checkpoint } = devnet
  const upstream = [consensusNode(devnet, httpTo('consensus')), executionNode(devnet, httpTo('execution'))]
  bridge = await runBridge({
    profile,
    engines,
    trust: { checkpoint },
    upstream,
    listen: { host: '127.0.0.1', wsPort: 0, stunPort: 0 },
  })
  const metrics = bridgeMetrics(bridge)
  const health = upstreamHealth({
    nodes: upstream,
    isBarred: () => false,
    clock: { now: () => Date.now() + passed, sleep: platformClock.sleep },
  })
  operations = await startOperations({
    bridge: { ...bridge, upstream: health },
    metrics,
    host: '127.0.0.1',
    port: 0,
    stopping: () => stopping,
  })
})
afterAll(async () => {
  await operations?.close()
  await bridge?.close()
  await devnet?.close()
})

const get = async (path: string, method = 'GET') => {
  const response = await fetch(`http://127.0.0.1:${operations.port}${path}`, { method })
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() }
}

it('is ready once it follows the chain, and says so until it is told to stop', async () => {
  await bridge.client.ready()
  const ready = await get('/readyz')
  expect(ready).toMatchObject({ status: 200, type: 'application/json' })
  expect(JSON.parse(ready.text)).toMatchObject({ state: 'following', connections: 0 })
  expect((await get('/livez')).status).toBe(200)

  stopping = true
  const end = await get('/readyz')
  expect(end.status).toBe(503)
  expect(JSON.parse(end.text)).toMatchObject({ state: 'stopping' })
  expect((await get('/livez')).status).toBe(200)
  stopping = false
})

it('looks at the nodes it was given', async () => {
  await bridge.client.ready()
  expect(await bridge.upstream()).toEqual({ consensus: true, execution: true })
})

it('does not count on nodes that were convicted, and has none of a kind that was not named', async () => {
  const node = executionNode(devnet)
  const convicted = upstreamHealth({ nodes: [node], isBarred: () => true, clock: platformClock })
  expect(await convicted()).toEqual({ consensus: null, execution: false })
})

it('knows with the first node that answers, however long another hangs', async () => {
  const node = executionNode(devnet)
  const hanging: EvidenceSource = {
    ...node,
    request: (_, given) =>
      new Promise((_, reject) => given.addEventListener('abort', () => reject(given.reason), { once: true })),
  }
  // a clock that stands still: no time limit can end the wait
  const clock = { now: platformClock.now, sleep: () => new Promise<void>(() => {}) }
  const health = upstreamHealth({ nodes: [hanging, node], isBarred: () => false, clock })
  expect(await health()).toEqual({ consensus: null, execution: true })
})

it('is not fooled by what an execution node said before it went away', async () => {
  let there = true
  const http: Http = async (request) => {
    if (!there) throw new TypeError('connection refused')
    return platformHttp(request)
  }
  const node = executionNode(devnet, http)
  const { hash } = await devnet.execution<{ hash: `0x${string}` }>('eth_getBlockByNumber', '0x1', false)
  await node.request({ type: 'execution_header', blockHash: hash }, signal)
  there = false
  await node.request({ type: 'execution_header', blockHash: hash }, signal) // remembered
  const health = upstreamHealth({ nodes: [node], isBarred: () => false, clock: platformClock })
  expect(await health()).toEqual({ consensus: null, execution: false })
})

it.each([
  ['execution', 'no execution node answers'],
  ['consensus', 'no consensus node answers'],
])('is not ready while its only %s node is gone, and is again once it answers', async (kind, reason) => {
  await bridge.client.ready()
  gone = kind
  passed += 10_000
  const without = await get('/readyz')
  expect(without.status).toBe(503)
  expect(JSON.parse(without.text)).toMatchObject({ state: 'following', reason })
  gone = null
  expect((await get('/readyz')).status).toBe(503) // nodes are not asked each time somebody asks here
  passed += 10_000
  expect((await get('/readyz')).status).toBe(200)
})

it('counts what it answers', async () => {
  const { sources, close } = await dialledPeers([bridge.multiaddrs()[0]!], platformClock)
  try {
    const block = await devnet.execution<{ hash: `0x${string}` }>('eth_getBlockByNumber', '0x1', false)
    for (let i = 0; i < 3; i++) await sources[0]!.request({ type: 'execution_header', blockHash: block.hash }, signal)
    const { status, type, text } = await get('/metrics')
    expect(status).toBe(200)
    expect(type).toMatch(/^text\/plain; version=0\.0\.4/)
    const value = (name: string) => Number(text.match(new RegExp(`^${name} (\\S+)$`, 'm'))?.[1])
    expect(value('glowworm_bridge_requests_total\\{status="ok"\\}')).toBe(3)
    expect(value('glowworm_bridge_evidence_total\\{from="node"\\}')).toBe(1)
    expect(value('glowworm_bridge_evidence_total\\{from="memory"\\}')).toBe(2)
    expect(value('glowworm_bridge_connections\\{transport="websocket"\\}')).toBe(1)
    expect(value('glowworm_bridge_state\\{state="following"\\}')).toBe(1)
    expect(value('glowworm_bridge_head_slot\\{finality="finalized"\\}')).toBeGreaterThan(0)
    expect(value('glowworm_process_resident_memory_bytes')).toBeGreaterThan(1e6)
  } finally {
    await close()
  }
})

it('counts what its STUN server gets', async () => {
  const socket = createSocket('udp4')
  try {
    const counted = async () =>
      /^glowworm_bridge_stun_datagrams_total\{outcome="malformed"\} (\d+)$/m.exec((await get('/metrics')).text)?.[1]
    expect(await counted()).toBe('0')
    // A datagram may be lost, even here.
    await expect
      .poll(async () => {
        socket.send('no Binding request', bridge.node.stun!.port, '127.0.0.1')
        return Number(await counted())
      })
      .toBeGreaterThan(0)
  } finally {
    socket.close()
  }
})

it('takes nothing but reading', async () => {
  expect((await get('/metrics', 'POST')).status).toBe(405)
  expect((await get('/')).status).toBe(404)
  expect((await get('/../livez')).status).toBe(200) // as a client normalises it
})
