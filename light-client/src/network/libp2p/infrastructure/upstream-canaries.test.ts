/**
 * The faults themselves, in the versions that are installed. Each of these tests fails when upstream has mended its
 * fault: then the work-around it names can go.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { circuitRelayServer, circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { identify } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { EncrypterFactory, PeerId, Stream, TransportFactory } from '../node-types.ts'
import type { Reservations } from '../shares.ts'
import { startNode, type TestNode, until } from '../test-nodes.ts'
import { chunksOf, drained, givePlaceBack, inWholeRecords, noteProtocolsOnce } from './upstream-faults.ts'

const PROTOCOL = '/canary/1'
const pause = (milliseconds: number) =>
  new Promise<'still waiting'>((resolve) => setTimeout(resolve, milliseconds, 'still waiting'))
const sourceOf = (module: string, file: string) =>
  readFileSync(fileURLToPath(new URL(file, import.meta.resolve(module))), 'utf8')

let server: TestNode
let client: TestNode
beforeEach(async () => {
  server = await startNode(['/ip4/127.0.0.1/tcp/0'])
  client = await startNode()
})
afterEach(async () => {
  await client.node.stop()
  await server.node.stop()
})

test('onDrain() does not wait a second time (drained)', async () => {
  await server.node.handle(PROTOCOL, () => {})
  const stream: Stream = await client.node.dialProtocol(server.node.getMultiaddrs(), PROTOCOL)
  const full = stream as unknown as { writableNeedsDrain: boolean }
  full.writableNeedsDrain = true
  const first = stream.onDrain()
  stream.dispatchEvent(new Event('drain'))
  await first
  full.writableNeedsDrain = true
  expect(await Promise.race([stream.onDrain().then(() => 'at once'), pause(100)])).toBe('at once')
  expect(await Promise.race([drained(stream, AbortSignal.timeout(1000)).then(() => 'at once'), pause(100)])).toBe(
    'still waiting',
  )
})

test('the iterator of a stream misses an end that came before it (chunksOf)', async () => {
  await server.node.handle(PROTOCOL, async (stream: Stream) => {
    for await (const _question of chunksOf(stream)) break
    stream.send(Uint8Array.of(1))
    await stream.close()
  })
  const ask = async () => {
    const stream: Stream = await client.node.dialProtocol(server.node.getMultiaddrs(), PROTOCOL)
    stream.send(Uint8Array.of(0))
    await until(() => stream.remoteWriteStatus === 'closed')
    return stream
  }
  const all = async (chunks: AsyncIterable<unknown>) => {
    for await (const _chunk of chunks);
    return 'came to the end'
  }
  expect(await Promise.race([all(await ask()), pause(500)])).toBe('still waiting')
  expect(await Promise.race([all(chunksOf(await ask())), pause(5000)])).toBe('came to the end')
})

test('every stream has its protocol merged into what is stored of the peer (noteProtocolsOnce)', async () => {
  await server.node.handle(PROTOCOL, () => {})
  const mergedFor = async (streams: number) => {
    const before = merged
    for (let i = 0; i < streams; i++) await client.node.dialProtocol(server.node.getMultiaddrs(), PROTOCOL)
    return merged - before
  }
  let merged = 0
  const { peerStore } = client.node
  const merge = peerStore.merge.bind(peerStore)
  peerStore.merge = (peer, data, options) => {
    if (data.protocols?.join() === PROTOCOL) merged++
    return merge(peer, data, options)
  }
  expect(await mergedFor(3)).toBe(3)
  noteProtocolsOnce(client.node)
  expect(await mergedFor(3)).toBe(1)
  expect((await peerStore.get(server.node.peerId)).protocols).toContain(PROTOCOL)

  // A peer that comes again is noted again: what was stored of it may be gone.
  const left = new Promise((resolve) => client.node.addEventListener('peer:disconnect', resolve, { once: true }))
  await client.node.hangUp(server.node.peerId)
  await left
  expect(await mergedFor(2)).toBe(1)
})

test('a record of noise goes out as two WebSocket messages (inWholeRecords)', async () => {
  const messagesPerRecord = async (encrypter: EncrypterFactory) => {
    const sizes: number[] = []
    const watched: EncrypterFactory = (components) => {
      const made = encrypter(components)
      const outbound = made.secureOutbound.bind(made)
      made.secureOutbound = (connection, options) => {
        // libp2p's connections keep their socket in a field of their own
        const { websocket } = connection as unknown as { readonly websocket: { send(bytes: Uint8Array): void } }
        const send = websocket.send.bind(websocket)
        websocket.send = (bytes) => {
          sizes.push(bytes.byteLength)
          send(bytes)
        }
        return outbound(connection, options)
      }
      return made
    }
    const start = (listen: string[]) =>
      createLibp2p({
        addresses: { listen },
        transports: [webSockets()],
        connectionEncrypters: [watched],
        streamMuxers: [yamux()],
        connectionGater: { denyDialMultiaddr: () => false },
      })
    const [listening, dialling] = await Promise.all([start(['/ip4/127.0.0.1/tcp/0/ws']), start([])])
    try {
      await listening.handle(PROTOCOL, () => {})
      const stream: Stream = await dialling.dialProtocol(listening.getMultiaddrs(), PROTOCOL)
      sizes.length = 0
      stream.send(new Uint8Array(100))
      await until(() => sizes.some((size) => size > 100))
      return sizes
    } finally {
      await Promise.all([dialling.stop(), listening.stop()])
    }
  }
  const record = 100 + 12 /* yamux */ + 16 /* tag */
  const apart = await messagesPerRecord(noise())
  expect(apart.slice(apart.indexOf(record) - 1, apart.indexOf(record) + 1)).toEqual([2, record])
  const whole = await messagesPerRecord(inWholeRecords(noise()))
  expect(whole).toContain(2 + record)
  expect(whole).not.toContain(2)
})

