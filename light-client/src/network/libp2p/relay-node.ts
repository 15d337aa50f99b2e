/**
 * The half of a bridge that lets browsers find and reach each other: circuit relay for signalling, rendezvous, STUN.
 * On its own it is a relay that has no evidence and takes no part in gossip.
 * @module
 */

import { circuitRelayServer } from '@libp2p/circuit-relay-v2'
import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import { identify } from '@libp2p/identify'
import { keychain } from '@libp2p/keychain'
import { ping } from '@libp2p/ping'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { GlowwormError, InvalidInput } from '../../errors.ts'
import type { ByteStore, Clock } from '../../infrastructure/ports.ts'
import { platformRandom } from '../../infrastructure/random.ts'
import { PRODUCT } from '../../product.ts'
import { type StunServer, startStunServer } from '../stun/infrastructure/stun-server.ts'
import type { StunCounts } from '../stun/stun-responder.ts'
import { type ConnectionSummary, summaryOf } from './carrier.ts'
import { certificateStore } from './certificate-store.ts'
import type { updatesGossip } from './gossip.ts'
import { quietly } from './infrastructure/quietly.ts'
import { givePlaceBack, noteProtocolsOnce } from './infrastructure/upstream-faults.ts'
import { listenFailure } from './listen-failure.ts'
import { type NetworkIdentity, networkLabel } from './network-identity.ts'
import type { Libp2p } from './node-types.ts'
import { hostRendezvous, type Rendezvous } from './rendezvous.ts'
import { type Reservations, reservationsOf, shareConnections, shareReservations } from './shares.ts'
import { type NodeListen, nodeTransports } from './transports/in-node.ts'

export interface BridgeListen extends NodeListen {
  /** UDP port on which STUN is answered; 0 takes a free one, undefined: it is not. */
  readonly stunPort?: number
}

export interface RelayNodeOptions {
  readonly network: NetworkIdentity
  readonly listen: BridgeListen
  readonly clock: Clock
  /**
   * Keeps the node's private key and its webrtc-direct certificate, so that its addresses survive restarts. Without it
   * the node is a new one each time. Holds secrets: readable by its owner only.
   */
  readonly store?: ByteStore
  /** Further addresses to announce, e.g. of a TLS proxy: `/dns4/bridge.example/tcp/443/wss`. */
  readonly announce?: readonly string[]
  /** Told what is degraded, in words for a person. */
  readonly report?: (message: string) => void
}

export interface RelayNode {
  readonly peerId: string
  /** Addresses to give to browsers; each ends in `/p2p/<peer id>`. */
  multiaddrs(): string[]
  peers(): ConnectionSummary[]
  /** Browsers that can be found through this node now. */
  members(): readonly string[]
  /** Null where STUN is not answered. */
  readonly stun: { readonly port: number; readonly counts: Readonly<StunCounts> } | null
  close(): Promise<void>
}

const KEY = 'libp2p-peer-key'
/** Half of them, each, may be of one group of addresses. */
const MAX_CONNECTIONS = 1000
const MAX_RESERVATIONS = 256

/** @throws {BridgeCannotListen} @throws {InvalidInput} */
export async function createRelayNode(options: RelayNodeOptions): Promise<RelayNode> {
  const { relay } = await startRelay(options)
  return relay
}

function readAnnounced(text: string): string {
  try {
    return multiaddr(text).toString()
  } catch (cause) {
    throw new InvalidInput('--announce', `"${text}": ${(cause as Error).message}`)
  }
}

