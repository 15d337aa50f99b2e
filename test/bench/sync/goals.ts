/**
 * The rows of the benchmark, with what they are to reach at least and what they aim at: as a ratio to one peer, or as a
 * figure of our own. What has no line here is for information.
 * @module
 */
import type { PlacedRow } from '../compare.ts'
import type { Verdict } from '../report-table.ts'

export interface Goal {
  readonly atLeast: number
  readonly aim: number
  /** `ratio`: peer / ours, more is better. `ours`: the figure itself, less is better. */
  readonly of: 'ratio' | 'ours'
}

export interface SyncRow extends Omit<PlacedRow, 'unit'> {
  readonly unit: PlacedRow['unit'] | 'MB'
  readonly goal: Goal | null
  /** Why there is no peer, or what has to be known to read the figures. */
  readonly note: string | null
}

export const NAMES = {
  hops: 'catch up 46 periods by hops',
  plain: 'catch up 46 periods by plain updates',
  hopsProcessor: 'the same by hops, processor time of all threads',
  plainProcessor: 'the same by plain updates, processor time of all threads',
  bytes: 'bytes from the checkpoint to the first finality',
  update: 'one plain update: roots, branches, signature',
  balance: 'verified balance after sync',
  block: 'whole block of 140 transactions, senders recovered',
  largeBlock: 'whole block of 769 transactions, senders recovered',
  call: 'ERC-20 balance by eth_call, first call of a token',
  nextCall: 'ERC-20 balance by eth_call, another holder, new block',
  install: 'install to first proven balance, by hops',
  installPlain: 'install to first proven balance, by plain updates',
  size: 'verifier as a page loads it, brotli',
  memory: 'memory after sync, of its own, above what was there before',
  resident: 'the same with pages of the executable, resident memory',
  lowMemory: 'resident memory after sync with --low-memory',
  lowMemoryHops: 'catch up 46 periods by hops with --low-memory',
} as const

interface GoalLine extends Goal {
  readonly name: string
  readonly where: readonly PlacedRow['where'][]
  /** The peer a ratio is to, or in whose row a figure of our own is judged. */
  readonly peerName?: string
}

const BOTH = ['node', 'chromium'] as const

export const goals: readonly GoalLine[] = [
  { name: NAMES.hops, where: BOTH, peerName: 'Helios', of: 'ratio', atLeast: 8, aim: 20 },
  { name: NAMES.bytes, where: ['node'], peerName: 'Helios', of: 'ours', atLeast: 60_000, aim: 45_000 },
  { name: NAMES.update, where: ['chromium'], peerName: 'Helios', of: 'ratio', atLeast: 2, aim: 4 },
  { name: NAMES.balance, where: BOTH, peerName: 'Colibri', of: 'ours', atLeast: 0.3, aim: 0.1 },
  { name: NAMES.block, where: BOTH, peerName: 'Colibri', of: 'ratio', atLeast: 10, aim: 20 },
  { name: NAMES.call, where: ['node'], of: 'ours', atLeast: 2, aim: 1 },
  { name: NAMES.install, where: ['chromium'], of: 'ours', atLeast: 5000, aim: 2000 },
  { name: NAMES.installPlain, where: ['chromium'], of: 'ours', atLeast: 5000, aim: 2000 },
  { name: NAMES.size, where: ['chromium'], of: 'ours', atLeast: 120_000, aim: 90_000 },
  { name: NAMES.memory, where: ['node'], peerName: 'Colibri', of: 'ours', atLeast: 15, aim: 7.5 },
  { name: NAMES.memory, where: ['chromium'], peerName: 'Colibri', of: 'ours', atLeast: 20, aim: 10 },
  { name: NAMES.resident, where: ['node'], peerName: 'Colibri', of: 'ours', atLeast: 15, aim: 7.5 },
  { name: NAMES.resident, where: ['chromium'], peerName: 'Colibri', of: 'ours', atLeast: 20, aim: 10 },
  { name: NAMES.lowMemory, where: ['node'], peerName: 'Colibri', of: 'ours', atLeast: 15, aim: 7.5 },
]

/** The goal of a row, if it has one. */
export function goalOf(name: string, where: PlacedRow['where'], peerName: string | null): Goal | null {
  const line = goals.find((goal) => goal.name === name && goal.where.includes(where))
  if (!line || (line.peerName && line.peerName !== peerName)) return null
  return { atLeast: line.atLeast, aim: line.aim, of: line.of }
}

export function verdictOf({ goal, ours, ratio }: Pick<SyncRow, 'goal' | 'ours' | 'ratio'>): Verdict | null {
  if (!goal) return null
  const reaches = (limit: number) => (goal.of === 'ours' ? ours <= limit : (ratio ?? 0) >= limit)
  return reaches(goal.aim) ? 'aim' : reaches(goal.atLeast) ? 'least' : 'short'
}
