/** Clients of a bridge, each a libp2p node of its own, over WebSocket. @module */
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import type { EvidenceSource } from '@glowworm/light-client/network/evidence-source'
import { peerSource } from '@glowworm/light-client/network/libp2p/peer-source'
import { identify } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { ping } from '@libp2p/ping'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { proofRequest } from './evidence.ts'

export interface Client {
  readonly source: EvidenceSource
  close(): Promise<void>
}

export async function connect(address: string): Promise<Client> {
  const node = await createLibp2p({
    transports: [webSockets()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionGater: { denyDialMultiaddr: () => false },
    services: { identify: identify(), ping: ping() },
  })
  try {
    const { remotePeer } = await node.dial(multiaddr(address), { signal: AbortSignal.timeout(20_000) })
    const source = peerSource(node, remotePeer, { clock: platformClock, role: 'bridge' })
    return { source, close: async () => node.stop() }
  } catch (cause) {
    await node.stop()
    throw cause
  }
}

/** As many clients as asked for, a few at a time, as a bridge takes no more than a hundred in a second from one address. */
export async function connectMany(address: string, count: number, atATime = 10): Promise<Client[]> {
  const clients: Client[] = []
  const one = async () => {
    while (clients.length + waiting < count) {
      waiting++
      try {
        clients.push(await connect(address))
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

/** Asks over all clients in turn, `atATime` requests under way, for so many milliseconds. */
export async function ask(clients: readonly Client[], milliseconds: number, atATime: number): Promise<Load> {
  const times: number[] = []
  let failures = 0
  let n = 0
  const start = performance.now()
  const end = start + milliseconds
  const asker = async () => {
    while (performance.now() < end) {
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
