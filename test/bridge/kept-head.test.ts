/** A wallet that came by hops opens again with nobody there: the newest head it had proven is proven again. */
import { startDevnet } from '@glowworm/devnet'
import { createLightClient, type Head, type LightClient } from '@glowworm/light-client'
import { runBridge } from '@glowworm/light-client/application/bridge'
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import { memoryStore } from '@glowworm/light-client/infrastructure/memory-store'
import { dialledPeers } from '@glowworm/light-client/network/libp2p/dialled-peers'
import { expect, it } from 'vitest'
import { consensusNode, engines } from './nodes.ts'

const newest = (client: LightClient): Head | null => (client.status.state === 'following' ? client.status.head : null)

it('also when it was signed by a committee whose keys were loaded meanwhile', async () => {
  const devnet = await startDevnet({ mode: 'live' })
  const { profile, checkpoint } = devnet
  const trust = { checkpoint }
  const listen = { host: '127.0.0.1', wsPort: 0 }
  const bridge = await runBridge({ profile, engines, trust, upstream: [consensusNode(devnet)], listen })
  const peers = await dialledPeers([bridge.multiaddrs()[0]!], platformClock)
  const store = memoryStore()
  const wallet = createLightClient({ profile, engines, trust, sources: peers.sources, store, way: 'hops' })
  const first = (await wallet.ready()).finalized.slot
  // the first final head comes with those absent named, later ones do not
  await expect.poll(() => newest(wallet)?.finalized.slot ?? first, { timeout: 20_000 }).toBeGreaterThan(first)
  const { finalized } = newest(wallet)!
  for (const each of [wallet, peers, bridge, devnet]) await each.close()

  const again = createLightClient({ profile, engines, trust, sources: [], store, way: 'hops' })
  const kept = () => ('kept' in again.status ? again.status.kept : null)
  await expect.poll(() => kept()?.finalized.slot).toBe(finalized.slot)
  await again.close()
}, 40_000)
