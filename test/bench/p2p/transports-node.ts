/** Each transport from a Node process to a bridge in another one, and gossip between Node processes' nodes. @module */
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import { type GossipSub, joinUpdates, updatesGossip } from '@glowworm/light-client/network/libp2p/gossip'
import { updatesTopic } from '@glowworm/light-client/network/libp2p/network-identity'
import { nodeTransports } from '@glowworm/light-client/network/libp2p/transports/in-node'
import { upgrade } from '@glowworm/light-client/network/libp2p/transports/upgrade'
import { identify } from '@libp2p/identify'
import { webSockets } from '@libp2p/websockets'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { median } from '../compare.ts'
import { startBridge } from './bridge.ts'
import { connect } from './clients.ts'
import { NETWORK, proofRequest, publishedAt, stampedUpdate } from './evidence.ts'
import { exchange } from './exchange.ts'
import { percentiles } from './figures.ts'
import { type P2pRow, row } from './goals.ts'
import { exchangeRows, gossipRows } from './transport-rows.ts'

/** What an address of each transport has in it. */
const TRANSPORTS = [
  ['WebSocket', /\/ws\//],
  ['TCP', /\/tcp\/\d+\/p2p\//],
  ['QUIC', /\/quic-v1/],
  ['webrtc-direct', /\/webrtc-direct/],
] as const
const DIALS = 7
const UPDATES = 60
const SUBSCRIBERS = 5

export async function nodeTransportRows(say: (text: string) => void): Promise<P2pRow[]> {
  const bridge = await startBridge({ wsPort: 0, tcpPort: 0, quicPort: 0, webrtcDirectPort: 0 })
  try {
    const rows: P2pRow[] = []
    for (const [name, pattern] of TRANSPORTS) {
      const address = bridge.addresses.find((one) => pattern.test(one))
      if (!address) {
        say(`node: ${name} is not available here`)
        continue
      }
      say(`node: ${name}`)
      rows.push(...(await measure(name, address)))
    }
    say('node: gossip')
    return [...rows, ...(await gossip(bridge.addresses[0]!))]
  } finally {
    await bridge.close()
  }
}

async function measure(name: string, address: string): Promise<P2pRow[]> {
  const { listen: _, ...carried } = await nodeTransports(null, () => {})
  const dials: number[] = []
  const firsts: number[] = []
  for (let i = 1; i < DIALS; i++) {
    const start = performance.now()
    const client = await connect(address, carried)
    try {
      await client.source.request(proofRequest(i), AbortSignal.timeout(20_000))
      firsts.push(performance.now() - start)
      dials.push(client.dialled)
    } finally {
      await client.close()
    }
  }
  const client = await connect(address, carried)
  try {
    return [
      row('node', `${name}: dial`, median(dials), 'ms'),
      row('node', `${name}: first evidence, making the node and dialling included`, median(firsts), 'ms'),
      ...exchangeRows('node', name, await exchange(client.source)),
    ]
  } finally {
    await client.close()
  }
}

/** One node publishes; the bridge judges and passes on; the others hear. */
async function gossip(address: string): Promise<P2pRow[]> {
  const topic = updatesTopic(NETWORK)
  const delays: number[] = []
  const started = await Promise.all(
    Array.from({ length: SUBSCRIBERS + 1 }, async () => {
      const node = await createLibp2p({
        transports: [webSockets()],
        ...upgrade(),
        connectionGater: { denyDialMultiaddr: () => false },
        services: { identify: identify(), pubsub: updatesGossip(topic) },
      })
      const updates = joinUpdates(node.services.pubsub as GossipSub, topic, {
        validate: async () => 'accept',
        onUpdate: (_kind, bytes) => delays.push(platformClock.now() - publishedAt(bytes)),
      })
      await node.dial(multiaddr(address))
      return { node, updates }
    }),
  )
  try {
    const [publisher] = started
    // the mesh forms at gossipsub's heartbeat
    await platformClock.sleep(3_000)
    for (let n = 0; n < UPDATES; n++) {
      await publisher!.updates.publish('optimistic_update', stampedUpdate(platformClock.now(), n))
      await platformClock.sleep(50)
    }
    await platformClock.sleep(1_000)
    return gossipRows('node', { ...percentiles(delays), heard: delays.length, expected: UPDATES * SUBSCRIBERS })
  } finally {
    await Promise.all(started.map(({ node }) => node.stop()))
  }
}