/** The libp2p node too, for who adds to it before anybody knows its address. */
export async function startRelay(
  options: RelayNodeOptions,
  pubsub?: ReturnType<typeof updatesGossip>,
): Promise<{ readonly node: Libp2p; readonly relay: RelayNode; readonly rendezvous: Rendezvous }> {
  const { listen, ...carried } = await nodeTransports(options.listen, options.report ?? (() => {}))
  if (listen.length === 0)
    throw new InvalidInput('listen', 'expected at least one port of a transport that works here, e.g. wsPort')
  const announced = (options.announce ?? []).map(readAnnounced)
  const stun = await listenForStun(options)
  let node: Libp2p | undefined
  try {
    node = await createLibp2p({
      privateKey: await loadKey(options.store),
      ...(options.store ? { datastore: await certificateStore(options.store) } : {}),
      ...quietly(),
      nodeInfo: { name: PRODUCT.slug, version: PRODUCT.version, userAgent: `${PRODUCT.slug}/${PRODUCT.version}` },
      addresses: { listen, appendAnnounce: announced },
      ...carried,
      // many browsers share one address behind NAT, a proxy, or in tests
      connectionManager: {
        inboundConnectionThreshold: 100,
        maxIncomingPendingConnections: 100,
        maxConnections: MAX_CONNECTIONS,
      },
      connectionGater: shareConnections(() => node?.getConnections() ?? [], MAX_CONNECTIONS),
      services: {
        identify: identify(),
        ping: ping(),
        relay: circuitRelayServer({ reservations: { maxReservations: MAX_RESERVATIONS } }),
        ...(pubsub ? { pubsub } : {}),
        ...(options.store ? { keychain: keychain() } : {}),
      },
    }).catch((cause) => {
      throw new BridgeCannotListen(listen, cause)
    })
    noteProtocolsOnce(node)
    const reservations = reservationsOf(node)
    shareReservations(reservations, MAX_RESERVATIONS)
    forgetWhoLeft(node, reservations)
    const rendezvous = await hostRendezvous(node, {
      label: networkLabel(options.network),
      clock: options.clock,
      random: platformRandom,
      stun: stun?.port,
    })
    return { node, relay: relayOf(node, rendezvous, stun), rendezvous }
  } catch (error) {
    await node?.stop()
    await stun?.close()
    throw error
  }
}

function relayOf(node: Libp2p, rendezvous: Rendezvous, stun: StunServer | null): RelayNode {
  return {
    peerId: node.peerId.toString(),
    multiaddrs: () => node.getMultiaddrs().map(String),
    peers: () => node.getConnections().map((connection) => summaryOf(connection, 'peer')),
    members: rendezvous.members,
    stun,
    async close() {
      await rendezvous.close()
      await node.stop()
      await stun?.close()
    },
  }
}

/**
 * libp2p keeps what it learned of a peer for hours after it has left, and drops it only when somebody asks for it again
 * (@libp2p/peer-store 12: `store.ts`). A node that strangers come to would fill its memory with them; this one dials
 * nobody. Nor is a place at the relay kept for two hours for who is gone.
 */
function forgetWhoLeft(node: Libp2p, reservations: Reservations): void {
  node.addEventListener('peer:disconnect', ({ detail: peer }) => {
    if (node.getConnections(peer).length > 0) return
    givePlaceBack(reservations, peer)
    node.peerStore.delete(peer).catch(() => {}) // the node is stopping: all of it goes
  })
}

async function listenForStun({ listen, clock }: RelayNodeOptions): Promise<StunServer | null> {
  if (listen.stunPort === undefined) return null
  try {
    return await startStunServer(listen.host, listen.stunPort, clock)
  } catch (cause) {
    throw new BridgeCannotListen([`${listen.host}, UDP port ${listen.stunPort} (STUN)`], cause)
  }
}

async function loadKey(store: ByteStore | undefined) {
  const saved = await store?.read(KEY)
  if (saved) {
    try {
      return privateKeyFromProtobuf(saved)
    } catch (cause) {
      throw new IdentityUnreadable(cause)
    }
  }
  const key = await generateKeyPair('Ed25519')
  await store?.write(KEY, privateKeyToProtobuf(key))
  return key
}

/** With another key the node would be another one: that is for its operator to decide. */
export class IdentityUnreadable extends GlowwormError {
  constructor(cause: unknown) {
    super(
      { name: 'Network.IdentityUnreadable', code: 'IDENTITY_UNREADABLE', kind: 'usage' },
      `the kept peer key (${KEY}) cannot be read`,
      { cause, next: 'Restore it from a copy, or start with another folder: browsers then need the new addresses.' },
    )
  }
}

/** A port is taken, or an address is not this machine's. */
export class BridgeCannotListen extends GlowwormError {
  constructor(addresses: readonly string[], cause: unknown) {
    super(
      { name: 'Network.BridgeCannotListen', code: 'BRIDGE_CANNOT_LISTEN', kind: 'usage' },
      `the bridge cannot listen on ${addresses.join(', ')}: ${listenFailure(cause)}`,
      { cause, next: 'Choose another port or host, or stop what uses it.' },
    )
  }
}
