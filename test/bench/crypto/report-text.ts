import type { PlacedRow } from '../compare.ts'
import { INSTANTIATION } from './goals.ts'
import { type Standing, standings, tally } from './standing.ts'

const VERDICTS = { aim: 'reaches its aim', least: 'reaches its least', short: 'FALLS SHORT' }

/** The table for terminals. */
export function reportText(rows: readonly PlacedRow[]): string {
  const all = standings(rows)
  const head = ['', 'primitive', 'peer', 'ours', 'peer', 'ratio', 'at least', 'aim', '']
  const lines = [head, ...all.map(cells)]
  const widths = head.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)))
  const table = lines.map((line) =>
    line
      .map((cell, i) => (i >= 3 && i <= 7 ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd(),
  )
  const { reached, judged, notMeasured } = tally(all)
  const rest = notMeasured > 0 ? `, ${notMeasured} not measured` : ''
  return `${[...table, '', `${reached} of ${judged} rows reach their least${rest}`].join('\n')}\n`
}

function cells({ row, goal, verdict }: Standing): string[] {
  const { where, name, peerName, ours, peer, ratio, unit } = row
  const limit = name === INSTANTIATION.name ? `under ${INSTANTIATION.atMostMilliseconds} ms` : ''
  return [
    where,
    name,
    peerName ?? '',
    timeText(ours, unit),
    peer === null ? '' : timeText(peer, unit),
    ratio === null ? '' : `${ratio.toFixed(2)}×`,
    goal ? `${goal.atLeast}×` : limit,
    goal?.aim ? `${goal.aim}×` : '',
    verdict ? VERDICTS[verdict] : '',
  ]
}

/** In the unit that needs the fewest digits. */
export function timeText(time: number, unit: PlacedRow['unit']): string {
  if (unit === 'B') return `${time} B`
  const microseconds = unit === 'ms' ? time * 1000 : time
  if (microseconds >= 1000) return `${Number((microseconds / 1000).toPrecision(3))} ms`
  if (microseconds >= 1) return `${Number(microseconds.toPrecision(3))} µs`
  return `${Number((microseconds * 1000).toPrecision(3))} ns`
}
