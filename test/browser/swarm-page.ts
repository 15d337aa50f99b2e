/**
 * What runs in the pages of `swarm.test.ts`: a light client that has nothing but peers, and serves them what it has
 * proven. A page can be told to lie.
 */
import { createLightClient, type EvidenceSource, type Hex, type LightClient } from '@glowworm/light-client'
import { loadEngines } from '@glowworm/light-client/engines'
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import { parseProfile } from '@glowworm/light-client/ledgers/ethereum/profile'
import { type BrowserNode, createBrowserNode } from '@glowworm/light-client/network/libp2p/browser-node'
import { createPairing, type Pairing } from '@glowworm/light-client/network/pairing/pair'

export interface SwarmOptions {
  readonly profile: unknown
  readonly bridges: readonly string[]
  /** `sync`: a bit is changed in everything but proofs of accounts. An address: its proof, whichever is asked for. */
  readonly lie?: 'sync' | Hex
  /** Peer ids in the order in which they are asked; none is before all are there. */
  readonly order?: readonly string[]
  /** Bridges introduce peers, but give no evidence. */
  readonly peersOnly?: boolean
}

async function start({ profile: given, bridges, lie, order = [], peersOnly = false }: SwarmOptions) {
  const profile = parseProfile(given)
  const client = createLightClient({
    profile,
    engines: await loadEngines(),
    trust: { checkpoint: profile.checkpoint! },
    sources: [],
  })
  const waiting = new Map<string, EvidenceSource>()
  const onSourceGone = (id: string) => client.removeSource(id)
  const pairing = createPairing({
    network: profile,
    clock: platformClock,
    served: client.served,
    onSource: (source) => client.addSource(source),
    onSourceGone,
  })
  running = { client, pairing, node: null }
  if (bridges.length === 0) return ''
  const node = await createBrowserNode({
    bridges,
    network: profile,
    clock: platformClock,
    validate: (kind, bytes) => client.offer(kind, bytes),
    serve: lie ? lying(client.served, lie) : client.served,
    onSource(source) {
      const { id } = source.description
      if (peersOnly && bridges.some((address) => address.endsWith(`/p2p/${id}`))) return
      if (order.length === 0) return client.addSource(source)
      waiting.set(id, source)
      if (order.every((id) => waiting.has(id))) for (const id of order) client.addSource(waiting.get(id)!)
    },
    onSourceGone,
  })
  running = { client, pairing, node }
  return node.peerId
}

let running: { client: LightClient; pairing: Pairing; node: BrowserNode | null } | undefined
const here = () => {
  if (!running) throw new Error('the page has not been started')
  return running
}

function lying(honest: EvidenceSource, lie: 'sync' | Hex): EvidenceSource {
  return {
    description: honest.description,
    serves: honest.serves,
    close: honest.close,
    async request(request, signal) {
      if (lie !== 'sync' && request.type === 'account') return honest.request({ ...request, address: lie }, signal)
      const answer = await honest.request(request, signal)
      if (lie !== 'sync' || request.type === 'account') return answer
      const bytes = answer.bytes.slice()
      bytes[bytes.length >> 1]! ^= 1
      return { ...answer, bytes }
    },
  }
}

const api = {
  start,
  async account(address: Hex) {
    const { client } = here()
    const { verified, trail } = await client.account(address)
    return {
      balance: verified.value.balance.toString(),
      height: String(verified.anchor.height),
      suppliers: trail.flatMap(({ suppliedBy }) => (suppliedBy ? [suppliedBy] : [])),
    }
  },
  head: () => {
    const { status } = here().client
    const head = status.state === 'following' || status.state === 'stalled' ? status.head : null
    return head && { finalized: head.finalized.slot, optimistic: head.optimistic.slot }
  },
  sources: () => here().client.sources.map(({ description, lie }) => ({ id: description.id, lie: lie?.code ?? null })),
  connections: () => here().node?.connections() ?? [],
  pairOffer: async () => (await here().pairing.offer()).code,
  pairAnswer: async (code: string) => (await here().pairing.answer(code)).code,
  pairAccept: (code: string) => here().pairing.accept(code),
  pairConnected: () => here().pairing.connected(),
}

export type SwarmPage = typeof api
Object.assign(window, { page: api })
