/**
 * The swarm's transports in Node: WebSocket and TCP always; webrtc-direct and QUIC where their native libraries are
 * installed. Those are loaded when a node is made, and a node without them is told, not stopped.
 * @module
 */
import { mplex } from '@libp2p/mplex'
import { tcp } from '@libp2p/tcp'
import { webSockets } from '@libp2p/websockets'
import { withKeptKeys } from '../infrastructure/record-keys.ts'
import { surviveBadFrames } from '../infrastructure/websocket-listener-repair.ts'
import { inHalfWindows } from '../infrastructure/window-updates.ts'
import type { TransportFactory } from '../node-types.ts'
import { type Upgrade, upgrade } from './upgrade.ts'

export interface NodeListen {
  /** IPv4 or IPv6 address to bind, e.g. `127.0.0.1` or `0.0.0.0`. */
  readonly host: string
  /** Ports; 0 takes a free one, undefined leaves the transport out. */
  readonly wsPort?: number
  readonly webrtcDirectPort?: number
  readonly tcpPort?: number
  readonly quicPort?: number
}

export interface NodeTransports extends Upgrade {
  readonly transports: TransportFactory[]
  readonly listen: string[]
}

const CERTIFICATE_LIFESPAN = 14 * 24 * 3600 * 1000

/**
 * @param listen absent: for a node that only dials
 * @param report told what is missing, in words for a person
 */
export async function nodeTransports(
  listen: NodeListen | null,
  report: (message: string) => void,
): Promise<NodeTransports> {
  const transports = [surviveBadFrames(webSockets()), tcp()]
  const addresses: string[] = []
  const ip = listen && `/ip${listen.host.includes(':') ? 6 : 4}/${listen.host}`
  if (listen?.wsPort !== undefined) addresses.push(`${ip}/tcp/${listen.wsPort}/ws`)
  if (listen?.tcpPort !== undefined) addresses.push(`${ip}/tcp/${listen.tcpPort}`)

  if (listen === null || listen.webrtcDirectPort !== undefined) {
    const webrtc = await loadWebRtc(report)
    if (webrtc) {
      transports.push(webrtc)
      if (listen) addresses.push(`${ip}/udp/${listen.webrtcDirectPort}/webrtc-direct`)
    }
  }
  if (listen === null || listen.quicPort !== undefined) {
    const quic = await loadQuic(report)
    if (quic) {
      transports.push(quic)
      if (listen) addresses.push(`${ip}/udp/${listen.quicPort}/quic-v1`)
    }
  }
  return { transports, listen: addresses, ...nodeUpgrade() }
}

/** The same as for documents, with what saves a process that serves many its time. */
export function nodeUpgrade(): Upgrade {
  const { connectionEncrypters, streamMuxers } = upgrade([mplex()])
  return {
    connectionEncrypters: connectionEncrypters.map(withKeptKeys),
    streamMuxers: streamMuxers.map(inHalfWindows),
  }
}

async function loadWebRtc(report: (message: string) => void): Promise<TransportFactory | null> {
  try {
    const { webRTCDirect } = await import('@libp2p/webrtc')
    return webRTCDirect({ rtcConfiguration: { iceServers: [] }, certificateLifespan: CERTIFICATE_LIFESPAN })
  } catch (error) {
    report(
      `WebRTC is not available here (${wordsOf(error)}). Peers are reached over WebSocket and TCP only. ` +
        'Reinstall with optional dependencies to get it.',
    )
    return null
  }
}

async function loadQuic(report: (message: string) => void): Promise<TransportFactory | null> {
  try {
    const { quic } = await import('@chainsafe/libp2p-quic')
    return quic() as unknown as TransportFactory
  } catch (error) {
    report(`QUIC is not available here (${wordsOf(error)}). Install @chainsafe/libp2p-quic to get it.`)
    return null
  }
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0]!
