/** What makes a connection of a raw one: encryption and multiplexing, for WebSocket and TCP. @module */
import { noise } from '@libp2p/noise'
import { yamux } from '@libp2p/yamux'
import { inWholeRecords } from '../infrastructure/upstream-faults.ts'
import type { EncrypterFactory, MuxerFactory } from '../node-types.ts'

export interface Upgrade {
  readonly connectionEncrypters: EncrypterFactory[]
  readonly streamMuxers: MuxerFactory[]
}

/**
 * WebRTC, WebTransport and QUIC bring their own.
 * @param further muxers, after yamux, which lets a slow reader slow the writer down: mplex for peers that have no other
 */
export const upgrade = (further: readonly MuxerFactory[] = []): Upgrade => ({
  connectionEncrypters: [inWholeRecords(noise())],
  streamMuxers: [yamux(), ...further],
})
