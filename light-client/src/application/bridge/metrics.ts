/** What a bridge counts, in the text format of Prometheus. @module */
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { PRODUCT } from '../../product.ts'
import type { Bridge } from '../bridge.ts'

export interface BridgeMetrics {
  readonly contentType: string
  text(): Promise<string>
}

/** Everything is read when it is asked for: a bridge that nobody watches counts nothing twice. */
export function bridgeMetrics(bridge: Bridge): BridgeMetrics {
  const registry = new Registry()
  const prefix = `${PRODUCT.slug}_bridge_`
  collectDefaultMetrics({ register: registry, prefix: `${PRODUCT.slug}_` })
  const registers = [registry]

  const counter = (name: string, help: string, label: string, counts: () => Readonly<Record<string, number>>) =>
    new Counter({
      name: `${prefix}${name}`,
      help,
      labelNames: [label],
      registers,
      collect() {
        this.reset()
        for (const [key, count] of Object.entries(counts())) this.inc({ [label]: key }, count)
      },
    })
  const gauge = (name: string, help: string, label: string, values: () => Readonly<Record<string, number>>) =>
    new Gauge({
      name: `${prefix}${name}`,
      help,
      labelNames: [label],
      registers,
      collect() {
        this.reset()
        for (const [key, value] of Object.entries(values())) this.set({ [label]: key }, value)
      },
    })

  counter('requests_total', 'Evidence requests of peers, by how they ended.', 'status', () => bridge.node.served)
  counter('evidence_total', 'Answers that prove themselves, by where they came from.', 'from', () => bridge.answered)
  counter('updates_total', 'Gossiped updates, by verdict.', 'verdict', () => bridge.node.verdicts)
  counter(
    'consensus_updates_total',
    'Updates that consensus nodes gossiped, by verdict.',
    'verdict',
    () => bridge.consensus?.gossip.verdicts ?? {},
  )
  gauge('consensus_nodes', 'Consensus nodes that were named, by state of the connection.', 'state', () => {
    const nodes: Record<string, number> = {}
    for (const { state } of bridge.consensus?.peers() ?? []) nodes[state] = (nodes[state] ?? 0) + 1
    return nodes
  })
  counter('lies_total', 'Nodes upstream that sent false evidence.', 'kind', () => ({ node: bridge.lies }))
  gauge('connections', 'Open connections, by transport.', 'transport', () => {
    const open: Record<string, number> = {}
    for (const { carrier } of bridge.node.peers()) open[carrier] = (open[carrier] ?? 0) + 1
    return open
  })
  counter('stun_datagrams_total', 'Datagrams to the STUN server, by what became of them.', 'outcome', () => ({
    ...bridge.node.stun?.counts,
  }))
  gauge('members', 'Browsers that can be found through this bridge.', 'kind', () => ({
    browser: bridge.node.members().length,
  }))
  gauge('head_slot', 'Slot of the newest verified header.', 'finality', (): Record<string, number> => {
    const { status } = bridge.client
    const head = 'head' in status ? status.head : null
    return head ? { finalized: head.finalized.slot, optimistic: head.optimistic.slot } : {}
  })
  gauge('state', '1 for the state the client is in.', 'state', () => ({ [bridge.client.status.state]: 1 }))
  return { contentType: registry.contentType, text: () => registry.metrics() }
}
