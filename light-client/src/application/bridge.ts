/** A bridge: follows the chain itself, and carries evidence from nodes to browsers. Nobody has to trust it. @module */
import type { Engines } from '@glowworm/wasm-core'
import { bytesEqual, fromHex } from '../data/hex.ts'
import { GlowwormError } from '../errors.ts'
import { platformClock } from '../infrastructure/clock.ts'
import type { ByteStore } from '../infrastructure/ports.ts'
import type { EthereumTrust } from '../ledgers/ethereum/consensus.ts'
import type { EthereumRequest, Hex } from '../ledgers/ethereum/evidence.ts'
import type { NetworkProfile } from '../ledgers/ethereum/profile.ts'
import { isSelfCertifying } from '../ledgers/ethereum/self-certifying.ts'
import { isFamilyRequest, isFamilyType } from '../ledgers/ledger-evidence.ts'
import type { ConsensusNode } from '../network/beacon-p2p/consensus-node.ts'
import { type EvidenceSource, NotAvailable } from '../network/evidence-source.ts'
import { type BridgeListen, type BridgeNode, createBridgeNode } from '../network/libp2p/bridge-node.ts'
import type { UpdateKind } from '../network/libp2p/gossip.ts'
import { type CacheTier, type CertifiedEvidence, certifiedEvidence } from './bridge/certified-evidence.ts'
import { earlierUpdates } from './bridge/earlier-updates.ts'
import { type ConsensusChoice, joinConsensus } from './bridge/join-consensus.ts'
import { lieRecord } from './bridge/lie-record.ts'
import { createTurns } from './bridge/turns.ts'
import { type UpstreamHealth, upstreamHealth } from './bridge/upstream-health.ts'
import { compactEvidence, isCompact } from './compact-evidence.ts'
import { createLightClient } from './follow.ts'
import { hopRuns } from './hop-runs.ts'
import type { Lie } from './lies.ts'
import type { LightClient } from './light-client.ts'
import type { OtherLedgers } from './other-ledgers.ts'

export interface BridgeOptions {
  readonly profile: NetworkProfile
  readonly engines: Engines
  readonly trust: EthereumTrust
  /** Finalized blocks from which those are led on who start earlier than this bridge. As believed as `trust`. */
  readonly earlierCheckpoints?: readonly Hex[]
  /** Nodes it draws on. */
  readonly upstream: readonly EvidenceSource[]
  readonly listen: BridgeListen
  /** Takes part in Ethereum's own consensus network, with these nodes as further sources. */
  readonly consensus?: ConsensusChoice
  /** Further addresses to give to browsers. */
  readonly announce?: readonly string[]
  /** Keeps evidence, and the node's identity so that its addresses survive restarts. */
  readonly store?: ByteStore
  /** Evidence that several bridges keep together; nothing in it is trusted. */
  readonly shared?: Pick<ByteStore, 'read' | 'write'>
  /** Ledgers other than Ethereum of which it carries what it has verified; with sources of their own. */
  readonly otherLedgers?: OtherLedgers
  readonly report?: (message: string) => void
}

export interface Bridge {
  readonly client: LightClient
  readonly node: BridgeNode
  /** Null where none was asked for. */
  readonly consensus: ConsensusNode | null
  /** Answers that prove themselves, by where they came from. */
  readonly answered: Readonly<Record<CacheTier, number>>
  /** Nodes upstream that were caught with false evidence. */
  readonly lies: number
  /** What nodes were caught with when evidence was carried from them, as JSON (`lies.ts`); kept in the store. */
  exportLies(): string
  /** Whether nodes upstream answer now. */
  upstream(): Promise<UpstreamHealth>
  multiaddrs(): string[]
  /** Requests under way have `within` milliseconds to end. Closing twice is closing once. */
  close(within?: number): Promise<void>
}

/** Bytes of evidence that is kept beside what the client has verified. */
const MAX_KEPT = 64 * 1024 * 1024

const UPDATES: readonly UpdateKind[] = ['finality_update', 'optimistic_update']
const isHead = (request: EthereumRequest): request is { readonly type: UpdateKind } =>
  (UPDATES as readonly string[]).includes(request.type)

