import { inUnit, reportTable } from '../report-table.ts'
import { type P2pRow, verdictOf } from './goals.ts'

export const reportText = (rows: readonly P2pRow[]): string =>
  reportTable<P2pRow>(rows, {
    head: ['', 'what', 'figure', 'at least', 'aim'],
    figures: [2, 3, 4],
    cells({ where, name, value, unit, goal }) {
      const limit = (of: number | null | undefined) =>
        goal && of != null ? `${goal.better === 'less' ? '≤' : '≥'} ${of}` : ''
      return [where, name, inUnit(value, unit), limit(goal?.atLeast), limit(goal?.aim)]
    },
    verdictOf,
    verdicts: { aim: 'reaches its goal', least: 'reaches its least', short: 'FALLS SHORT' },
    summary: (reached, judged) => `${reached} of ${judged} goals are reached`,
  })
