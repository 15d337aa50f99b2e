import { type SyncRow, type Verdict, verdictOf } from './goals.ts'

const VERDICTS: Record<Verdict, string> = {
  aim: 'reaches its aim',
  least: 'reaches its least',
  short: 'FALLS SHORT',
}
/** Columns of figures stand to the right. */
const FIGURES = [3, 4, 5, 6, 7]

/** The table for terminals, with the notes below it. */
export function reportText(rows: readonly SyncRow[]): string {
  const notes = [...new Set(rows.flatMap(({ note }) => note ?? []))]
  const head = ['', 'job', 'peer', 'ours', 'peer', 'ratio', 'at least', 'aim', '', '']
  const lines = [head, ...rows.map((row) => cells(row, notes))]
  const widths = head.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)))
  const table = lines.map((line) =>
    line
      .map((cell, i) => (FIGURES.includes(i) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd(),
  )
  const judged = rows.filter(({ goal }) => goal !== null)
  const reached = judged.filter((row) => verdictOf(row) !== 'short').length
  return `${[
    ...table,
    '',
    ...notes.map((note, i) => `${i + 1}) ${note}`),
    '',
    `${reached} of ${judged.length} rows reach their least`,
  ].join('\n')}\n`
}

function cells(row: SyncRow, notes: readonly string[]): string[] {
  const { where, name, peerName, ours, peer, ratio, unit, goal, note } = row
  const limit = (value: number) => (goal?.of === 'ratio' ? `${value}×` : inUnit(value, unit))
  const verdict = verdictOf(row)
  return [
    where,
    name,
    peerName ?? '',
    inUnit(ours, unit),
    peer === null ? '' : inUnit(peer, unit),
    ratio === null ? '' : `${ratio.toFixed(ratio < 10 ? 2 : 1)}×`,
    goal ? limit(goal.atLeast) : '',
    goal ? limit(goal.aim) : '',
    verdict ? VERDICTS[verdict] : '',
    note ? `${notes.indexOf(note) + 1})` : '',
  ]
}

function inUnit(value: number, unit: SyncRow['unit']): string {
  return `${value >= 1000 ? Math.round(value) : Number(value.toPrecision(3))} ${unit}`
}
