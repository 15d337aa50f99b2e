/**
 * The libp2p types this folder speaks of, taken from the one package that is a dependency.
 * @module
 */
import type { Libp2p, Libp2pOptions } from 'libp2p'

export type { Libp2p }
export type Connection = ReturnType<Libp2p['getConnections']>[number]
export type Stream = Awaited<ReturnType<Connection['newStream']>>
export type PeerId = Libp2p['peerId']
export type Multiaddr = ReturnType<Libp2p['getMultiaddrs']>[number]
export type ConnectionGater = NonNullable<Libp2pOptions['connectionGater']>
export type Datastore = NonNullable<Libp2pOptions['datastore']>
export type TransportFactory = NonNullable<Libp2pOptions['transports']>[number]
export type EncrypterFactory = NonNullable<Libp2pOptions['connectionEncrypters']>[number]
export type MuxerFactory = NonNullable<Libp2pOptions['streamMuxers']>[number]

/** What the evidence protocol needs of a stream. A libp2p stream is one, and so is a data channel (`pairing`). */
export interface ByteStream {
  readonly status: string
  readonly readableEnded: boolean
  /** True while no more should be sent; ends with `drain`. */
  readonly writableNeedsDrain: boolean
  /** More bytes than this are not kept for a slow reader. */
  maxReadBufferLength?: number
  send(bytes: Uint8Array): boolean
  /** Says that no more will be sent. */
  close(options?: { readonly signal?: AbortSignal }): Promise<void>
  abort(error: Error): void
  addEventListener(type: 'message', listener: (event: MessageEventLike) => void): void
  addEventListener(type: 'close', listener: (event: CloseEventLike) => void, options?: { once?: boolean }): void
  addEventListener(type: 'end' | 'drain', listener: () => void): void
  removeEventListener(type: 'message', listener: (event: MessageEventLike) => void): void
  removeEventListener(type: 'close', listener: (event: CloseEventLike) => void): void
  removeEventListener(type: 'end' | 'drain', listener: () => void): void
}

interface MessageEventLike {
  readonly data: Uint8Array | { subarray(): Uint8Array }
}

interface CloseEventLike {
  /** Set when the stream did not end in order. */
  readonly error?: Error | undefined
}

/** Something that opens streams. */
export interface StreamOpener {
  newStream(protocol: string, options: { readonly signal: AbortSignal }): Promise<ByteStream>
}
