/** A bridge tells nobody of a head that it has not verified: whoever is told a false one would take it for the liar. */
import { type Devnet, startDevnet } from '@glowworm/devnet'
import { type EvidenceSource, NotAvailable } from '@glowworm/light-client'
import { type Bridge, runBridge } from '@glowworm/light-client/application/bridge'
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import { dialledPeers } from '@glowworm/light-client/network/libp2p/dialled-peers'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { consensusNode, counted, engines, flippedAt } from './nodes.ts'

const { signal } = new AbortController()
const HEADS = ['finality_update', 'optimistic_update'] as const
const open: { close(): Promise<void> }[] = []
let devnet: Devnet

beforeAll(async () => {
  devnet = await startDevnet({ mode: 'live' })
})
afterEach(async () => {
  for (const each of open.splice(0)) await each.close()
})
afterAll(() => devnet?.close())

const isHead = (type: string) => (HEADS as readonly string[]).includes(type)
/** Changes the signature in what it says about the newest blocks. */
const lying = () => counted(consensusNode(devnet), (bytes, { type }) => (isHead(type) ? flippedAt(bytes, -20) : bytes))

async function bridgeTo(...upstream: EvidenceSource[]): Promise<{ bridge: Bridge; peer: EvidenceSource }> {
  const { profile, checkpoint } = devnet
  const listen = { host: '127.0.0.1', wsPort: 0 }
  const bridge = await runBridge({ profile, engines, trust: { checkpoint }, upstream, listen })
  const peers = await dialledPeers([bridge.multiaddrs()[0]!], platformClock)
  open.push(peers, bridge)
  return { bridge, peer: peers.sources[0]! }
}

it('passes on what its client has accepted', async () => {
  const { bridge, peer } = await bridgeTo(consensusNode(devnet))
  await bridge.client.ready()
  for (const type of HEADS)
    await expect.poll(() => peer.request({ type }, signal).then(({ bytes }) => bytes.length > 0)).toBe(true)
})

it('passes on nothing of a node that says something else, before it was caught and after', async () => {
  const liar = lying()
  const { bridge, peer } = await bridgeTo(liar.node)
  const ask = () => Promise.all(HEADS.map((type) => peer.request({ type }, signal).catch((error: unknown) => error)))
  for (const answer of await ask()) expect(answer).toBeInstanceOf(NotAvailable)
  await expect.poll(() => bridge.lies, { timeout: 20_000 }).toBeGreaterThan(0)
  const told = liar.asked.filter(isHead).length
  for (const answer of await ask()) expect(answer).toBeInstanceOf(NotAvailable)
  expect(liar.asked.filter(isHead)).toHaveLength(told)
  expect(await bridge.upstream()).toEqual({ consensus: false, execution: null })
})
