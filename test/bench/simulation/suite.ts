/** `npm run bench -- simulation`: 10,000 peers in virtual time. Draws docs/pictures/peer-network.svg. */
import { writeFileSync } from 'node:fs'
import { loadEngines } from '@glowworm/wasm-core'
import { type Measured, percentile } from './measure.ts'
import { FULL, simulate } from './network.ts'
import { picture } from './picture.ts'

export interface SimulationRow {
  readonly name: string
  readonly value: number
  readonly unit: string
}

/** @param only a number of peers other than 10,000; nothing is drawn then */
export async function run(only: string): Promise<SimulationRow[]> {
  const peers = only === '' ? FULL.peers : Number(only)
  if (!Number.isSafeInteger(peers) || peers < 100)
    throw new Error(`--only takes a number of peers from 100, not ${only}`)
  const measured = await simulate({ ...FULL, peers }, await loadEngines())
  if (only === '')
    writeFileSync(new URL('../../../docs/pictures/peer-network.svg', import.meta.url), picture(measured, peers))
  return rowsOf(measured)
}

export function present(rows: readonly SimulationRow[]): string {
  return rows
    .map(({ name, value, unit }) => `${name.padEnd(64)} ${value.toLocaleString('en').padStart(10)} ${unit}\n`)
    .join('')
}

function rowsOf(m: Measured): SimulationRow[] {
  const row = (name: string, value: number, unit = '', digits = 0): SimulationRow => ({
    name,
    value: Math.round(value * 10 ** digits) / 10 ** digits,
    unit,
  })
  return [
    row('honest peers at the end', m.honest),
    row('… that follow the head', m.following),
    row('update proven: median', percentile(m.delays, 0.5), 'ms'),
    row('update proven: p95', percentile(m.delays, 0.95), 'ms'),
    row('update proven: longest', m.delays.at(-1) ?? Number.NaN, 'ms'),
    row('came by gossip', m.byGossip * 100, '%', 3),
    row('came by asking, because gossip was late', m.byAsking * 100, '%', 3),
    row('had not come at the end', m.missing * 100, '%', 3),
    row('gossip sent per peer: median', percentile(m.gossipRates, 0.5), 'B/s'),
    row('gossip sent per peer: p95', percentile(m.gossipRates, 0.95), 'B/s'),
    row('questions and answers sent per peer: median', percentile(m.evidenceRates, 0.5), 'B/s'),
    row('questions and answers sent per peer: p95', percentile(m.evidenceRates, 0.95), 'B/s'),
    row('forgeries judged by honest peers', m.forgeriesJudged),
    row('… accepted', m.deceived),
    row('forgers an honest peer is connected to, first slot', m.forgersAround[0]?.links ?? Number.NaN, '', 2),
    row('forgers an honest peer is connected to, last slot', m.forgersAround.at(-1)?.links ?? Number.NaN, '', 2),
    row('proofs wanted', m.proofs.asked),
    row('… given', m.proofs.proven),
    row('proof given: p95', m.proofs.p95, 'ms'),
    row('peers asked for a proof, on average', m.proofs.meanAsked, '', 2),
    row('false answers convicted', m.convictions),
    row('honest peers convicted', m.wronglyConvicted),
    row('peers that left, and others that came', m.churned),
    ...m.surrounded.flatMap(({ honestLinks, peers, following, warned }) => [
      row(`surrounded by colluders but for ${honestLinks} honest: peers`, peers),
      row('… that follow all the same', following),
      row('… that do not, and know that all came through one hand', warned),
    ]),
    row('verifications really run', m.verifications),
  ]
}
