/**
 * The node in a page or an extension's offscreen document. It keeps connected to bridges, meets other browsers over
 * WebRTC, offers every connected peer that serves evidence as an `EvidenceSource`, and takes part in the gossip of
 * light-client updates. Load it lazily: it brings libp2p with it.
 * @module
 */
import { identify } from '@libp2p/identify'
import { ping } from '@libp2p/ping'
import { createLibp2p } from 'libp2p'
import type { Clock } from '../../infrastructure/ports.ts'
import { PRODUCT } from '../../product.ts'
import type { EvidenceSource } from '../evidence-source.ts'
import { type ConnectionSummary, isRelayed, type PeerRole, summaryOf } from './carrier.ts'
import { EVIDENCE_PROTOCOL } from './evidence-protocol.ts'
import {
  type GossipSub,
  joinUpdates,
  type UpdateKind,
  type Updates,
  type UpdatesOptions,
  updatesGossip,
} from './gossip.ts'
import { installUpstreamRepairs } from './infrastructure/browser-repairs.ts'
import { type BridgeState, groupBridges, keepBridge } from './keep-bridge.ts'
import { meetPeers } from './meet-peers.ts'
import { type NetworkIdentity, networkLabel, updatesTopic } from './network-identity.ts'
import type { ConnectionGater, Libp2p, PeerId } from './node-types.ts'
import { type PeerConnectionBudget, peerConnectionBudget } from './peer-connection-budget.ts'
import { peerSource } from './peer-source.ts'
import { type EvidenceServer, serveEvidence } from './serve-evidence.ts'
import { createShutOut } from './shut-out.ts'
import { stunUrl } from './stun-url.ts'
import { documentTransports } from './transports/in-documents.ts'

export interface BrowserNodeOptions extends UpdatesOptions {
  /** Multiaddrs of at most 16 bridges; several of one bridge are tried in turn, webrtc-direct first. */
  readonly bridges: readonly string[]
  readonly network: NetworkIdentity
  readonly clock: Clock
  /** A peer that serves evidence is connected. */
  readonly onSource: (source: EvidenceSource) => void
  /** It is gone; `id` is the description's id. The source is closed already. */
  readonly onSourceGone: (id: string) => void
  /** What this page answers others with: only what it holds and has verified. Absent: it serves nothing. */
  readonly serve?: EvidenceSource
  /** Other browsers to stay connected to, bridges not counted. Default 8. */
  readonly maxPeers?: number
  /** STUN or TURN servers of the user's choice, beside the bridges' own STUN. They learn this page's address. */
  readonly iceServers?: readonly RTCIceServer[]
  readonly onBridgeState?: (peerId: string, state: BridgeState) => void
  /** Closes the node. */
  readonly signal?: AbortSignal
}

export interface BrowserNode {
  readonly peerId: string
  /** Open connections, relayed signalling connections included (`direct: false`). */
  connections(): ConnectionSummary[]
  sources(): EvidenceSource[]
  bridges(): { readonly peerId: string; readonly state: BridgeState }[]
  /** Addresses other browsers can dial, e.g. `<bridge>/p2p-circuit/webrtc/p2p/<id>`. */
  multiaddrs(): string[]
  readonly verdicts: Updates['verdicts']
  /** The servers the next peer connection will ask: those of connected bridges, and the user's own. */
  iceServers(): RTCIceServer[]
  /** How often the work-around of `upstream-faults.ts` let a dial finish. */
  repairHits(): number
  publish(kind: UpdateKind, bytes: Uint8Array): Promise<number>
  /** Ends the connections to a peer that was caught lying; it gets none again. */
  bar(peerId: string): void
  /** Tries lost bridges at once; for when the page becomes visible or online again. */
  wake(): void
  close(): Promise<void>
}

const MAX_PEERS = 8
const MAX_BRIDGES = 16

