/** What was measured, as rows. @module */
import { fileURLToPath } from 'node:url'
import { PAGE_PARTS, pageSize } from '../../../light-client/page-size.ts'
import { median, type PlacedRow, type Row, round } from '../compare.ts'
import type { Pages } from './chromium/run-in-chromium.ts'
import { goalOf, NAMES, type SyncRow } from './goals.ts'
import type { ClientName, Job, Outcome } from './job.ts'
import { PERIODS } from './recorded-network.ts'
import type { Measured } from './rounds.ts'
import type { RecordedServer } from './serve-recorded.ts'

const MEGABYTE = 1_000_000
/** Milliseconds of the delay of each answer when a first visit is measured. */
const LATENCY = 150
const VISITS = 3

const PEERS: readonly (readonly [ClientName, peerName: string])[] = [
  ['helios', 'Helios'],
  ['colibri', 'Colibri'],
  ['lodestar', 'Lodestar'],
]
const NOTES = {
  colibri:
    'Colibri walks to the committee of the first proof it verifies: its figure contains one balance, a block more of it is fetched.',
  lodestar: "Lodestar's native blst has no build for this Node: what runs is herumi, as in browsers.",
  update: 'Helios has no step for one update: its whole catching up, HTTP and JSON included, divided by the updates.',
  balance:
    'Helios and Lodestar: no figure. Helios takes its head from a finality update and wants the full block of it, which is not recorded; Lodestar proves no state.',
  block:
    'The largest recorded block that Colibri can prove: it needs the beacon block and the one after it. Fetched, proven and read once, in a process that has synced.',
  largeBlock:
    'No peer: of no recorded block of this size there is the beacon block that Helios needs, nor the two that Colibri needs.',
  call: 'Requests one after another, each with 50 ms before its answer, on a devnet. No peer: none can follow the devnet.',
  memory:
    'Of the process, or of the renderer of the page. Before: nothing loaded but the harness. Its own: what is mapped from no file, so without the pages of Node or Chromium itself, which further processes share.',
  install: `Empty cache, ${LATENCY} ms before every answer (files, preflights, evidence), processor slowed down to a quarter.`,
} as const

export function rowsOf(
  where: PlacedRow['where'],
  measured: Measured,
  { balance, compactBytes }: { balance: string; compactBytes: number },
): SyncRow[] {
  for (const [client, { outcomes }] of measured)
    for (const outcome of outcomes)
      if (outcome.balance !== null && outcome.balance !== balance)
        throw new Error(`${client} proved a balance of ${outcome.balance}, recorded is ${balance}`)
  const of = (client: ClientName, figure: (outcome: Outcome) => number | null): number | null => {
    const values = (measured.get(client)?.outcomes ?? []).map(figure).filter((value) => value !== null)
    return values.length > 0 ? lowerMedian(values) : null
  }
  const row = (
    name: string,
    unit: SyncRow['unit'],
    ours: number | null,
    [peerName, peer]: readonly [string | null, number | null] = [null, null],
    note: string | null = null,
  ): SyncRow[] => (ours === null ? [] : [makeRow({ name, where, unit, ours, peerName, peer, note })])
  const against = (client: ClientName, figure: (outcome: Outcome) => number | null) =>
    [nameOf(client), of(client, figure)] as const

  const synced = (outcome: Outcome) => outcome.synced
  const processor = (outcome: Outcome) => outcome.syncedProcessor
  const blockTime = ({ block }: Outcome) => block?.milliseconds ?? null
  const own = ({ memory }: Outcome) => memory && memory.own / MEGABYTE
  const resident = ({ memory }: Outcome) => memory && memory.resident / MEGABYTE
  const memories = [
    [NAMES.memory, 'glowworm-hops', own],
    [NAMES.resident, 'glowworm-hops', resident],
    [NAMES.lowMemory, 'glowworm-low-memory', resident],
  ] as const
  const helios = of('helios', synced)
  const times = [
    [NAMES.hops, 'glowworm-hops', synced],
    [NAMES.plain, 'glowworm', synced],
    [NAMES.hopsProcessor, 'glowworm-hops', processor],
    [NAMES.plainProcessor, 'glowworm', processor],
  ] as const
  return [
    ...times.flatMap(([name, ours, time]) =>
      PEERS.flatMap(([peer]) => {
        const failure = measured.get(peer)?.failure
        const note = failure ? `${nameOf(peer)} failed: ${failure}` : noteOn(peer, where)
        return of(peer, time) === null && !failure ? [] : row(name, 'ms', of(ours, time), against(peer, time), note)
      }),
    ),
    ...(where === 'node' ? row(NAMES.bytes, 'B', compactBytes, ['Helios', measured.get('helios')!.bytes]) : []),
    ...row(
      NAMES.update,
      'ms',
      of('glowworm', (outcome) => outcome.update),
      ['Helios', helios && helios / PERIODS],
      NOTES.update,
    ),
    ...row(
      NAMES.balance,
      'ms',
      of('glowworm', (outcome) => outcome.balanceAgain),
      against('colibri', (outcome) => outcome.balanceAgain),
      NOTES.balance,
    ),
    ...row(NAMES.block, 'ms', of('glowworm', blockTime), against('colibri', blockTime), NOTES.block),
    ...memories.flatMap(([name, ours, figure]) =>
      PEERS.slice(0, 2).flatMap(([peer]) => row(name, 'MB', of(ours, figure), against(peer, figure), NOTES.memory)),
    ),
    ...row(NAMES.lowMemoryHops, 'ms', of('glowworm-low-memory', synced), ['Helios', helios]),
  ]
}