/** @throws {BridgeCannotListen | ConsensusNodeCannotListen} @throws {InvalidInput} for a malformed address */
export async function runBridge(options: BridgeOptions): Promise<Bridge> {
  const { profile, engines, trust, store, shared, report } = options
  let verifying: LightClient | null = null
  const withStore = { ...(store ? { store } : {}), ...(report ? { report } : {}) }
  const network = { profile, hashes: engines.hashes, clock: platformClock, ...withStore }
  const consensus = options.consensus ? await joinConsensus(options.consensus, network, () => verifying) : null
  const upstream = [...options.upstream, ...(consensus?.sources ?? [])]
  let lies = 0
  const onLie = ({ source, error }: Lie) => {
    lies++
    void consensus?.ban(source.id)
    report?.(`${source.words} sent false evidence: ${error.message}`)
  }
  const record = await lieRecord(profile, store, platformClock)
  const client = createLightClient({
    profile,
    engines,
    trust,
    sources: upstream,
    way: 'updates',
    ...(store ? { store } : {}),
    onLie,
  })
  verifying = client
  const certified = certifiedEvidence({
    profile,
    engines,
    nodes: upstream,
    maxBytes: MAX_KEPT,
    ...(shared ? { shared } : {}),
    clock: platformClock,
    onLie(lie) {
      record.add(lie)
      onLie(lie)
    },
  })
  /** Caught by the client, which asks the same nodes, or here. */
  const isBarred = (source: EvidenceSource) =>
    certified.isBarred(source) ||
    client.sources.some(({ description, lie }) => lie !== null && description.id === source.description.id)
  let node: BridgeNode
  try {
    node = await createBridgeNode({
      network: profile,
      listen: options.listen,
      ...(options.announce ? { announce: options.announce } : {}),
      source: bridgeSource(client, certified, { ...options, upstream, isBarred }),
      clock: platformClock,
      validate: (kind, bytes) => client.offer(kind, bytes),
      ...withStore,
    })
  } catch (cause) {
    await consensus?.close()
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
      await Promise.all([node.publish(type, answer.bytes), consensus?.publish(type, answer.bytes)])
    }
  }
  const stop = client.subscribe((status) => {
    if (status.state === 'following')
      void publishNew().catch((cause) => report?.(`publishing failed: ${(cause as Error).message}`))
  })
  let closed: Promise<void> | undefined
  return {
    client,
    node,
    consensus,
    answered: certified.answered,
    get lies() {
      return lies
    },
    exportLies: record.export,
    upstream: upstreamHealth({
      nodes: upstream,
      isBarred,
      clock: platformClock,
    }),
    multiaddrs: () => node.multiaddrs(),
    close(within) {
      closed ??= (async () => {
        stop()
        await node.close(within)
        await consensus?.close()
        await client.close()
      })()
      return closed
    },
  }
}

type BridgeSourceOptions = Pick<
  BridgeOptions,
  'profile' | 'engines' | 'trust' | 'earlierCheckpoints' | 'otherLedgers' | 'upstream' | 'report'
> & {
  readonly isBarred: (node: EvidenceSource) => boolean
}

/**
 * What the bridge answers with: what it has verified itself; else what proves itself; else what a node upstream says that
 * was not caught lying, which is passed on as it came, or made compact as it came. Whoever asks checks all of it anyway.
 */
function bridgeSource(
  client: LightClient,
  certified: CertifiedEvidence,
  { profile, engines, trust, earlierCheckpoints = [], otherLedgers, upstream, isBarred, report }: BridgeSourceOptions,
): EvidenceSource {
  const description = { id: 'bridge', carrier: 'file', words: 'this bridge' } as const
  const verified = client.served

  const turns = createTurns(platformClock)

  async function fromUpstream(request: EthereumRequest, signal: AbortSignal): Promise<Uint8Array> {
    let failure: unknown = new NotAvailable('this bridge', request.type)
    for (const source of turns.inOrder(upstream)) {
      if (!source.serves(request.type) || isBarred(source)) continue
      try {
        const { bytes } = await turns.give(source, (within) => source.request(request, within), signal)
        // a false head would be held against the bridge; the client convicts who says it, when it asks for it itself
        if (!isHead(request) || (await client.offer(request.type, bytes)) === 'accept') return bytes
      } catch (cause) {
        if (!(cause instanceof GlowwormError)) throw cause
        failure = cause
      }
    }
    throw failure
  }
  const roots = [trust.checkpoint, ...earlierCheckpoints]
  const earlier = earlierUpdates({
    profile,
    engines,
    clock: platformClock,
    roots,
    async bootstrap(root, signal) {
      const kept = await verified.request({ type: 'bootstrap', root }, signal).catch(() => null)
      return kept?.bytes ?? certified.request({ type: 'bootstrap', root }, signal)
    },
    sources: () => [verified, ...upstream.filter((source) => !isBarred(source))],
    report,
  })

  async function plain(request: EthereumRequest, signal: AbortSignal): Promise<Uint8Array> {
    if (request.type === 'updates') return earlier.answer(request.startPeriod, request.count, signal)
    return isSelfCertifying(request) ? certified.request(request, signal) : fromUpstream(request, signal)
  }
  const compact = compactEvidence({ profile, engines, plain, checkpoints: roots })
  const hops = hopRuns(compact)

  function fresh(request: EthereumRequest, signal: AbortSignal): Promise<Uint8Array> {
    // each is a millisecond of work, and a peer may ask for 128 of them forty times a second
    if (request.type === 'hops') return hops.answer(request.startPeriod, request.count, signal)
    return isCompact(request) ? compact.answer(request, signal) : plain(request, signal)
  }

  return {
    description,
    serves(type) {
      // of other ledgers nothing is passed on that was not verified here
      if (isFamilyType(type)) return otherLedgers?.held.serves(type) ?? false
      return verified.serves(type) || upstream.some((source) => source.serves(type))
    },
    async request(request, signal) {
      if (isFamilyRequest(request)) {
        if (!otherLedgers) throw new NotAvailable(description.words, request.type)
        const key = fromHex(request.key, 'key')
        return { bytes: await otherLedgers.evidence(request.type, key, signal), from: description }
      }
      if (verified.serves(request.type)) {
        const kept = await verified.request(request, signal).catch(() => null)
        if (kept) return { bytes: kept.bytes, from: description }
      }
      return { bytes: await fresh(request, signal), from: description }
    },
    close: async () => {},
  }
}
