/** Bridges that carry what an honest one has, but for one lie. */
import type { Hex } from '@glowworm/light-client'
import { encode } from '@glowworm/light-client/data/rlp'
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import { decodeList } from '@glowworm/light-client/ledgers/ethereum/block-content'
import type { EvidenceSource } from '@glowworm/light-client/network/evidence-source'
import { createBridgeNode } from '@glowworm/light-client/network/libp2p/bridge-node'
import { dialledPeers } from '@glowworm/light-client/network/libp2p/dialled-peers'
import type { NetworkIdentity } from '@glowworm/light-client/network/libp2p/network-identity'

export interface LyingBridge {
  readonly peerId: string
  readonly multiaddrs: readonly string[]
  close(): Promise<void>
}

/** How a bridge answers, out of what an honest source would. */
export type Lie = (honest: EvidenceSource) => EvidenceSource['request']

/** The proof of one account for all. @param shown its address, in lower case as requests have it */
export const otherAccount =
  (shown: Hex): Lie =>
  (honest) =>
  (request, signal) =>
    honest.request(request.type === 'account' ? { ...request, address: shown } : request, signal)

/** Every block with a receipt less, and with it the events in it. */
export const withoutOneReceipt: Lie = (honest) => async (request, signal) => {
  const answer = await honest.request(request, signal)
  return request.type === 'receipts'
    ? { ...answer, bytes: encode(decodeList(answer.bytes, 'receipts').slice(1)) }
    : answer
}

/** @param honest address of the bridge it draws on */
export async function startLyingBridge(honest: string, network: NetworkIdentity, lie: Lie): Promise<LyingBridge> {
  const upstream = await dialledPeers([honest], platformClock)
  const node = await createBridgeNode({
    network,
    listen: { host: '127.0.0.1', wsPort: 0, webrtcDirectPort: 0, stunPort: 0 },
    source: lying(upstream.sources[0]!, lie),
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

function lying(honest: EvidenceSource, lie: Lie): EvidenceSource {
  return { description: honest.description, serves: honest.serves, request: lie(honest), close: honest.close }
}