test('that no further record of noise has arrived is an exception each time (inWholeRecords)', async () => {
  type Decoding = {
    readonly decoder: {
      lengthDecoder(bytes: Uint8Array): number
      decode(bytes: Uint8Array): Iterable<{ subarray(): Uint8Array }>
    }
  }
  const decoderOf = async (encrypter: EncrypterFactory) => {
    let decoder: Decoding['decoder'] | undefined
    const watched: EncrypterFactory = (components) => {
      const made = encrypter(components)
      const outbound = made.secureOutbound.bind(made)
      made.secureOutbound = async (connection, options) => {
        const secured = await outbound(connection, options)
        decoder = (secured.connection as unknown as Decoding).decoder
        return secured
      }
      return made
    }
    const dialling = await createLibp2p({
      transports: [tcp()],
      connectionEncrypters: [watched],
      streamMuxers: [yamux()],
    })
    try {
      await dialling.dial(server.node.getMultiaddrs())
      return decoder!
    } finally {
      await dialling.stop()
    }
  }
  const thrown = ({ lengthDecoder }: Decoding['decoder']) => {
    try {
      return lengthDecoder(Uint8Array.of(1))
    } catch (error) {
      return error
    }
  }
  const slow = await decoderOf(noise())
  expect(thrown(slow)).toBeInstanceOf(RangeError)
  expect(thrown(slow)).not.toBe(thrown(slow))
  const quick = await decoderOf(inWholeRecords(noise()))
  expect(thrown(quick)).not.toBeInstanceOf(Error)
  expect(quick.lengthDecoder(Uint8Array.of(1, 2))).toBe(258)
  // records come out as they went in, wherever they are cut
  const pieces = [[0], [1, 7, 0], [3, 1, 2], [3, 0], [1], [9]]
  const records = pieces.map((piece) => [...quick.decode(Uint8Array.from(piece))].map((one) => [...one.subarray()]))
  expect(records).toEqual([[], [[7]], [], [[1, 2, 3]], [], [[9]]])
})

