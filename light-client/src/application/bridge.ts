/** A bridge: follows the chain itself, and carries evidence from nodes to browsers. Nobody has to trust it. @module */
import type { Engines } from '@glowworm/wasm-core'
import { bytesEqual } from '../data/hex.ts'
import { GlowwormError } from '../errors.ts'
import { platformClock } from '../infrastructure/clock.ts'
import type { ByteStore } from '../infrastructure/ports.ts'
import type { EthereumTrust } from '../ledgers/ethereum/consensus.ts'
import type { EthereumRequest } from '../ledgers/ethereum/evidence.ts'
import type { NetworkProfile } from '../ledgers/ethereum/profile.ts'
import { type EvidenceSource, NotAvailable } from '../network/evidence-source.ts'
import { type BridgeListen, type BridgeNode, createBridgeNode } from '../network/libp2p/bridge-node.ts'
import type { UpdateKind } from '../network/libp2p/gossip.ts'
import { compactEvidence, isCompact } from './compact-evidence.ts'
import { createLightClient } from './follow.ts'
import type { LightClient } from './light-client.ts'

export interface BridgeOptions {
  readonly profile: NetworkProfile
  readonly engines: Engines
  readonly trust: EthereumTrust
  /** Nodes it draws on. */
  readonly upstream: readonly EvidenceSource[]
  readonly listen: BridgeListen
  /** Keeps evidence, and the node's identity so that its addresses survive restarts. */
  readonly store?: ByteStore
  readonly report?: (message: string) => void
}

export interface Bridge {
  readonly client: LightClient
  readonly node: BridgeNode
  multiaddrs(): string[]
  close(): Promise<void>
}

const UPDATES: readonly UpdateKind[] = ['finality_update', 'optimistic_update']

/** @throws {BridgeCannotListen} */
export async function runBridge(options: BridgeOptions): Promise<Bridge> {
  const { profile, engines, trust, upstream, store, report } = options
  const client = createLightClient({
    profile,
    engines,
    trust,
    sources: upstream,
    way: 'updates',
    ...(store ? { store } : {}),
    onLie: (source, error) => report?.(`${source.words} sent false evidence: ${error.message}`),
  })
  let node: BridgeNode
  try {
    node = await createBridgeNode({
      network: profile,
      listen: options.listen,
      source: bridgeSource(client.served, upstream, options),
      clock: platformClock,
      validate: (kind, bytes) => client.offer(kind, bytes),
      ...(store ? { store } : {}),
      ...(report ? { report } : {}),
    })
  } catch (cause) {
    await client.close()
    throw cause
  }

  // What the client has just verified goes out at once; the cache holds the newest of each kind.
  const published = new Map<UpdateKind, Uint8Array>()
  const publishNew = async () => {
    for (const type of UPDATES) {
      const answer = await client.served.request({ type }, new AbortController().signal).catch(() => null)
      const before = published.get(type)
      if (!answer || (before && bytesEqual(before, answer.bytes))) continue
      published.set(type, answer.bytes)
      await node.publish(type, answer.bytes)
    }
  }
  const stop = client.subscribe((status) => {
    if (status.state === 'following')
      void publishNew().catch((cause) => report?.(`publishing failed: ${(cause as Error).message}`))
  })
  return {
    client,
    node,
    multiaddrs: () => node.multiaddrs(),
    async close() {
      stop()
      await node.close()
      await client.close()
    },
  }
}

/**
 * What the bridge answers with: what it has verified itself, else what a node upstream says. The latter is passed on
 * as it came, or made compact as it came; whoever asks checks it anyway.
 */
function bridgeSource(
  verified: EvidenceSource,
  upstream: readonly EvidenceSource[],
  { profile, engines }: Pick<BridgeOptions, 'profile' | 'engines'>,
): EvidenceSource {
  const description = { id: 'bridge', carrier: 'file', words: 'this bridge' } as const

  async function fromUpstream(request: EthereumRequest, signal: AbortSignal): Promise<Uint8Array> {
    let failure: unknown = new NotAvailable('this bridge', request.type)
    for (const source of upstream) {
      if (!source.serves(request.type)) continue
      try {
        return (await source.request(request, signal)).bytes
      } catch (cause) {
        if (!(cause instanceof GlowwormError)) throw cause
        failure = cause
      }
    }
    throw failure
  }
  const compact = compactEvidence({ profile, engines, plain: fromUpstream })

  return {
    description,
    serves: (type) => verified.serves(type) || upstream.some((source) => source.serves(type)),
    async request(request, signal) {
      if (verified.serves(request.type)) {
        const kept = await verified.request(request, signal).catch(() => null)
        if (kept) return { bytes: kept.bytes, from: description }
      }
      const answer = isCompact(request) ? compact.answer(request, signal) : fromUpstream(request, signal)
      return { bytes: await answer, from: description }
    },
    close: async () => {},
  }
}
