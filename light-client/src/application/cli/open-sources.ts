import type { Engines } from '@glowworm/wasm-core'
import { platformClock } from '../../infrastructure/clock.ts'
import { nodeHttp } from '../../infrastructure/node-http.ts'
import type { NetworkProfile } from '../../ledgers/ethereum/profile.ts'
import type { EvidenceSource } from '../../network/evidence-source.ts'
import { beaconHistory } from '../../network/http/beacon-history.ts'
import { beaconRestSource } from '../../network/http/beacon-rest.ts'
import { executionRpcSource } from '../../network/http/execution-rpc.ts'
import type { Output } from './output.ts'
import { watchedSource } from './watched-source.ts'

interface Addresses {
  readonly profile: NetworkProfile
  readonly beacon: readonly string[]
  readonly execution: readonly string[]
  readonly peers: readonly string[]
  /** Whether states may be taken from the beacon nodes to prove old blocks: some 300 MB each on mainnet. */
  readonly beaconStates?: boolean
}

export interface OpenSources {
  readonly sources: readonly EvidenceSource[]
  close(): Promise<void>
}

/** Every source the command line names. libp2p is loaded only where peers are. @throws {InvalidInput} for a malformed address */
export async function openSources(addresses: Addresses, engines: Engines, output: Output): Promise<OpenSources> {
  const watched = (source: EvidenceSource) => watchedSource(source, platformClock, output.warn)
  const http = openHttpSources(addresses, engines).map(watched)
  if (addresses.peers.length === 0) return { sources: http, close: async () => {} }
  const { dialledPeers } = await import('../../network/libp2p/dialled-peers.ts')
  const peers = await dialledPeers(addresses.peers, platformClock)
  return { sources: [...http, ...peers.sources.map(watched)], close: peers.close }
}

/** HTTP nodes as sources of evidence. @throws {InvalidInput} for a malformed URL */
export function openHttpSources(
  { profile, beacon, execution, beaconStates = false }: Omit<Addresses, 'peers'>,
  engines: Engines,
): EvidenceSource[] {
  const beaconSource = (url: string) => {
    const options = { url, profile, http: nodeHttp }
    const history = beaconStates ? { history: beaconHistory({ ...options, engines, clock: platformClock }) } : {}
    return beaconRestSource({ ...options, hashes: engines.hashes, ...history })
  }
  return [...beacon.map(beaconSource), ...execution.map((url) => executionRpcSource({ url, http: nodeHttp }))]
}