test('a WebSocket listener listens for no errors and takes messages of 100 MiB (surviveBadFrames)', async () => {
  type Socket = { listenerCount(event: string): number }
  type Done = (socket: Socket, request: unknown) => void
  interface Listening {
    readonly wsServer: {
      readonly options: { readonly maxPayload: number }
      handleUpgrade(request: unknown, socket: unknown, head: unknown, done: Done): void
    }
  }
  let listening: Listening | undefined
  const watched: TransportFactory = (components) => {
    const transport = webSockets()(components)
    const createListener = transport.createListener.bind(transport)
    transport.createListener = (options) => {
      const listener = createListener(options)
      listening = listener as unknown as Listening
      return listener
    }
    return transport
  }
  const node = await createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0/ws'] },
    transports: [watched],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
  })
  try {
    const counts: number[] = []
    const { wsServer } = listening!
    const handleUpgrade = wsServer.handleUpgrade.bind(wsServer)
    wsServer.handleUpgrade = (request, socket, head, done) =>
      handleUpgrade(request, socket, head, (accepted, upgraded) => {
        done(accepted, upgraded)
        setTimeout(() => counts.push(accepted.listenerCount('error')), 0)
      })
    await client.node.dial(node.getMultiaddrs())
    await until(() => counts.length > 0)
    expect(counts).toEqual([0])
    expect(listening?.wsServer.options.maxPayload).toBe(100 * 1024 * 1024)
  } finally {
    await node.stop()
  }
})

test('the dialler waits for `open` and `close` of a channel that may be past them (repairInitChannel)', () => {
  const code = sourceOf('@libp2p/webrtc', './private-to-private/initiate-connection.js')
  expect(code).toMatch(/if \(channel\.readyState !== 'open'\) \{[^}]*await pEvent\(channel, 'open'/)
  expect(code).toMatch(/channel\.close\(\);[^}]*await pEvent\(channel, 'close'/)
  expect(code).not.toMatch(/readyState === 'clos/)
})

test('a node that names its relay does not start while the relay is down (keep-bridge: it names none, and dials)', async () => {
  const relay = server.node
    .getMultiaddrs()[0]!
    .toString()
    .replace(/tcp\/\d+/, 'tcp/1/ws')
  const start = (listen: string) =>
    createLibp2p({
      addresses: { listen: [listen] },
      transports: [webSockets(), circuitRelayTransport()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      connectionGater: { denyDialMultiaddr: () => false },
      services: { identify: identify() },
    })
  await expect(start(`${relay}/p2p-circuit`)).rejects.toThrow(/listen|dial|connect/i)
  const searching = await start('/p2p-circuit')
  await searching.stop()
})

test('a relay that failed once is left out for good (the connection gater keeps the search from dialling bridges)', () => {
  const code = sourceOf('@libp2p/circuit-relay-v2', './transport/reservation-store.js')
  expect(code).toMatch(/this\.relayFilter\.add\(/)
  expect(code).not.toMatch(/relayFilter\.(remove|delete)\(/)
})

test('relays and listeners are small by default (the limits of the bridge are set)', () => {
  expect(sourceOf('@libp2p/circuit-relay-v2', './constants.js')).toMatch(/MAX_RESERVATION_STORE_SIZE = 15;/)
  const defaults = sourceOf('libp2p', './connection-manager/constants.defaults.js')
  expect(defaults).toMatch(/INBOUND_CONNECTION_THRESHOLD = 5;/)
  expect(defaults).toMatch(/MAX_INCOMING_PENDING_CONNECTIONS = 10;/)
})

/** Of a relay whose places last 50 ms. */
function placesAtRelay() {
  const components = { logger: { forComponent: () => Object.assign(() => {}, { error: () => {} }) } }
  const relay = circuitRelayServer({ reservations: { reservationTtl: 50 } })(components as never)
  const { reservationStore: store } = relay as unknown as {
    readonly reservationStore: Reservations & { reservationTtl: number }
  }
  const take = (...peers: PeerId[]) => {
    for (const peer of peers) store.reserve(peer, multiaddr('/ip4/192.0.2.1/tcp/4001/ws'))
  }
  return { store, take, mended: client.node.peerId, left: server.node.peerId }
}

test('a place at the relay that was removed takes the next one of its peer along (givePlaceBack)', async () => {
  const { store, take, mended, left } = placesAtRelay()
  take(mended, left)
  givePlaceBack(store, mended)
  store.removeReservation(left)
  store.reservationTtl = 60_000
  take(mended, left)
  await until(() => store.get(left) === undefined)
  expect(store.get(mended)).toBeDefined()
})

test('a place at the relay that was renewed twice ends with the first renewal (givePlaceBack)', async () => {
  const { store, take, mended, left } = placesAtRelay()
  take(mended, left)
  givePlaceBack(store, mended)
  take(mended, left)
  givePlaceBack(store, mended)
  store.reservationTtl = 60_000
  take(mended, left)
  await until(() => store.get(left) === undefined)
  expect(store.get(mended)).toBeDefined()
})
