/**
 * This process as a light client on Ethereum's consensus network: keeps the nodes it was given connected, asks them as
 * sources of evidence, takes part in the gossip of updates, and serves what it has itself verified.
 * @module
 */

import type { Hashes } from '@glowworm/wasm-core'
import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import type { GossipSub } from '@libp2p/gossipsub'
import { identify } from '@libp2p/identify'
import { mplex } from '@libp2p/mplex'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'
import { GlowwormError } from '../../errors.ts'
import type { ByteStore, Clock } from '../../infrastructure/ports.ts'
import type { NetworkProfile } from '../../ledgers/ethereum/profile.ts'
import { PRODUCT } from '../../product.ts'
import type { EvidenceSource } from '../evidence-source.ts'
import type { ValidateUpdate } from '../libp2p/gossip.ts'
import { listenFailure } from '../libp2p/listen-failure.ts'
import type { Connection, Libp2p, TransportFactory } from '../libp2p/node-types.ts'
import { answerMethods } from './answer-methods.ts'
import { type BeaconP2pSource, beaconP2pSource } from './beacon-p2p-source.ts'
import { readConsensusAddresses } from './consensus-address.ts'
import type { GossipKind } from './gossip-topics.ts'
import { type ConsensusGossip, consensusGossip, joinGossip } from './join-gossip.ts'
import { type ConsensusPeer, type ConsensusPeerState, keepConsensusPeer, sayGoodbye } from './keep-consensus-peer.ts'
import { GOODBYE_REASON } from './methods.ts'
import { sameNetwork } from './node-state.ts'
import { type Fault, peerStanding } from './peer-standing.ts'
import type { RequestTimes } from './request-chunks.ts'

export interface ConsensusNodeOptions {
  readonly profile: NetworkProfile
  readonly hashes: Hashes
  readonly clock: Clock
  /** Multiaddrs that end in `/p2p/<peer id>`, and node records (`enr:…`). */
  readonly peers: readonly string[]
  /** Where other nodes may connect; absent: nowhere. Port 0 takes a free one. */
  readonly listen?: { readonly host: string; readonly tcpPort: number }
  /** What is served to consensus peers: only what was verified. The caller closes it. */
  readonly verified: EvidenceSource
  /** The real verifier's verdict on an update. */
  readonly validate: ValidateUpdate
  readonly onUpdate?: (kind: GossipKind, bytes: Uint8Array, from: string) => void
  /** Keeps the private key, so that the peer id survives restarts. Holds a secret: readable by its owner only. */
  readonly store?: ByteStore
  readonly times?: RequestTimes
  /** Milliseconds between two questions to one node for its newest update. */
  readonly pollInterval?: number
  readonly report?: (message: string) => void
}

export interface ConsensusPeerSummary {
  readonly peerId: string
  readonly state: ConsensusPeerState['state']
}

export interface ConsensusNode {
  readonly peerId: string
  multiaddrs(): string[]
  /** One for each node that was named. */
  readonly sources: readonly EvidenceSource[]
  /** The named nodes with their state. */
  peers(): ConsensusPeerSummary[]
  /** All connections, also those that others have opened. */
  connections(): string[]
  readonly gossip: Pick<ConsensusGossip, 'verdicts' | 'topics'>
  /** Publishes verified evidence. @returns the number of peers it went to */
  publish(kind: GossipKind, bytes: Uint8Array): Promise<number>
  /** For a provable lie: disconnects, and has nothing to do with the peer any more. */
  ban(peerId: string): Promise<void>
  close(): Promise<void>
}

const KEY = 'consensus-peer-key'
const MAX_CONNECTIONS = 64
/** mplex drops a connection on which more streams are opened in a second. Its default is 5; a handshake takes more. */
const NEW_STREAMS_PER_SECOND = 50

