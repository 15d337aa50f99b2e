/** What runs in the pages that measure transports: a browser node that asks, answers, publishes and hears. */
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import type { EvidenceSource } from '@glowworm/light-client/network/evidence-source'
import { type BrowserNode, createBrowserNode } from '@glowworm/light-client/network/libp2p/browser-node'
import { memorySource } from '@glowworm/light-client/network/memory-source'
import { answers, NETWORK, proofRequest, publishedAt, stampedUpdate } from './evidence.ts'
import { exchange } from './exchange.ts'

let node: BrowserNode
const sources = new Map<string, EvidenceSource>()
const delays: number[] = []
let wake = () => {}

const sourceOf = async (id: string): Promise<EvidenceSource> => {
  for (;;) {
    const source = sources.get(id)
    if (source) return source
    await new Promise<void>((resolve) => {
      wake = resolve
    })
  }
}

const api = {
  /** @param holds whether it can answer others */
  async start(bridges: readonly string[], holds: boolean): Promise<string> {
    const serve = memorySource({ id: 'page', carrier: 'file', words: 'this page' }, 64 * 1024 * 1024)
    if (holds) for (const [request, bytes] of answers()) serve.put(request, bytes)
    node = await createBrowserNode({
      bridges,
      network: NETWORK,
      clock: platformClock,
      ...(holds ? { serve } : {}),
      validate: async () => 'accept',
      onUpdate: (_kind, bytes) => delays.push(platformClock.now() - publishedAt(bytes)),
      onSource(source) {
        sources.set(source.description.id, source)
        wake()
      },
      onSourceGone: (id) => sources.delete(id),
    })
    return node.peerId
  },
  /** Milliseconds from the creation of a node until a peer is connected and known to serve, and until its first answer. */
  async first(bridges: readonly string[], peer: string) {
    const start = performance.now()
    await api.start(bridges, false)
    const source = await sourceOf(peer)
    const connected = performance.now() - start
    const { from } = await source.request(proofRequest(0), AbortSignal.timeout(20_000))
    return { connected, first: performance.now() - start, carrier: from.carrier }
  },
  exchange: async (peer: string) => exchange(await sourceOf(peer)),
  reachable: () => node.bridges().some(({ state }) => state.state === 'connected' && state.reachable),
  async publish(count: number) {
    for (let n = 0; n < count; n++) {
      await node.publish('optimistic_update', stampedUpdate(platformClock.now(), n))
      await platformClock.sleep(50)
    }
  },
  delays: () => delays,
}

export type TransportsPage = typeof api
Object.assign(window, { bench: api })
