/** The tables of benchmarks for terminals: rows, the notes they refer to, and how many goals are reached. @module */

export interface ReportedRow {
  readonly goal: object | null
  /** What has to be known to read the figures. */
  readonly note: string | null
}

export type Verdict = 'aim' | 'least' | 'short'

export interface ReportForm<R> {
  readonly head: readonly string[]
  /** Columns of figures, which stand to the right. */
  readonly figures: readonly number[]
  /** What stands before the verdict and the note. */
  cells(row: R): string[]
  /** Null where there is no goal. */
  verdictOf(row: R): Verdict | null
  /** Words for a verdict. */
  readonly verdicts: Readonly<Record<Verdict, string>>
  summary(reached: number, judged: number): string
}

export function reportTable<R extends ReportedRow>(rows: readonly R[], form: ReportForm<R>): string {
  const notes = [...new Set(rows.flatMap(({ note }) => note ?? []))]
  const lineOf = (row: R): string[] => {
    const verdict = form.verdictOf(row)
    return [
      ...form.cells(row),
      verdict ? form.verdicts[verdict] : '',
      row.note ? `${notes.indexOf(row.note) + 1})` : '',
    ]
  }
  const lines = [[...form.head, '', ''], ...rows.map(lineOf)]
  const widths = lines[0]!.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)))
  const pad = (cell: string, i: number) =>
    form.figures.includes(i) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)
  const judged = rows.filter(({ goal }) => goal !== null)
  const reached = judged.filter((row) => form.verdictOf(row) !== 'short').length
  return `${[
    ...lines.map((line) => line.map(pad).join('  ').trimEnd()),
    '',
    ...notes.map((note, i) => `${i + 1}) ${note}`),
    '',
    form.summary(reached, judged.length),
  ].join('\n')}\n`
}

/** Four digits at most, and none that are lost. */
export const inUnit = (value: number, unit: string): string =>
  `${value >= 1000 ? Math.round(value) : Number(value.toPrecision(3))} ${unit}`
