/** Consensus nodes as a person names them: multiaddrs that end in a peer id, or node records. @module */
import { publicKeyFromRaw } from '@libp2p/crypto/keys'
import { peerIdFromPublicKey, peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { InvalidInput } from '../../errors.ts'
import type { Multiaddr, PeerId } from '../libp2p/node-types.ts'
import { parseEnr } from './enr.ts'

/** A node and where it may be found, in the order to try. */
export interface ConsensusAddress {
  readonly peerId: PeerId
  readonly addresses: readonly Multiaddr[]
}

/** Addresses of the same node are put together. @throws {InvalidInput} naming the address */
export function readConsensusAddresses(texts: readonly string[]): ConsensusAddress[] {
  const nodes = new Map<string, { peerId: PeerId; addresses: Multiaddr[] }>()
  for (const text of texts) {
    const { peerId, addresses } = text.startsWith('enr:') ? fromEnr(text) : fromMultiaddr(text)
    const node = nodes.get(peerId.toString()) ?? { peerId, addresses: [] }
    node.addresses.push(...addresses)
    nodes.set(peerId.toString(), node)
  }
  return [...nodes.values()]
}

function fromEnr(text: string): ConsensusAddress {
  const { publicKey, endpoints } = parseEnr(text)
  const peerId = peerIdFromPublicKey(publicKeyFromRaw(publicKey))
  if (endpoints.length === 0)
    throw new InvalidInput(`node record ${text.slice(0, 20)}…`, 'it names no TCP address', 'Give a multiaddr instead.')
  const addresses = endpoints.map(({ family, ip, tcp }) => multiaddr(`/ip${family}/${ip}/tcp/${tcp}/p2p/${peerId}`))
  return { peerId, addresses }
}

function fromMultiaddr(text: string): ConsensusAddress {
  try {
    const address = multiaddr(text)
    const components = address.getComponents()
    const id = components.findLast(({ name }) => name === 'p2p')?.value
    if (!id) throw new Error('it does not end in /p2p/<peer id>')
    if (!components.some(({ name }) => name === 'tcp' || name === 'quic-v1'))
      throw new Error('it is neither TCP nor QUIC')
    return { peerId: peerIdFromString(id), addresses: [address] }
  } catch (cause) {
    throw new InvalidInput(
      'consensus peer',
      `"${text}": ${(cause as Error).message}`,
      'Copy one that the node prints: /ip4/…/tcp/9000/p2p/16Uiu2…, or its node record enr:-…',
    )
  }
}
