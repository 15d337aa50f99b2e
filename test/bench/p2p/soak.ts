/** A bridge under moderate load while clients come and go: does its memory stay? @module */
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import { startBridge } from './bridge.ts'
import type { MemorySample } from './bridge-process.ts'
import { ask, type Client, connect } from './clients.ts'
import { type P2pRow, row } from './goals.ts'
import { growthPerMinute } from './memory-growth.ts'

export interface SoakOptions {
  /** How long, in seconds. */
  readonly seconds: number
  /** Connected at a time. */
  readonly clients: number
  /** In each round, one a second, so many leave and as many others come. */
  readonly leaving: number
  /** Asked in each round. */
  readonly requests: number
  /** Renew their place at the relay in each round. */
  readonly renewing?: number
  /** IPv4 addresses of this computer that the clients come from in turn: one dialled is one come from. */
  readonly from?: readonly string[]
}

export interface Soaked {
  readonly samples: readonly (MemorySample & { readonly at: number })[]
  /** When all clients had left. */
  readonly deserted: MemorySample
  readonly came: number
  readonly answers: number
  readonly failures: number
}

const ROUND = 1_000

export async function soak(options: SoakOptions, say: (text: string) => void = () => {}): Promise<Soaked> {
  const { from = ['127.0.0.1'], renewing = 1 } = options
  const bridge = await startBridge({ host: '0.0.0.0', wsPort: 0 })
  const clients: Client[] = []
  const samples: Soaked['samples'][number][] = []
  let [came, answers, failures] = [0, 0, 0]
  const come = async () => {
    const client = await connect(bridge.addresses[0]!.replace(/^\/ip4\/[^/]+/, `/ip4/${from[came % from.length]}`))
    clients.push(client)
    came++
    client.attend()
    await client.reserve()
  }
  try {
    for (let i = 0; i < options.clients; i++) await come()
    const start = performance.now()
    for (let round = 0; performance.now() - start < options.seconds * 1000; round++) {
      const next = start + (round + 1) * ROUND
      const load = await ask(clients, { requests: options.requests }, 4)
      answers += load.answers
      failures += load.failures
      for (let i = 0; i < renewing; i++) await clients[(round + i) % clients.length]!.reserve()
      for (const client of clients.splice(0, options.leaving)) await client.close()
      for (let i = 0; i < options.leaving; i++) await come()
      samples.push({ ...(await bridge.sample()), at: performance.now() - start })
      if (round % 30 === 29) say(`${Math.round(samples.at(-1)!.at / 1000)} s: ${megabytes(samples.at(-1)!)}`)
      await platformClock.sleep(Math.max(0, next - performance.now()))
    }
    await Promise.all(clients.splice(0).map((client) => client.close()))
    let deserted = await bridge.sample()
    for (let i = 0; deserted.connections > 0 && i < 50; i++) {
      await platformClock.sleep(100)
      deserted = await bridge.sample()
    }
    return { samples, deserted, came, answers, failures }
  } finally {
    await Promise.all(clients.map((client) => client.close()))
    await bridge.close()
  }
}

const megabytes = ({ resident, heap }: MemorySample) =>
  `${(resident / 1e6).toFixed(1)} MB resident, ${(heap / 1e6).toFixed(1)} MB heap`

/** The manual profile. */
export const TEN_MINUTES: SoakOptions = { seconds: 600, clients: 60, leaving: 2, requests: 60 }

export async function soakRows(say: (text: string) => void): Promise<P2pRow[]> {
  const { samples, deserted, came, answers, failures } = await soak(TEN_MINUTES, say)
  const of = (figure: 'resident' | 'heap') => samples.map(({ at, [figure]: bytes }) => ({ at, bytes }))
  const at = (share: number) => samples[Math.floor((samples.length - 1) * share)]!
  const note =
    `${TEN_MINUTES.clients} clients, ${TEN_MINUTES.leaving} leave and ${TEN_MINUTES.leaving} come each second: ` +
    `${came} in all; ${answers} answers, ${failures} failures; sampled each second after a collection.`
  return [
    ...[0, 0.25, 0.5, 0.75, 1].map((share) =>
      row('node', `soak: heap after ${share * 100} % of the time`, at(share).heap / 1e6, 'MB', note),
    ),
    row('node', 'soak: heap, growth', growthPerMinute(of('heap')) / 1e6, 'MB/min', note),
    ...[0, 0.5, 1].map((share) =>
      row('node', `soak: resident after ${share * 100} % of the time`, at(share).resident / 1e6, 'MB', note),
    ),
    row('node', 'soak: resident, growth', growthPerMinute(of('resident')) / 1e6, 'MB/min', note),
    row('node', 'soak: heap when all have left', deserted.heap / 1e6, 'MB', note),
  ]
}
