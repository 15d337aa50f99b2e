/**
 * The bridge: a Node process that browsers reach over WebSocket and WebRTC, that answers their requests for evidence,
 * passes on light-client updates it has verified, and lets them find and signal to each other. Nobody trusts it.
 * @module
 */
import { circuitRelayServer } from '@libp2p/circuit-relay-v2'
import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import { identify } from '@libp2p/identify'
import { keychain } from '@libp2p/keychain'
import { noise } from '@libp2p/noise'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'
import { GlowwormError, InvalidInput } from '../../errors.ts'
import type { ByteStore, Clock } from '../../infrastructure/ports.ts'
import { PRODUCT } from '../../product.ts'
import type { EvidenceSource } from '../evidence-source.ts'
import { type ConnectionSummary, summaryOf } from './carrier.ts'
import { certificateStore } from './certificate-store.ts'
import type { Status } from './evidence-protocol.ts'
import {
  type GossipSub,
  joinUpdates,
  type UpdateKind,
  type Updates,
  type UpdatesOptions,
  updatesGossip,
} from './gossip.ts'
import { surviveBadFrames } from './infrastructure/websocket-listener-repair.ts'
import { type NetworkIdentity, networkLabel, updatesTopic } from './network-identity.ts'
import type { TransportFactory } from './node-types.ts'
import type { PeerLimitOptions } from './peer-limits.ts'
import { hostRendezvous } from './rendezvous.ts'
import { serveEvidence } from './serve-evidence.ts'

export interface BridgeListen {
  /** IPv4 or IPv6 address to bind, e.g. `127.0.0.1` or `0.0.0.0`. */
  readonly host: string
  /** Ports; 0 takes a free one, undefined leaves the transport out. */
  readonly wsPort?: number
  readonly webrtcDirectPort?: number
  readonly tcpPort?: number
}

export interface BridgeNodeOptions extends UpdatesOptions {
  readonly network: NetworkIdentity
  readonly listen: BridgeListen
  /** Answers the requests of peers. The caller closes it. */
  readonly source: EvidenceSource
  readonly clock: Clock
  /**
   * Keeps the node's private key and its webrtc-direct certificate, so that its addresses survive restarts. Without it
   * the node is a new one each time. Holds secrets: readable by its owner only.
   */
  readonly store?: ByteStore
  /** Further addresses to announce, e.g. of a TLS proxy: `/dns4/bridge.example/tcp/443/wss`. */
  readonly announce?: readonly string[]
  readonly limits?: PeerLimitOptions
  /** Told what is degraded, in words for a person. */
  readonly report?: (message: string) => void
}

export interface BridgeNode {
  readonly peerId: string
  /** Addresses to give to browsers; each ends in `/p2p/<peer id>`. */
  multiaddrs(): string[]
  peers(): ConnectionSummary[]
  /** Requests answered so far, by status. */
  readonly served: Readonly<Record<Status, number>>
  readonly verdicts: Updates['verdicts']
  /** Browsers that can be found through this bridge now. */
  members(): readonly string[]
  /** Hands a verified update to the network. Resolves with the number of peers it went to. */
  publish(kind: UpdateKind, bytes: Uint8Array): Promise<number>
  /** Requests under way have `within` milliseconds to end. */
  close(within?: number): Promise<void>
}

const KEY = 'libp2p-peer-key'
const CERTIFICATE_LIFESPAN = 14 * 24 * 3600 * 1000

