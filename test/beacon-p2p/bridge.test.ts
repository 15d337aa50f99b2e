/** A bridge whose only source of headers is Ethereum's own libp2p: from a stand-in for a consensus node, and from another bridge. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Devnet, type Liar, startDevnet, startLiar } from '@glowworm/devnet'
import { isVerified } from '@glowworm/light-client'
import { type Bridge, runBridge } from '@glowworm/light-client/application/bridge'
import { bridgeMetrics } from '@glowworm/light-client/application/bridge/metrics'
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import { platformHttp } from '@glowworm/light-client/infrastructure/http'
import { type ConsensusNode, createConsensusNode } from '@glowworm/light-client/network/beacon-p2p/consensus-node'
import { beaconRestSource } from '@glowworm/light-client/network/http/beacon-rest'
import { executionRpcSource } from '@glowworm/light-client/network/http/execution-rpc'
import { loadEngines } from '@glowworm/wasm-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { runCli } from '../run-cli.ts'

const engines = await loadEngines()
const BIN = fileURLToPath(new URL('../../light-client/bin/glowworm.mjs', import.meta.url))
const LOOPBACK = { host: '127.0.0.1', tcpPort: 0 }

let devnet: Devnet
let liar: Liar
beforeAll(async () => {
  devnet = await startDevnet({ secondsPerSlot: 1 })
  liar = await startLiar(devnet)
})
afterAll(async () => {
  await liar?.close()
  await devnet?.close()
})

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close()
})

/** Serves what a REST interface says, and gossips each new update, as a consensus node does. */
async function standIn(beaconUrl: string): Promise<ConsensusNode> {
  const { profile } = devnet
  const source = beaconRestSource({ url: beaconUrl, profile, hashes: engines.hashes, http: platformHttp })
  const node = await createConsensusNode({
    profile,
    hashes: engines.hashes,
    clock: platformClock,
    peers: [],
    listen: LOOPBACK,
    verified: source,
    validate: async () => 'ignore',
  })
  const timer = setInterval(async () => {
    for (const type of ['finality_update', 'optimistic_update'] as const) {
      const answer = await source.request({ type }, AbortSignal.timeout(1000)).catch(() => null)
      if (answer) await node.publish(type, answer.bytes).catch(() => 0)
    }
  }, 250)
  opened.push({
    async close() {
      clearInterval(timer)
      await node.close()
    },
  })
  return node
}

async function bridgeFrom(peers: readonly string[]): Promise<Bridge> {
  const { profile } = devnet
  const bridge = await runBridge({
    profile,
    engines,
    trust: { checkpoint: devnet.checkpoint },
    upstream: [executionRpcSource({ url: devnet.executionUrl, http: platformHttp })],
    listen: { host: '127.0.0.1', wsPort: 0 },
    consensus: { peers, listen: LOOPBACK },
  })
  opened.push(bridge)
  return bridge
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 50))
}

it('syncs, follows by gossip, and feeds another bridge with what it has verified', async () => {
  const node = await standIn(devnet.beaconUrl)
  const first = await bridgeFrom(node.multiaddrs())
  const { finalized } = await first.client.ready()
  expect(finalized.slot).toBeGreaterThan(190)
  expect(first.client.effort.periods).toBeGreaterThanOrEqual(3)
  const account = devnet.accounts[1]!.address
  const { verified } = await first.client.account(account.toLowerCase() as `0x${string}`)
  expect(isVerified(verified)).toBe(true)
  await until(() => first.consensus!.gossip.verdicts.accept >= 2)
  expect(first.consensus!.gossip.verdicts).toMatchObject({ reject: 0, malformed: 0 })
  const metrics = await bridgeMetrics(first).text()
  expect(metrics).toMatch(/consensus_updates_total\{verdict="accept"\} [1-9]/)
  expect(metrics).toContain('consensus_nodes{state="connected"} 1')

  // the second has never heard of the stand-in: bootstrap, updates and gossip come through the first
  const second = await bridgeFrom(first.consensus!.multiaddrs())
  expect((await second.client.ready()).finalized.slot).toBeGreaterThanOrEqual(finalized.slot)
  await until(() => second.consensus!.gossip.verdicts.accept >= 2)
  const suppliers = second.client.sources.filter(({ description }) => description.carrier === 'tcp')
  expect(suppliers.map(({ description }) => description.id)).toEqual([first.consensus!.peerId])
})

it('bans a node that lies, and follows the honest one', async () => {
  liar.mode = 'wrong-signature'
  const lying = await standIn(liar.beaconUrl)
  const alone = await bridgeFrom(lying.multiaddrs())
  await expect(alone.client.ready()).rejects.toMatchObject({ kind: 'lie' })
  await until(() => alone.consensus!.peers()[0]!.state === 'barred' && alone.consensus!.connections().length === 0)

  const honest = await standIn(devnet.beaconUrl)
  const bridge = await bridgeFrom([...lying.multiaddrs(), ...honest.multiaddrs()])
  await bridge.client.ready()
  await until(() => bridge.consensus!.peers()[0]!.state === 'barred')
  expect(bridge.consensus!.peers()[1]).toEqual({ peerId: honest.peerId, state: 'connected' })
  const liars = bridge.client.sources.filter(({ lie }) => lie !== null)
  expect(liars.map(({ description }) => description.id)).toEqual([lying.peerId])
})

it('runs from the command line without any beacon URL', async () => {
  const node = await standIn(devnet.beaconUrl)
  const folder = mkdtempSync(join(tmpdir(), 'glowworm-consensus-'))
  const network = join(folder, 'profile.json')
  writeFileSync(network, JSON.stringify(devnet.profile))
  const consensus = ['--consensus-peer', node.multiaddrs()[0]!]
  const child = spawn(process.execPath, [BIN, 'bridge', '--network', network, ...consensus, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const { multiaddrs } = await new Promise<{ multiaddrs: string[] }>((resolve, reject) => {
      child.stdout.once('data', (line: Buffer) => resolve(JSON.parse(line.toString())))
      child.once('exit', () => reject(new Error('the bridge ended')))
    })
    const websocket = multiaddrs.find((address) => address.includes('/ws/'))!
    const balance = await runCli([
      ...['get', 'balance', devnet.accounts[1]!.address],
      ...['--network', network, '--peer', websocket, '--json'],
    ])
    expect(JSON.parse(balance.stdout).value).toBe(String(10_000n * 10n ** 18n))
    expect((await runCli(['sync', '--network', network, ...consensus])).stderr).toContain('is for `bridge`')
    expect((await runCli(['bridge', '--network', network, '--consensus-peer', '/ip4/127.0.0.1/tcp/1'])).code).toBe(2)
  } finally {
    child.kill('SIGINT')
    await new Promise((resolve) => child.once('exit', resolve))
    rmSync(folder, { recursive: true, force: true })
  }
})
