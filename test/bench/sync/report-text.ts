import { inUnit, reportTable } from '../report-table.ts'
import { type SyncRow, verdictOf } from './goals.ts'

export const reportText = (rows: readonly SyncRow[]): string =>
  reportTable<SyncRow>(rows, {
    head: ['', 'job', 'peer', 'ours', 'peer', 'ratio', 'at least', 'aim'],
    figures: [3, 4, 5, 6, 7],
    cells({ where, name, peerName, ours, peer, ratio, unit, goal }) {
      const limit = (value: number) => (goal?.of === 'ratio' ? `${value}×` : inUnit(value, unit))
      return [
        where,
        name,
        peerName ?? '',
        inUnit(ours, unit),
        peer === null ? '' : inUnit(peer, unit),
        ratio === null ? '' : `${ratio.toFixed(ratio < 10 ? 2 : 1)}×`,
        goal ? limit(goal.atLeast) : '',
        goal ? limit(goal.aim) : '',
      ]
    },
    verdictOf,
    verdicts: { aim: 'reaches its aim', least: 'reaches its least', short: 'FALLS SHORT' },
    summary: (reached, judged) => `${reached} of ${judged} rows reach their least`,
  })
