/** Peers by address, for a Node process that only asks: no listening, no discovery, no gossip. @module */
import { identify } from '@libp2p/identify'
import { peerIdFromString } from '@libp2p/peer-id'
import { ping } from '@libp2p/ping'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { InvalidInput } from '../../errors.ts'
import type { Clock } from '../../infrastructure/ports.ts'
import { type EvidenceSource, SourceUnreachable } from '../evidence-source.ts'
import { noteProtocolsOnce } from './infrastructure/upstream-faults.ts'
import type { Libp2p } from './node-types.ts'
import { peerSource } from './peer-source.ts'
import { nodeTransports } from './transports/in-node.ts'

export interface DialledPeers {
  readonly sources: readonly EvidenceSource[]
  close(): Promise<void>
}

/** Milliseconds one dial may take. */
const DIAL_WITHIN = 10_000

/**
 * One source per address. A peer is dialled when it is first asked, and again after its connection was lost.
 * @throws {InvalidInput} when an address is malformed or does not end in a peer id
 */
export async function dialledPeers(addresses: readonly string[], clock: Clock): Promise<DialledPeers> {
  const targets = addresses.map(parseAddress)
  // a transport that is missing shows at the dial that needs it
  const { listen: _, ...carried } = await nodeTransports(null, () => {})
  const node: Libp2p = await createLibp2p({
    ...carried,
    connectionGater: { denyDialMultiaddr: () => false },
    services: { identify: identify(), ping: ping() },
  })
  noteProtocolsOnce(node)
  return {
    sources: targets.map((target) => dialledSource(node, target, clock)),
    close: async () => node.stop(),
  }
}

interface Target {
  readonly address: Multiaddr
  readonly id: string
}

function dialledSource(node: Libp2p, { address, id }: Target, clock: Clock): EvidenceSource {
  const peerId = peerIdFromString(id)
  const source = peerSource(node, peerId, { clock, role: 'bridge' })
  return {
    get description() {
      return source.description
    },
    serves: source.serves,
    async request(request, signal) {
      if (node.getConnections(peerId).length === 0) {
        try {
          await node.dial(address, { signal: AbortSignal.any([signal, AbortSignal.timeout(DIAL_WITHIN)]) })
        } catch (cause) {
          signal.throwIfAborted()
          throw new SourceUnreachable(source.description.words, (cause as Error).message, { cause })
        }
      }
      return source.request(request, signal)
    },
    close: source.close,
  }
}

function parseAddress(text: string): Target {
  try {
    const address = multiaddr(text)
    const id = address.getComponents().findLast(({ name }) => name === 'p2p')?.value
    if (!id) throw new Error('it does not end in /p2p/<peer id>')
    peerIdFromString(id)
    return { address, id }
  } catch (cause) {
    throw new InvalidInput('peer address', `"${text}": ${(cause as Error).message}`, 'Copy one that a bridge prints.')
  }
}
