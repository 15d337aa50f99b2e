import { type P2pRow, type Verdict, verdictOf } from './goals.ts'

const VERDICTS: Record<Verdict, string> = {
  aim: 'reaches its goal',
  least: 'reaches its least',
  short: 'FALLS SHORT',
}
/** Columns of figures stand to the right. */
const FIGURES = [2, 3, 4]

/** The table for terminals, with the notes below it. */
export function reportText(rows: readonly P2pRow[]): string {
  const notes = [...new Set(rows.flatMap(({ note }) => note ?? []))]
  const lines = [['', 'what', 'figure', 'at least', 'aim', '', ''], ...rows.map((row) => cells(row, notes))]
  const widths = lines[0]!.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)))
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
    `${reached} of ${judged.length} goals are reached`,
  ].join('\n')}\n`
}

function cells(row: P2pRow, notes: readonly string[]): string[] {
  const { where, name, value, unit, goal, note } = row
  const limit = (of: number | null | undefined) =>
    goal && of != null ? `${goal.better === 'less' ? '≤' : '≥'} ${of}` : ''
  const verdict = verdictOf(row)
  return [
    where,
    name,
    `${value >= 1000 ? Math.round(value) : Number(value.toPrecision(3))} ${unit}`,
    limit(goal?.atLeast),
    limit(goal?.aim),
    verdict ? VERDICTS[verdict] : '',
    note ? `${notes.indexOf(note) + 1})` : '',
  ]
}
