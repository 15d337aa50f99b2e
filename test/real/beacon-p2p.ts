/** A bridge that meets a real consensus client on its libp2p port, and nowhere else. */
import type { Hex } from '@glowworm/light-client'
import { runBridge } from '@glowworm/light-client/application/bridge'
import type { Engines } from '@glowworm/wasm-core'
import { expect } from 'vitest'
import type { RealNetwork } from '../../devnet/real/real-network.ts'

/** Catches up by req/resp, follows by gossip, and serves the same to another bridge. */
export async function bridgeOverLibp2p(
  network: RealNetwork,
  checkpoint: Hex,
  engines: Engines,
  say: (text: string) => void,
): Promise<void> {
  const { profile } = network
  const start = (peers: readonly string[]) =>
    runBridge({
      profile,
      engines,
      trust: { checkpoint },
      upstream: [],
      listen: { host: '127.0.0.1', wsPort: 0 },
      consensus: { peers, listen: { host: '127.0.0.1', tcpPort: 0 } },
      report: say,
    })
  const identity = await network.beacon<{ peer_id: string; enr: string }>('/eth/v1/node/identity')
  const address = `${network.beaconMultiaddr}/p2p/${identity!.peer_id}`

  // its record names the same node, so both are one peer
  const bridge = await start([identity!.enr, address])
  try {
    expect(bridge.consensus!.peers().map(({ peerId }) => peerId)).toEqual([identity!.peer_id])
    const { finalized, optimistic } = await bridge.client.ready(AbortSignal.timeout(60_000))
    say(`the bridge follows over libp2p: slot ${optimistic.slot}, ${bridge.client.effort.periods} committee periods`)
    const { gossip } = bridge.consensus!
    await network.until('updates by gossip', 60, async () => gossip.verdicts.accept >= 3)
    expect(gossip.verdicts).toMatchObject({ reject: 0, malformed: 0 })
    expect(bridge.client.sources.map(({ lie }) => lie)).toEqual([null])
    expect(bridge.consensus!.peers()).toEqual([{ peerId: identity!.peer_id, state: 'connected' }])
    say(`${gossip.verdicts.accept} updates of the consensus client's gossip verified`)

    const second = await start(bridge.consensus!.multiaddrs())
    try {
      const behind = await second.client.ready(AbortSignal.timeout(60_000))
      expect(behind.finalized.slot).toBeGreaterThanOrEqual(finalized.slot)
    } finally {
      await second.close()
    }
  } finally {
    await bridge.close()
  }
}