/** Of two runs the better one: so it is for the slow peers. */
function lowerMedian(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[(values.length - 1) >> 1]!
}

function noteOn(peer: ClientName, where: PlacedRow['where']): string | null {
  if (peer === 'lodestar') return where === 'node' ? NOTES.lodestar : null
  return peer === 'colibri' ? NOTES.colibri : null
}

export function largeBlockRow(where: PlacedRow['where'], measured: Measured): SyncRow {
  const blocks = measured.get('glowworm')!.outcomes.map(({ block }) => block!)
  if (blocks.some(({ transactions }) => transactions !== 769)) throw new Error('the block was not of 769 transactions')
  const ours = median(blocks.map(({ milliseconds }) => milliseconds))
  return makeRow({
    name: NAMES.largeBlock,
    where,
    unit: 'ms',
    ours,
    peerName: null,
    peer: null,
    note: NOTES.largeBlock,
  })
}

/** Of the suite of calls, what a goal is set for. The chain is a devnet: no mainnet state of a token is recorded whole. */
export function callRows(calls: readonly Row[]): SyncRow[] {
  const named = [
    ['ERC-20 balance, first call of a token', NAMES.call],
    ['ERC-20 balance, another holder, new block', NAMES.nextCall],
  ] as const
  return named.map(([of, name]) => {
    const { ours } = calls.find((row) => row.name === of)!
    return makeRow({ name, where: 'node', unit: 'trips', ours, peerName: null, peer: null, note: NOTES.call })
  })
}

/** First visits of a page, by hops and by plain updates in turn. */
export async function installRows(
  job: Job,
  balance: string,
  server: RecordedServer,
  pages: Pages,
  say: (text: string) => void,
): Promise<SyncRow[]> {
  const times = { hops: [] as number[], plain: [] as number[] }
  server.latency = LATENCY
  for (let visit = 1; visit <= VISITS; visit++)
    for (const way of ['hops', 'plain'] as const) {
      say(`chromium: visit ${visit} of ${VISITS}, by ${way}`)
      const shown = await pages.install(job, way === 'hops')
      if (shown.balance !== balance) throw new Error(`the page shows ${shown.balance}, recorded is ${balance}`)
      times[way].push(shown.milliseconds)
    }
  server.latency = 0
  const row = (name: string, ours: number) =>
    makeRow({ name, where: 'chromium', unit: 'ms', ours, peerName: null, peer: null, note: NOTES.install })
  return [row(NAMES.install, median(times.hops)), row(NAMES.installPlain, median(times.plain))]
}

export async function sizeRow(): Promise<SyncRow> {
  const ours = await pageSize(
    fileURLToPath(new URL('../../../light-client/', import.meta.url)),
    PAGE_PARTS.verifier.source,
  )
  return makeRow({ name: NAMES.size, where: 'chromium', unit: 'B', ours, peerName: null, peer: null, note: null })
}

function makeRow(given: Omit<SyncRow, 'ratio' | 'goal'>): SyncRow {
  const { name, where, peerName, ours, peer } = given
  return {
    ...given,
    ours: round(ours),
    peer: peer === null ? null : round(peer),
    ratio: peer === null ? null : round(peer / ours),
    goal: goalOf(name, where, peerName),
  }
}

function nameOf(client: ClientName): string {
  return PEERS.find(([name]) => name === client)?.[1] ?? client
}
