import type { Carrier, SourceDescription } from '../evidence-source.ts'
import { type Origin, originsOfMultiaddr } from '../peer-book/origins.ts'
import type { Connection } from './node-types.ts'

/** `relay`: through a third peer, for signalling only; evidence never travels that way. */
export type ConnectionCarrier = PeerCarrier | 'relay'

/** What evidence of a peer can travel over. */
export type PeerCarrier = Exclude<Carrier, 'beacon-rest' | 'execution-rpc' | 'file'>

/** What a connection looks like to a person or a test. */
export interface ConnectionSummary {
  readonly peerId: string
  readonly carrier: ConnectionCarrier
  /** Nobody stands between: the connection is not relayed. */
  readonly direct: boolean
  readonly remoteAddr: string
  readonly role: PeerRole
}

export type PeerRole = 'bridge' | 'peer'

/** In the order in which evidence takes them; WebRTC first, because it does not need the peer to hold a TLS certificate. */
const WORDS: Record<PeerCarrier, string> = {
  'webrtc-direct': 'WebRTC',
  webrtc: 'WebRTC',
  webtransport: 'WebTransport',
  quic: 'QUIC',
  websocket: 'WebSocket',
  tcp: 'TCP',
}
const PREFERENCE: readonly string[] = Object.keys(WORDS)

/** Told from the address the connection has, not from what the peer says. */
export function carrierOf(connection: Connection): ConnectionCarrier {
  if (isRelayed(connection)) return 'relay'
  const address = connection.remoteAddr.toString()
  if (/\/webrtc(\/|$)/.test(address)) return 'webrtc'
  if (address.includes('/webrtc-direct')) return 'webrtc-direct'
  if (/\/(ws|wss)(\/|$)/.test(address)) return 'websocket'
  if (address.includes('/webtransport')) return 'webtransport'
  if (address.includes('/quic-v1')) return 'quic'
  return 'tcp'
}

/** A relayed connection is limited in bytes and time; libp2p says so in `limits`. */
export function isRelayed(connection: Connection): boolean {
  return connection.limits !== undefined
}

/** The open direct connection evidence should travel over. */
export function bestConnection(connections: readonly Connection[]): Connection | undefined {
  const usable = connections.filter((connection) => connection.status === 'open' && !isRelayed(connection))
  return usable.sort((a, b) => PREFERENCE.indexOf(carrierOf(a)) - PREFERENCE.indexOf(carrierOf(b)))[0]
}

export function summaryOf(connection: Connection, role: PeerRole): ConnectionSummary {
  return {
    peerId: connection.remotePeer.toString(),
    carrier: carrierOf(connection),
    direct: !isRelayed(connection),
    remoteAddr: connection.remoteAddr.toString(),
    role,
  }
}

/** `bridge 12D3…k7xQ over WebRTC` */
export function describePeer(
  peerId: string,
  role: PeerRole,
  carrier: PeerCarrier,
  origins: readonly Origin[],
): SourceDescription {
  const words = `${role} ${peerId.slice(0, 4)}…${peerId.slice(-4)} over ${WORDS[carrier]}`
  return { id: peerId, carrier, words, origins }
}

/**
 * In whose hands a peer may be, from all its connections: a browser that dialled us shows no address of its own, but
 * the relayed connection it came by shows the bridge that introduced it.
 */
export function originsOf(connections: readonly Connection[], peerId: string, role: PeerRole): readonly Origin[] {
  const self = role === 'bridge' ? peerId : null
  return [...new Set(connections.flatMap(({ remoteAddr }) => originsOfMultiaddr(remoteAddr.toString(), self)))].slice(
    0,
    8,
  )
}

/** Names are free, addresses less so: peers with the same group share what one address may have. */
export const addressGroup = ({ remoteAddr }: Pick<Connection, 'remoteAddr'>): string | undefined =>
  originsOfMultiaddr(remoteAddr.toString(), null)[0]