/** Resolves once the node runs, connected or not. @throws {InvalidInput} when a bridge address is malformed */
export async function createBrowserNode(options: BrowserNodeOptions): Promise<BrowserNode> {
  const bridges = groupBridges(options.bridges).slice(0, MAX_BRIDGES)
  const bridgeIds = new Set(bridges.map(({ peerId }) => peerId.toString()))
  const maxPeers = options.maxPeers ?? MAX_PEERS
  const topic = updatesTopic(options.network)
  const repair = installUpstreamRepairs()
  const shutOut = createShutOut()
  const isBarred = (peer: PeerId) => shutOut.isBarred(peer.toString(), options.clock.now())
  const budget = peerConnectionBudget(options.clock)
  const gate = gateFor(bridgeIds, maxPeers, () => node, isBarred, budget)
  /** By bridge; one that is not connected is not asked. */
  const stun = new Map<string, string>()
  const iceServers = (): RTCIceServer[] => [
    ...[...new Set(stun.values())].map((urls) => ({ urls })),
    ...(options.iceServers ?? []),
  ]
  // one search per bridge: each reserves a place on another one
  const { listen, ...carried } = await documentTransports({
    dials: options.bridges,
    relays: bridges.length,
    iceServers,
  })

  const created = await createLibp2p({
    nodeInfo: { name: PRODUCT.slug, version: PRODUCT.version, userAgent: PRODUCT.slug },
    addresses: { listen },
    ...carried,
    connectionGater: gate.gater,
    connectionManager: { maxConnections: (maxPeers + bridges.length) * 3 },
    // a tab that was closed says nothing; the default of ten seconds is long for somebody who waits for evidence
    connectionMonitor: { pingInterval: 5_000 },
    services: { identify: identify(), ping: ping(), pubsub: updatesGossip(topic) },
  })
  const node: Libp2p = created

  const closing = new AbortController()
  const roleOf = (id: string): PeerRole => (bridgeIds.has(id) ? 'bridge' : 'peer')
  const sources = followSources(node, options, roleOf)
  const hangUp = (id: string) => {
    for (const connection of node.getConnections().filter(({ remotePeer }) => remotePeer.toString() === id))
      connection.abort(new Error('this peer was caught with falsehoods'))
  }
  const updates = joinUpdates(created.services.pubsub as GossipSub, topic, {
    ...options,
    onFalse(from) {
      options.onFalse?.(from)
      if (shutOut.passedOnFalse(from, options.clock.now())) hangUp(from)
    },
  })
  let server: EvidenceServer | undefined
  try {
    if (options.serve) server = await serveEvidence(node, options.serve, options)
  } catch (error) {
    await node.stop()
    throw error
  }

  const label = networkLabel(options.network)
  const states = new Map<string, BridgeState>()
  const meeting = meetPeers({
    node,
    clock: options.clock,
    maxPeers,
    budget,
    isBridge: (id) => bridgeIds.has(id),
    signal: closing.signal,
  })
  let waking = Promise.withResolvers<void>()
  const keepers = bridges.map((bridge) =>
    keepBridge({
      node,
      bridge,
      label,
      clock: options.clock,
      signal: closing.signal,
      dial: gate.ownDial,
      onState(state) {
        states.set(bridge.peerId.toString(), state)
        if (state.state !== 'connected') stun.delete(bridge.peerId.toString())
        options.onBridgeState?.(bridge.peerId.toString(), state)
      },
      onAnnouncement(connection, { peers, stun: port }) {
        const url = port === null ? null : stunUrl(connection.remoteAddr, port)
        if (url) stun.set(bridge.peerId.toString(), url)
        meeting.heardOf(connection, peers)
      },
      woken: () => waking.promise,
    }),
  )

  const close = async () => {
    if (closing.signal.aborted) return
    closing.abort(new Error('the node was closed'))
    options.signal?.removeEventListener('abort', onAbort)
    updates.leave()
    await server?.close()
    await Promise.all(keepers)
    await node.stop()
    sources.close()
  }
  const onAbort = () => void close()
  options.signal?.addEventListener('abort', onAbort, { once: true })
  if (options.signal?.aborted) await close()

  return {
    peerId: node.peerId.toString(),
    connections: () =>
      node.getConnections().map((connection) => summaryOf(connection, roleOf(connection.remotePeer.toString()))),
    sources: sources.list,
    bridges: () => [...states].map(([peerId, state]) => ({ peerId, state })),
    multiaddrs: () => node.getMultiaddrs().map(String),
    verdicts: updates.verdicts,
    iceServers,
    repairHits: repair.hits,
    publish: updates.publish,
    bar(id) {
      shutOut.bar(id)
      hangUp(id)
    },
    wake() {
      waking.resolve()
      waking = Promise.withResolvers()
      meeting.wake()
    },
    close,
  }
}

/**
 * libp2p's defaults for browsers refuse private addresses and plain WebSocket, which a bridge at home needs. Bridges
 * are dialled by `keepBridge` only: libp2p's relay search would dial a lost bridge once, fail, and from then on never
 * reserve a place on it again (its filter of invalid relays; a denied dial does not count as one).
 */
function gateFor(
  bridgeIds: ReadonlySet<string>,
  maxPeers: number,
  node: () => Libp2p,
  isBarred: (peer: PeerId) => boolean,
  budget: PeerConnectionBudget,
) {
  let ownDials = 0
  const full = (peer: PeerId) => {
    const others = new Set(node().getPeers().map(String))
    for (const id of bridgeIds) others.delete(id)
    others.delete(peer.toString())
    return others.size >= maxPeers && !bridgeIds.has(peer.toString())
  }
  const gater: ConnectionGater = {
    denyDialMultiaddr: () => false,
    denyDialPeer: (peer) => isBarred(peer) || (bridgeIds.has(peer.toString()) && ownDials === 0),
    // a relayed connection is there for one purpose: to begin a peer connection
    denyInboundRelayedConnection: (_relay, peer) => full(peer) || isBarred(peer) || !budget.take(),
    denyInboundUpgradedConnection: (peer) => full(peer) || isBarred(peer),
  }
  return {
    gater,
    async ownDial<T>(work: () => Promise<T>): Promise<T> {
      ownDials += 1
      try {
        return await work()
      } finally {
        ownDials -= 1
      }
    },
  }
}

/** Turns connections into sources: a peer counts while it has a direct connection and speaks the evidence protocol. */
function followSources(node: Libp2p, options: BrowserNodeOptions, roleOf: (id: string) => PeerRole) {
  const sources = new Map<string, EvidenceSource>()
  const drop = (id: string) => {
    const source = sources.get(id)
    if (!source) return
    sources.delete(id)
    void source.close()
    options.onSourceGone(id)
  }
  node.addEventListener('peer:identify', (event) => {
    const { peerId, protocols, connection } = event.detail
    const id = peerId.toString()
    if (sources.has(id) || isRelayed(connection) || connection.status !== 'open') return
    if (!protocols.includes(EVIDENCE_PROTOCOL)) return
    const source = peerSource(node, peerId, { clock: options.clock, role: roleOf(id) })
    sources.set(id, source)
    options.onSource(source)
  })
  node.addEventListener('connection:close', (event) => {
    const peer = event.detail.remotePeer
    const left = node
      .getConnections(peer)
      .some((other) => other.id !== event.detail.id && other.status === 'open' && !isRelayed(other))
    if (!left) drop(peer.toString())
  })
  return {
    list: () => [...sources.values()],
    close() {
      for (const id of [...sources.keys()]) drop(id)
    },
  }
}
