/**
 * What runs in the pages of `p2p.test.ts`: one browser node, driven by the test through `window.glowworm`. Everything
 * that crosses to the test is plain JSON.
 */
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import type { EthereumRequest } from '@glowworm/light-client/ledgers/ethereum/evidence'
import type { EvidenceSource } from '@glowworm/light-client/network/evidence-source'
import { type BrowserNode, createBrowserNode } from '@glowworm/light-client/network/libp2p/browser-node'
import type { UpdateKind } from '@glowworm/light-client/network/libp2p/gossip'
import type { NetworkIdentity } from '@glowworm/light-client/network/libp2p/network-identity'
import { type MemorySource, memorySource } from '@glowworm/light-client/network/memory-source'

export interface StartOptions {
  readonly bridges: readonly string[]
  readonly network: NetworkIdentity
  /** Requests this page can answer and the answers, as byte values. */
  readonly holds?: readonly { readonly request: EthereumRequest; readonly bytes: readonly number[] }[]
  /** Updates whose first byte is this are rejected. */
  readonly rejectFirstByte?: number
}

export interface PageApi {
  start(options: StartOptions): Promise<string>
  sources(): { id: string; carrier: string; words: string; serves: boolean }[]
  ask(
    id: string,
    request: EthereumRequest,
  ): Promise<{ length: number; sum: number; carrier: string; milliseconds: number }>
  state(): ReturnType<BrowserNode['connections']>
  bridges(): string[]
  updates(): { kind: UpdateKind; bytes: number[]; from: string }[]
  gone(): string[]
  publish(kind: UpdateKind, bytes: readonly number[]): Promise<number>
  repairHits(): number
  stop(): Promise<void>
}

let node: BrowserNode | undefined
const sources = new Map<string, EvidenceSource>()
const updates: { kind: UpdateKind; bytes: number[]; from: string }[] = []
const gone: string[] = []

function running(): BrowserNode {
  if (!node) throw new Error('the node has not been started')
  return node
}

const api: PageApi = {
  async start({ bridges, network, holds, rejectFirstByte }) {
    let serve: MemorySource | undefined
    if (holds) {
      serve = memorySource({ id: 'page', carrier: 'file', words: 'this page' }, 32 * 1024 * 1024)
      for (const { request, bytes } of holds) serve.put(request, Uint8Array.from(bytes))
    }
    node = await createBrowserNode({
      bridges,
      network,
      clock: platformClock,
      ...(serve ? { serve } : {}),
      validate: async (_kind, bytes) => (bytes[0] === rejectFirstByte ? 'reject' : 'accept'),
      onUpdate: (kind, bytes, from) => updates.push({ kind, bytes: [...bytes], from }),
      onSource: (source) => sources.set(source.description.id, source),
      onSourceGone: (id) => {
        sources.delete(id)
        gone.push(id)
      },
    })
    return node.peerId
  },
  sources: () =>
    [...sources.values()].map((source) => ({ ...source.description, serves: source.serves('finality_update') })),
  async ask(id, request) {
    const source = sources.get(id)
    if (!source) throw new Error(`no source ${id}`)
    const before = performance.now()
    const { bytes, from } = await source.request(request, AbortSignal.timeout(20_000))
    return {
      length: bytes.length,
      sum: bytes.reduce((sum, byte) => (sum * 31 + byte) % 1_000_003, 7),
      carrier: from.carrier,
      milliseconds: performance.now() - before,
    }
  },
  state: () => running().connections(),
  bridges: () =>
    running()
      .bridges()
      .map(({ state }) => (state.state === 'connected' && state.reachable ? 'reachable' : state.state)),
  updates: () => updates,
  gone: () => gone,
  publish: (kind, bytes) => running().publish(kind, Uint8Array.from(bytes)),
  repairHits: () => running().repairHits(),
  async stop() {
    await running().close()
    node = undefined
  },
}

Object.assign(window, { glowworm: api })
