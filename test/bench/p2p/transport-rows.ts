import type { Exchange } from './exchange.ts'
import { type P2pRow, row } from './goals.ts'

type Where = P2pRow['where']

export const exchangeRows = (where: Where, name: string, { sequential, pipelined, throughput }: Exchange): P2pRow[] => [
  row(where, `${name}: proofs one after another`, sequential, '/s'),
  row(where, `${name}: proofs twelve at a time`, pipelined, '/s'),
  row(where, `${name}: large answer`, throughput, 'MB/s'),
]

export interface Gossip {
  readonly p50: number
  readonly p95: number
  readonly heard: number
  readonly expected: number
}

export function gossipRows(where: Where, { p50, p95, heard, expected }: Gossip): P2pRow[] {
  const way =
    where === 'node'
      ? 'over the bridge, which judges and passes on'
      : 'over the bridge or pages that have met it directly'
  const note = `From one ${where === 'node' ? 'node' : 'page'}, ${way}, to five others; ${heard} of ${expected} arrived.`
  return [row(where, 'gossip delay, median', p50, 'ms', note), row(where, 'gossip delay, p95', p95, 'ms', note)]
}
