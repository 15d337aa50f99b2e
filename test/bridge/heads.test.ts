/** A bridge tells nobody of a head that it has not verified: whoever is told a false one would take it for the liar. */
import { type Devnet, startDevnet } from '@glowworm/devnet'
import { type EvidenceSource, NotAvailable } from '@glowworm/light-client'
import { type Bridge, runBridge } from '@glowworm/light-client/application/bridge'
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import { platformHttp } from '@glowworm/light-client/infrastructure/http'
import { beaconRestSource } from '@glowworm/light-client/network/http/beacon-rest'
import { dialledPeers } from '@glowworm/light-client/network/libp2p/dialled-peers'
import { loadEngines } from '@glowworm/wasm-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'

const engines = await loadEngines()
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

/** A consensus node, and one that changes a byte of what it says about the newest blocks. */
function honest(): EvidenceSource {
  const { profile, beaconUrl } = devnet
  return beaconRestSource({ url: beaconUrl, profile, hashes: engines.hashes, http: platformHttp })
}
function lying(): EvidenceSource & { told: number } {
  const node = honest()
  const source = {
    ...node,
    description: { ...node.description, id: 'liar', words: 'a liar' },
    told: 0,
    async request(...asked: Parameters<EvidenceSource['request']>) {
      const answer = await node.request(...asked)
      if (!(HEADS as readonly string[]).includes(asked[0].type)) return answer
      const bytes = answer.bytes.slice()
      bytes[bytes.length - 20]! ^= 1 // in the signature
      source.told++
      return { ...answer, bytes }
    },
  }
  return source
}

async function bridgeTo(...upstream: EvidenceSource[]): Promise<{ bridge: Bridge; peer: EvidenceSource }> {
  const { profile, checkpoint } = devnet
  const listen = { host: '127.0.0.1', wsPort: 0 }
  const bridge = await runBridge({ profile, engines, trust: { checkpoint }, upstream, listen })
  const peers = await dialledPeers([bridge.multiaddrs()[0]!], platformClock)
  open.push(peers, bridge)
  return { bridge, peer: peers.sources[0]! }
}

it('passes on what its client has accepted', async () => {
  const { bridge, peer } = await bridgeTo(honest())
  await bridge.client.ready()
  for (const type of HEADS)
    await expect.poll(() => peer.request({ type }, signal).then(({ bytes }) => bytes.length > 0)).toBe(true)
})

it('passes on nothing of a node that says something else, before it was caught and after', async () => {
  const liar = lying()
  const { bridge, peer } = await bridgeTo(liar)
  const ask = () => Promise.all(HEADS.map((type) => peer.request({ type }, signal).catch((error: unknown) => error)))
  for (const answer of await ask()) expect(answer).toBeInstanceOf(NotAvailable)
  await expect.poll(() => bridge.lies, { timeout: 20_000 }).toBeGreaterThan(0)
  const told = liar.told
  for (const answer of await ask()) expect(answer).toBeInstanceOf(NotAvailable)
  expect(liar.told).toBe(told)
  expect(await bridge.upstream()).toEqual({ consensus: false, execution: null })
})
