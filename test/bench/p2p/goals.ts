/**
 * The rows of the benchmark, with what they are to reach at least and what they aim at. What has no line here is for
 * information.
 * @module
 */
import { type PlacedRow, round } from '../compare.ts'
import type { Verdict } from '../report-table.ts'

export interface Goal {
  readonly atLeast: number
  /** Null where reaching the least is all there is to reach. */
  readonly aim: number | null
  readonly better: 'less' | 'more'
}

export interface P2pRow {
  readonly name: string
  readonly where: PlacedRow['where']
  readonly value: number
  readonly unit: 'ms' | '/s' | 'MB/s' | 'B' | 'kB' | 'MB' | 'MB/min' | ''
  readonly goal: Goal | null
  /** What has to be known to read the figure. */
  readonly note: string | null
}

export const NAMES = {
  size: 'swarm as a page loads it, brotli',
  cold: 'tab to proven balance through a bridge, cold',
  warm: 'tab to proven balance through a bridge, warm',
  renewed: '… and to the balance at the head of that moment',
  throughTab: 'tab to proven balance through another tab only, cold',
  clients: 'clients connected to one bridge process',
  answers: 'cached evidence answers',
} as const

const GOALS: Readonly<Record<string, Goal>> = {
  [NAMES.size]: { atLeast: 140 * 1024, aim: null, better: 'less' },
  [NAMES.cold]: { atLeast: 1500, aim: null, better: 'less' },
  [NAMES.warm]: { atLeast: 300, aim: null, better: 'less' },
  [NAMES.clients]: { atLeast: 500, aim: null, better: 'more' },
  [NAMES.answers]: { atLeast: 1000, aim: 3000, better: 'more' },
}

export function row(
  where: P2pRow['where'],
  name: string,
  value: number,
  unit: P2pRow['unit'],
  note: string | null = null,
): P2pRow {
  return { name, where, value: round(value), unit, goal: GOALS[name] ?? null, note }
}

export function verdictOf({ goal, value }: Pick<P2pRow, 'goal' | 'value'>): Verdict | null {
  if (!goal) return null
  const reaches = (limit: number) => (goal.better === 'less' ? value <= limit : value >= limit)
  if (!reaches(goal.atLeast)) return 'short'
  return goal.aim === null || reaches(goal.aim) ? 'aim' : 'least'
}
