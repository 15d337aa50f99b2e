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
