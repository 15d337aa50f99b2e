/**
 * The swarm's transports where there is a document (a page, an extension's offscreen document) or a worker.
 *
 * | dials and listens                    | dials only                                     |
 * | ------------------------------------ | ---------------------------------------------- |
 * | WebRTC, signalled by a circuit relay | WebSocket, webrtc-direct, WebTransport, relays |
 *
 * Workers have no WebRTC: there it is left out, and WebSocket and WebTransport remain. WebTransport is loaded when an
 * address asks for it. It is untested: no server of it runs in Node, and libp2p's listens nowhere else.
 * @module
 */
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { webRTC, webRTCDirect } from '@libp2p/webrtc'
import { webSockets } from '@libp2p/websockets'
import { hasPeerConnections, hasWebTransport } from '../infrastructure/platform.ts'
import type { TransportFactory } from '../node-types.ts'
import { type Upgrade, upgrade } from './upgrade.ts'

export interface DocumentTransports extends Upgrade {
  readonly transports: TransportFactory[]
  /** Addresses to listen on; a place on a relay is asked for once per `/p2p-circuit`. */
  readonly listen: string[]
}

export interface DocumentTransportOptions {
  /** Addresses that will be dialled. */
  readonly dials: readonly string[]
  /** Relays to reserve a place on. */
  readonly relays: number
  /** Asked for at each new peer connection. An empty list: no server learns this page's address. */
  readonly iceServers: () => readonly RTCIceServer[]
}

export async function documentTransports(options: DocumentTransportOptions): Promise<DocumentTransports> {
  const { dials, relays, iceServers } = options
  const transports: TransportFactory[] = [webSockets(), circuitRelayTransport()]
  const listen = Array.from({ length: relays }, () => '/p2p-circuit')
  if (hasPeerConnections()) {
    // libp2p takes public servers of several companies where the list is missing, so it never is
    const rtcConfiguration = () => ({ iceServers: [...iceServers()] })
    transports.push(webRTC({ rtcConfiguration }), webRTCDirect({ rtcConfiguration: { iceServers: [] } }))
    listen.push('/webrtc')
  }
  if (hasWebTransport() && dials.some((address) => address.includes('/webtransport'))) {
    const { webTransport } = await import('@libp2p/webtransport')
    transports.push(webTransport())
  }
  return { transports, listen, ...upgrade() }
}
