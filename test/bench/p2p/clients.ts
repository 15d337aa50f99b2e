/** Clients of a bridge in Node, each a libp2p node of its own. @module */
import { setTimeout as sleep } from 'node:timers/promises'
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import type { EvidenceSource } from '@glowworm/light-client/network/evidence-source'
import { quietly } from '@glowworm/light-client/network/libp2p/infrastructure/quietly'
import { noteProtocolsOnce } from '@glowworm/light-client/network/libp2p/infrastructure/upstream-faults'
import { networkLabel } from '@glowworm/light-client/network/libp2p/network-identity'
import type { Connection, TransportFactory } from '@glowworm/light-client/network/libp2p/node-types'
import { peerSource } from '@glowworm/light-client/network/libp2p/peer-source'
import { attendRendezvous } from '@glowworm/light-client/network/libp2p/rendezvous'
import { readChunks } from '@glowworm/light-client/network/libp2p/stream-bytes'
import { nodeUpgrade } from '@glowworm/light-client/network/libp2p/transports/in-node'
import type { Upgrade } from '@glowworm/light-client/network/libp2p/transports/upgrade'
import { identify } from '@libp2p/identify'
import { ping } from '@libp2p/ping'
import { webSockets } from '@libp2p/websockets'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { NETWORK, proofRequest } from './evidence.ts'

export interface Client {
  readonly source: EvidenceSource
  /** Milliseconds from the dial to the connection. */
  readonly dialled: number
  /** Takes a place at the bridge's relay, or renews it. @throws when it is refused */
  reserve(): Promise<void>
  /** Stays in the bridge's rendezvous until closed, as browsers do. */
  attend(): void
  close(): Promise<void>
}

const WEBSOCKET: Carried = { transports: [webSockets()], ...nodeUpgrade() }
type Carried = Upgrade & { readonly transports: TransportFactory[] }

/** @param carried absent: WebSocket only */
export async function connect(address: string, carried: Carried = WEBSOCKET): Promise<Client> {
  const node = await createLibp2p({
    ...quietly(),
    transports: carried.transports,
    connectionEncrypters: carried.connectionEncrypters,
    streamMuxers: carried.streamMuxers,
    connectionGater: { denyDialMultiaddr: () => false },
    services: { identify: identify(), ping: ping() },
  })
  noteProtocolsOnce(node)
  try {
    const start = performance.now()
    const connection = await node.dial(multiaddr(address), { signal: AbortSignal.timeout(20_000) })
    const dialled = performance.now() - start
    const source = peerSource(node, connection.remotePeer, { clock: platformClock, role: 'bridge' })
    const leaving = new AbortController()
    return {
      source,
      dialled,
      reserve: () => reserve(connection),
      attend() {
        const attending = attendRendezvous(connection, networkLabel(NETWORK), () => {}, leaving.signal, platformClock)
        attending.catch(() => {}) // ends with the client
      },
      async close() {
        leaving.abort(new Error('leaving'))
        await node.stop()
      },
    }
  } catch (cause) {
    await node.stop()
    throw cause
  }
}

const HOP_PROTOCOL = '/libp2p/circuit/relay/0.2.0/hop'
/** Circuit relay v2: the message RESERVE with its length before it, and the end of a STATUS that says OK. */
const RESERVE = Uint8Array.of(2, 0x08, 0x00)
const STATUS_OK = [0x28, 0x64]

async function reserve(connection: Connection): Promise<void> {
  const signal = AbortSignal.timeout(20_000)
  const stream = await connection.newStream(HOP_PROTOCOL, { signal })
  try {
    stream.send(RESERVE)
    for await (const chunk of readChunks(stream, signal)) {
      if (STATUS_OK.every((byte, i) => chunk.at(i - STATUS_OK.length) === byte)) return
      break
    }
    throw new Error('the relay refused a place')
  } finally {
    stream.abort(new Error('answered'))
  }
}

/** Milliseconds that one of ten places is taken by a client: a bridge takes no more than a hundred in a second from one address. */
const PLACE_TAKEN = 125

/** As many clients as asked for, a few at a time. */
export async function connectMany(address: string, count: number, atATime = 10): Promise<Client[]> {
  const clients: Client[] = []
  const one = async () => {
    while (clients.length + waiting < count) {
      waiting++
      try {
        const [client] = await Promise.all([connect(address), sleep(PLACE_TAKEN)])
        clients.push(client)
      } finally {
        waiting--
      }
    }
  }
  let waiting = 0
  await Promise.all(Array.from({ length: atATime }, one))
  return clients
}

export interface Load {
  readonly answers: number
  readonly failures: number
  /** Milliseconds. */
  readonly times: readonly number[]
  readonly elapsed: number
}

/** Asks over all clients in turn, `atATime` requests under way, for so many milliseconds or so many requests. */
export async function ask(
  clients: readonly Client[],
  amount: { readonly milliseconds: number } | { readonly requests: number },
  atATime: number,
): Promise<Load> {
  const times: number[] = []
  let failures = 0
  let n = 0
  const start = performance.now()
  const enough = () => ('requests' in amount ? n >= amount.requests : performance.now() - start >= amount.milliseconds)
  const asker = async () => {
    while (!enough()) {
      const i = n++
      const before = performance.now()
      try {
        await clients[i % clients.length]!.source.request(proofRequest(i), AbortSignal.timeout(20_000))
        times.push(performance.now() - before)
      } catch {
        failures++
      }
    }
  }
  await Promise.all(Array.from({ length: atATime }, asker))
  return { answers: times.length, failures, times, elapsed: performance.now() - start }
}
