/** A bridge that carries what an honest one has, but the proof of one account under the name of every other. */
import type { Hex } from '@glowworm/light-client'
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import type { EvidenceSource } from '@glowworm/light-client/network/evidence-source'
import { createBridgeNode } from '@glowworm/light-client/network/libp2p/bridge-node'
import { dialledPeers } from '@glowworm/light-client/network/libp2p/dialled-peers'
import type { NetworkIdentity } from '@glowworm/light-client/network/libp2p/network-identity'

export interface LyingBridge {
  readonly peerId: string
  readonly multiaddrs: readonly string[]
  close(): Promise<void>
}

/**
 * @param honest address of the bridge it draws on
 * @param shown the account whose proof is given for all, in lower case as requests have it
 */
export async function startLyingBridge(honest: string, network: NetworkIdentity, shown: Hex): Promise<LyingBridge> {
  const upstream = await dialledPeers([honest], platformClock)
  const node = await createBridgeNode({
    network,
    listen: { host: '127.0.0.1', wsPort: 0, webrtcDirectPort: 0, stunPort: 0 },
    source: lying(upstream.sources[0]!, shown),
    clock: platformClock,
    // It does not follow the chain, so it passes no updates on.
    validate: async () => 'ignore',
  })
  return {
    peerId: node.peerId,
    multiaddrs: node.multiaddrs(),
    async close() {
      await node.close()
      await upstream.close()
    },
  }
}

function lying(honest: EvidenceSource, shown: Hex): EvidenceSource {
  return {
    description: honest.description,
    serves: honest.serves,
    request: (request, signal) =>
      honest.request(request.type === 'account' ? { ...request, address: shown } : request, signal),
    close: honest.close,
  }
}