/** @throws {BridgeCannotListen} @throws {InvalidInput} */
export async function createBridgeNode(options: BridgeNodeOptions): Promise<BridgeNode> {
  const topic = updatesTopic(options.network)
  const { transports, listen } = await transportsFor(options.listen, options.report ?? (() => {}))
  const privateKey = await loadKey(options.store)
  const init = {
    privateKey,
    ...(options.store ? { datastore: await certificateStore(options.store) } : {}),
    nodeInfo: { name: PRODUCT.slug, version: PRODUCT.version, userAgent: `${PRODUCT.slug}/${PRODUCT.version}` },
    addresses: { listen, appendAnnounce: [...(options.announce ?? [])] },
    transports,
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    // many browsers share one address behind NAT, a proxy, or in tests
    connectionManager: { inboundConnectionThreshold: 100, maxIncomingPendingConnections: 100, maxConnections: 1000 },
    services: {
      identify: identify(),
      ping: ping(),
      relay: circuitRelayServer({ reservations: { maxReservations: 256 } }),
      pubsub: updatesGossip(topic),
      ...(options.store ? { keychain: keychain() } : {}),
    },
  }
  const node = await createLibp2p(init).catch((cause) => {
    throw new BridgeCannotListen(listen, cause)
  })
  try {
    const server = await serveEvidence(node, options.source, options)
    const rendezvous = await hostRendezvous(node, networkLabel(options.network), options.clock)
    const updates = joinUpdates(node.services.pubsub as GossipSub, topic, options)
    return {
      peerId: node.peerId.toString(),
      multiaddrs: () => node.getMultiaddrs().map(String),
      peers: () => node.getConnections().map((connection) => summaryOf(connection, 'peer')),
      served: server.served,
      verdicts: updates.verdicts,
      members: rendezvous.members,
      publish: updates.publish,
      async close(within) {
        updates.leave()
        await rendezvous.close()
        await server.close(within)
        await node.stop()
      },
    }
  } catch (error) {
    await node.stop()
    throw error
  }
}

async function transportsFor(
  listen: BridgeListen,
  report: (message: string) => void,
): Promise<{ transports: TransportFactory[]; listen: string[] }> {
  const ip = `/ip${listen.host.includes(':') ? 6 : 4}/${listen.host}`
  const transports: TransportFactory[] = [surviveBadFrames(webSockets())]
  const addresses: string[] = []
  if (listen.wsPort !== undefined) addresses.push(`${ip}/tcp/${listen.wsPort}/ws`)
  if (listen.tcpPort !== undefined) {
    transports.push(tcp())
    addresses.push(`${ip}/tcp/${listen.tcpPort}`)
  }
  if (listen.webrtcDirectPort !== undefined) {
    const webrtc = await loadWebRtc(report)
    if (webrtc) {
      transports.push(webrtc)
      addresses.push(`${ip}/udp/${listen.webrtcDirectPort}/webrtc-direct`)
    }
  }
  if (addresses.length === 0)
    throw new InvalidInput('listen', 'expected at least one of wsPort, tcpPort and a webrtcDirectPort that works here')
  return { transports, listen: addresses }
}

/** The native library may be missing on a platform; the bridge then goes without WebRTC and says so. */
async function loadWebRtc(report: (message: string) => void): Promise<TransportFactory | null> {
  try {
    const { webRTCDirect } = await import('@libp2p/webrtc')
    return webRTCDirect({ rtcConfiguration: { iceServers: [] }, certificateLifespan: CERTIFICATE_LIFESPAN })
  } catch (error) {
    report(
      `WebRTC is not available here (${error instanceof Error ? error.message : String(error)}). ` +
        'Browsers will reach this bridge over WebSocket only. Reinstall with optional dependencies to get it.',
    )
    return null
  }
}

async function loadKey(store: ByteStore | undefined) {
  const saved = await store?.read(KEY)
  if (saved) return privateKeyFromProtobuf(saved)
  const key = await generateKeyPair('Ed25519')
  await store?.write(KEY, privateKeyToProtobuf(key))
  return key
}

/** A port is taken, or an address is not this machine's. */
export class BridgeCannotListen extends GlowwormError {
  constructor(addresses: readonly string[], cause: unknown) {
    super(
      { name: 'Network.BridgeCannotListen', code: 'BRIDGE_CANNOT_LISTEN', kind: 'usage' },
      `the bridge cannot listen on ${addresses.join(', ')}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause, next: 'Choose another port or host, or stop what uses it.' },
    )
  }
}
