/** What whoever runs a bridge sees of it: readiness, counts, and an orderly end. */
import { createSocket } from 'node:dgram'
import { type Devnet, startDevnet } from '@glowworm/devnet'
import { type Bridge, runBridge } from '@glowworm/light-client/application/bridge'
import { bridgeMetrics } from '@glowworm/light-client/application/bridge/metrics'
import { startOperations } from '@glowworm/light-client/application/bridge/operations'
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import { platformHttp } from '@glowworm/light-client/infrastructure/http'
import type { WebServer } from '@glowworm/light-client/infrastructure/web-server'
import { beaconRestSource } from '@glowworm/light-client/network/http/beacon-rest'
import { executionRpcSource } from '@glowworm/light-client/network/http/execution-rpc'
import { dialledPeers } from '@glowworm/light-client/network/libp2p/dialled-peers'
import { loadEngines } from '@glowworm/wasm-core'
import { afterAll, beforeAll, expect, it } from 'vitest'

const engines = await loadEngines()
const signal = new AbortController().signal

let devnet: Devnet
let bridge: Bridge
let operations: WebServer
let stopping = false

beforeAll(async () => {
  devnet = await startDevnet({ mode: 'live' })
  const { profile, checkpoint, beaconUrl, executionUrl } = devnet
  bridge = await runBridge({
    profile,
    engines,
    trust: { checkpoint },
    upstream: [
      beaconRestSource({ url: beaconUrl, profile, hashes: engines.hashes, http: platformHttp }),
      executionRpcSource({ url: executionUrl, http: platformHttp }),
    ],
    listen: { host: '127.0.0.1', wsPort: 0, stunPort: 0 },
  })
  const metrics = bridgeMetrics(bridge)
  operations = await startOperations({ bridge, metrics, host: '127.0.0.1', port: 0, stopping: () => stopping })
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
