/**
 * The bridge: a Node process that browsers reach over WebSocket and WebRTC, that answers their requests for evidence,
 * passes on light-client updates it has verified, and lets them find and signal to each other. Nobody trusts it.
 * @module
 */
import type { EvidenceSource } from '../evidence-source.ts'
import type { Status } from './evidence-protocol.ts'
import {
  type GossipSub,
  joinUpdates,
  type UpdateKind,
  type Updates,
  type UpdatesOptions,
  updatesGossip,
} from './gossip.ts'
import { updatesTopic } from './network-identity.ts'
import type { PeerLimitOptions } from './peer-limits.ts'
import { type RelayNode, type RelayNodeOptions, startRelay } from './relay-node.ts'
import { serveEvidence } from './serve-evidence.ts'

export { BridgeCannotListen, type BridgeListen } from './relay-node.ts'

export interface BridgeNodeOptions extends RelayNodeOptions, UpdatesOptions {
  /** Answers the requests of peers. The caller closes it. */
  readonly source: EvidenceSource
  readonly limits?: PeerLimitOptions
}

export interface BridgeNode extends RelayNode {
  /** Requests answered so far, by status. */
  readonly served: Readonly<Record<Status, number>>
  readonly verdicts: Updates['verdicts']
  /** Hands a verified update to the network. Resolves with the number of peers it went to. */
  publish(kind: UpdateKind, bytes: Uint8Array): Promise<number>
  /** Requests under way have `within` milliseconds to end. */
  close(within?: number): Promise<void>
}

/** @throws {BridgeCannotListen} @throws {InvalidInput} */
export async function createBridgeNode(options: BridgeNodeOptions): Promise<BridgeNode> {
  const topic = updatesTopic(options.network)
  const { node, relay, rendezvous } = await startRelay(options, updatesGossip(topic))
  try {
    const server = await serveEvidence(node, options.source, options)
    const { pubsub } = node.services as { readonly pubsub: GossipSub }
    const updates = joinUpdates(pubsub, topic, options)
    return {
      ...relay,
      served: server.served,
      verdicts: updates.verdicts,
      publish: updates.publish,
      async close(within) {
        updates.leave()
        await rendezvous.close()
        await server.close(within)
        await relay.close()
      },
    }
  } catch (error) {
    await relay.close()
    throw error
  }
}
