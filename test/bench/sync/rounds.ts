/** Runs the clients in turn, each time in a process or browser of its own. @module */
import type { PlacedRow } from '../compare.ts'
import type { Pages } from './chromium/run-in-chromium.ts'
import type { ClientName, Job, Outcome } from './job.ts'
import { runInNode } from './node/run-in-node.ts'
import type { RecordedServer } from './serve-recorded.ts'

/** In this order within a round. */
const CLIENTS: readonly ClientName[] = [
  'glowworm-hops',
  'helios',
  'glowworm',
  'colibri',
  'lodestar',
  'glowworm-low-memory',
]
const ROUNDS = 5
/** A client that takes longer runs in so many rounds only. */
const SLOW_MILLISECONDS = 10_000
const SLOW_ROUNDS = 2

export interface Runs {
  readonly outcomes: readonly Outcome[]
  /** Why a peer could not do the job; it has no outcomes then. */
  readonly failure: string | null
  /** What the first run asked for and got. */
  readonly requests: readonly string[]
  readonly bytes: number
}

export type Measured = ReadonlyMap<ClientName, Runs>

export interface Stage {
  readonly where: PlacedRow['where']
  readonly job: Job
  readonly server: RecordedServer
  readonly pages: Pages
  say(text: string): void
}

export async function runRounds({ where, job, server, pages, say }: Stage, clients = CLIENTS): Promise<Measured> {
  const measured = new Map<ClientName, Runs & { readonly outcomes: Outcome[] }>()
  const done = new Set<ClientName>()
  for (let round = 1; round <= ROUNDS; round++) {
    for (const client of clients.filter((name) => !done.has(name) && existsIn(where, name))) {
      say(`${where}: round ${round} of ${ROUNDS}, ${client}`)
      server.traffic = { requests: [], bytes: 0 }
      try {
        const outcome = await (where === 'node' ? runInNode(client, job) : pages.run(client, job))
        if (outcome.synced > SLOW_MILLISECONDS && round >= SLOW_ROUNDS) done.add(client)
        const known = measured.get(client)
        if (known) known.outcomes.push(outcome)
        else measured.set(client, { outcomes: [outcome], failure: null, ...server.traffic })
      } catch (cause) {
        if (client.startsWith('glowworm')) throw cause
        const failure = (cause as Error).message.split('\n')[0]!
        say(`${where}: ${client} failed: ${failure}`)
        measured.set(client, { outcomes: [], failure, ...server.traffic })
        done.add(client)
      }
    }
  }
  return measured
}

/** How the engine works is for whoever starts it to choose, which a page does not. */
const existsIn = (where: PlacedRow['where'], client: ClientName) => where === 'node' || client !== 'glowworm-low-memory'
