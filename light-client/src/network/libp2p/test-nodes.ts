/** Nodes and sources for the tests of this folder; loopback only. */
import { generateKeyPair } from '@libp2p/crypto/keys'
import { identify } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { webRTCDirect } from '@libp2p/webrtc'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'
import type { Clock } from '../../infrastructure/ports.ts'
import type { PeerRequest } from '../../ledgers/ledger-evidence.ts'
import type { EvidenceSource } from '../evidence-source.ts'
import { type GossipSub, updatesGossip } from './gossip.ts'
import { updatesTopic } from './network-identity.ts'
import type { Libp2p } from './node-types.ts'

export const NETWORK = { name: 'test', chainId: 1337, genesis: { validatorsRoot: `0x${'c4'.repeat(32)}` } }
export const HASH = `0x${'11'.repeat(32)}` as const
export const HEADER: PeerRequest = { type: 'execution_header', blockHash: HASH }
export const RECEIPTS: PeerRequest = { type: 'receipts', blockHash: HASH }

export type TestNode = { node: Libp2p; pubsub: GossipSub }

/** A node that listens on nothing unless told, and can dial all carriers Node has. */
export async function startNode(listen: readonly string[] = []): Promise<TestNode> {
  const node = await createLibp2p({
    privateKey: await generateKeyPair('Ed25519'),
    addresses: { listen: [...listen] },
    transports: [tcp(), webSockets(), webRTCDirect({ rtcConfiguration: { iceServers: [] } })],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionManager: { inboundConnectionThreshold: 100 },
    services: { identify: identify(), ping: ping(), pubsub: updatesGossip(updatesTopic(NETWORK)) },
  })
  return { node, pubsub: node.services.pubsub as GossipSub }
}

/** A source whose answers are made by `answer`. */
export function sourceOf(answer: (request: PeerRequest, signal: AbortSignal) => Promise<Uint8Array>): EvidenceSource {
  const description = { id: 'made', carrier: 'file', words: 'the test' } as const
  return {
    description,
    serves: (type) => type !== 'fee_hint',
    request: async (request, signal) => ({ bytes: await answer(request, signal), from: description }),
    close: async () => {},
  }
}

/** A clock whose sleeps end when the test says so. */
export function manualClock(): Clock & { advance(milliseconds: number): void } {
  let now = 1_000_000
  const sleepers = new Set<{ at: number; wake: () => void }>()
  return {
    now: () => now,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const sleeper = {
          at: now + milliseconds,
          wake: () => {
            sleepers.delete(sleeper)
            resolve()
          },
        }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper)
          reject(signal.reason)
        })
      }),
    advance(milliseconds) {
      now += milliseconds
      for (const sleeper of [...sleepers]) if (sleeper.at <= now) sleeper.wake()
    },
  }
}

/** Resolves once `condition` holds; the test's own time limit ends the wait. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10))
}