/** @throws {InvalidInput} for a malformed address @throws {ConsensusNodeCannotListen} */
export async function createConsensusNode(options: ConsensusNodeOptions): Promise<ConsensusNode> {
  const { profile, hashes, clock, report } = options
  const addresses = readConsensusAddresses(options.peers)
  const standing = peerStanding(clock)
  const node = await startNode(options, (peer) => standing.isBarred(peer))
  const closing = new AbortController()

  const part = (connection: Connection, reason: bigint) =>
    sayGoodbye(connection, reason, clock).finally(() => connection.abort(new Error('parted'))) // closing would wait for its streams
  const partFrom = async (peer: string) => {
    const connections = node.getConnections().filter(({ remotePeer }) => remotePeer.toString() === peer)
    await Promise.all(connections.map((connection) => part(connection, GOODBYE_REASON.fault)))
  }
  const onFault = (peer: string, fault: Fault) => {
    if (!standing.report(peer, fault)) return
    report?.(`consensus peer ${peer} is barred for an hour: too many faults, the last one "${fault}"`)
    void partFrom(peer)
  }

  try {
    const stopAnswering = await answerMethods(node, {
      profile,
      hashes,
      clock,
      verified: options.verified,
      onStatus(connection, status) {
        if (!sameNetwork(status, profile, clock.now(), hashes)) void part(connection, GOODBYE_REASON.irrelevantNetwork)
      },
      onGoodbye: (connection) => void connection.close().catch(() => {}),
      onGreed: (peer) => onFault(peer, 'greedy'),
    })
    const sources = new Map<string, BeaconP2pSource>()
    const gossip = joinGossip(node.services.pubsub as GossipSub, {
      profile,
      hashes,
      clock,
      validate: options.validate,
      onUpdate(kind, bytes, from) {
        sources.get(from)?.heard(kind, bytes)
        options.onUpdate?.(kind, bytes, from)
      },
      onRejected: (peer) => onFault(peer, 'rejected'),
    })
    const peers: ConsensusPeer[] = addresses.map((address) =>
      keepConsensusPeer({
        node,
        address,
        profile,
        hashes,
        clock,
        isBarred: () => standing.isBarred(address.peerId.toString()),
        signal: closing.signal,
        ...(options.times ? { times: options.times } : {}),
        ...(report ? { report } : {}),
      }),
    )
    for (const peer of peers)
      sources.set(
        peer.peerId,
        beaconP2pSource({
          peerId: peer.peerId,
          connection: peer.connection,
          carrier: () => peer.carrier,
          profile,
          hashes,
          clock,
          onFault: (fault) => onFault(peer.peerId, fault),
          ...(options.times ? { times: options.times } : {}),
          ...(options.pollInterval === undefined ? {} : { pollInterval: options.pollInterval }),
        }),
      )

    return {
      peerId: node.peerId.toString(),
      multiaddrs: () => node.getMultiaddrs().map(String),
      sources: [...sources.values()],
      peers: () => peers.map(({ peerId, state }) => ({ peerId, state: state.state })),
      connections: () => node.getConnections().map(({ remotePeer }) => remotePeer.toString()),
      gossip,
      publish: gossip.publish,
      async ban(peer) {
        standing.ban(peer)
        await partFrom(peer)
      },
      async close() {
        closing.abort(new Error('the node is closing'))
        gossip.leave()
        await Promise.all(node.getConnections().map((connection) => part(connection, GOODBYE_REASON.clientShutDown)))
        await stopAnswering()
        await Promise.all([...sources.values()].map((source) => source.close()))
        await Promise.all(peers.map(({ ended }) => ended))
        await node.stop()
      },
    }
  } catch (error) {
    closing.abort(error)
    await node.stop()
    throw error
  }
}

async function startNode(options: ConsensusNodeOptions, isBarred: (peer: string) => boolean): Promise<Libp2p> {
  const { profile, hashes, listen, store } = options
  const ip = listen && `/ip${listen.host.includes(':') ? 6 : 4}/${listen.host}`
  const addresses = listen ? [`${ip}/tcp/${listen.tcpPort}`] : []
  const init = {
    privateKey: await loadKey(store),
    nodeInfo: { name: PRODUCT.slug, version: PRODUCT.version, userAgent: `${PRODUCT.slug}/${PRODUCT.version}` },
    addresses: { listen: addresses },
    transports: await transportsFor(options),
    connectionEncrypters: [noise()],
    // consensus nodes must speak mplex and may speak yamux
    streamMuxers: [yamux(), mplex({ disconnectThreshold: NEW_STREAMS_PER_SECOND })],
    connectionManager: { maxConnections: MAX_CONNECTIONS, inboundConnectionThreshold: 20 },
    connectionGater: {
      denyDialMultiaddr: () => false,
      denyDialPeer: (peer: { toString(): string }) => isBarred(peer.toString()),
      denyInboundEncryptedConnection: (peer: { toString(): string }) => isBarred(peer.toString()),
    },
    services: { identify: identify(), pubsub: consensusGossip(profile, hashes) },
  }
  return createLibp2p(init).catch((cause) => {
    throw new ConsensusNodeCannotListen(addresses, cause)
  })
}

/** QUIC needs a native library that is optional, and is loaded only when an address asks for it. */
async function transportsFor({ peers, report }: ConsensusNodeOptions): Promise<TransportFactory[]> {
  if (!peers.some((address) => address.includes('/quic-v1'))) return [tcp()]
  try {
    const { quic } = await import('@chainsafe/libp2p-quic')
    return [tcp(), quic()]
  } catch (error) {
    report?.(
      `QUIC is not available here (${error instanceof Error ? error.message : String(error)}). ` +
        'Install @chainsafe/libp2p-quic, or give TCP addresses.',
    )
    return [tcp()]
  }
}

/** Consensus nodes have keys on secp256k1. */
async function loadKey(store: ByteStore | undefined) {
  const saved = await store?.read(KEY)
  if (saved) return privateKeyFromProtobuf(saved)
  const key = await generateKeyPair('secp256k1')
  await store?.write(KEY, privateKeyToProtobuf(key))
  return key
}

/** The port for consensus nodes is taken, or the address is not this machine's. */
export class ConsensusNodeCannotListen extends GlowwormError {
  constructor(addresses: readonly string[], cause: unknown) {
    super(
      { name: 'Network.ConsensusNodeCannotListen', code: 'CONSENSUS_NODE_CANNOT_LISTEN', kind: 'usage' },
      `the consensus node cannot start on ${addresses.join(', ') || 'no address'}: ${listenFailure(cause)}`,
      { cause, next: 'Choose another port or host, or stop what uses it.' },
    )
  }
}
