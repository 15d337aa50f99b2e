import type { PlacedRow } from '../compare.ts'
import { type Goal, goalOf, goals, INSTANTIATION } from './goals.ts'

export type Verdict = 'aim' | 'least' | 'short'

export interface Standing {
  readonly row: PlacedRow
  /** Absent for what is measured for information. */
  readonly goal?: Goal
  readonly verdict?: Verdict
}

export function standings(rows: readonly PlacedRow[]): Standing[] {
  return rows.map((row) => {
    if (row.name === INSTANTIATION.name && row.where === 'chromium')
      return { row, verdict: row.ours < INSTANTIATION.atMostMilliseconds ? 'least' : 'short' }
    const goal = goalOf(row.name, row.peerName)
    return goal ? { row, goal, verdict: verdictOf(row.ratio ?? 0, goal) } : { row }
  })
}

function verdictOf(ratio: number, { atLeast, aim }: Goal): Verdict {
  if (ratio < atLeast) return 'short'
  return aim === undefined || ratio >= aim ? 'aim' : 'least'
}

/** How many rows with a goal reach their least, and how many goals were not measured where something was. */
export function tally(all: readonly Standing[]): { reached: number; judged: number; notMeasured: number } {
  const judged = all.filter(({ verdict }) => verdict !== undefined)
  const places = new Set(all.map(({ row }) => row.where)).size
  const compared = judged.filter(({ goal }) => goal !== undefined).length
  return {
    reached: judged.filter(({ verdict }) => verdict !== 'short').length,
    judged: judged.length,
    notMeasured: places * goals.length - compared,
  }
}
