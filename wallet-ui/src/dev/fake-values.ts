/** Made-up ledger values for drawing without a network. */
import type { Problem, Shown, ShownStep, SourceView } from '@glowworm/wallet-core/facade/facade'
import { now } from '../infrastructure/clock.ts'

export const ETHER = 10n ** 18n
export const HASH = `0x${'8f3b17c2d94e60a5'.repeat(4)}` as const
export const ROOT = `0x${'1c9ad04be27f5583'.repeat(4)}` as const
const MINUTE = 60_000

export const STALE: Problem = {
  code: 'STALE_CHECKPOINT',
  kind: 'stale',
  message: 'what was proven last from this checkpoint is 40.2 days old; only 15.7 days are safe',
  next: 'Take a newer finalized block root from several places you trust.',
}

export const UNREACHABLE: Problem = {
  code: 'SOURCE_UNREACHABLE',
  kind: 'unreachable',
  message: 'https://beacon.example did not answer: the connection was refused',
  next: 'Check the address and your connection, or add another source.',
}

export const LIE: Problem = {
  code: 'INVALID_BRANCH',
  kind: 'lie',
  message:
    'bridge 12D3KooWQ4f…xQ sent an account proof whose root is 0x5d11…09, but the proven header commits to the state root 0x1c9a…83.',
  next: 'The source was banned. Ask another source.',
}

const STEPS = (stage: 'account' | 'receipt'): ShownStep[] => [
  {
    stage: 'checkpoint',
    facts: { root: ROOT, slot: 11_204_608, time: now() - 900 * MINUTE },
    milliseconds: 6,
    suppliedBy: 'beacon.example',
  },
  {
    stage: 'committee',
    facts: { committees: 14, signatures: 14 },
    milliseconds: 412,
    suppliedBy: 'peer 12D3KooWM2…7b',
  },
  {
    stage: 'header',
    facts: { slot: 11_206_403, block: 24_784_163n, participation: 509, committee: 512 },
    milliseconds: 31,
    suppliedBy: 'peer 12D3KooWM2…7b',
  },
  {
    stage,
    facts: { method: `${stage} proof (Merkle-Patricia)`, height: 24_784_163n, hash: HASH, bytes: 3_914 },
    milliseconds: 9,
    suppliedBy: 'execution.example',
  },
  { stage: 'value', facts: { finality: 'finalized' }, milliseconds: 0, suppliedBy: null },
]

export function proven<T>(
  value: T,
  options: { final?: boolean; minutesAgo?: number; stage?: 'account' | 'receipt' } = {},
): Shown<T> {
  const final = options.final ?? false
  const checkedAt = now() - (options.minutesAgo ?? 0) * MINUTE
  return {
    kind: 'proven',
    handle: 'v1',
    value,
    final,
    words: final ? 'finalized' : 'optimistic',
    height: final ? 24_784_163n : 24_784_231n,
    hash: HASH,
    time: checkedAt - (final ? 13 * MINUTE : 9_000),
    checkedAt,
    trail: STEPS(options.stage ?? 'account'),
  }
}

export function said<T>(value: T, by: string): Shown<T> {
  return { kind: 'attested', value, by, checkedAt: now() }
}

export function unproven<T>(problem: Problem): Shown<T> {
  return { kind: 'unproven', problem }
}

/** Of the fake account with this index. */
export const fakeAddress = (index: number) =>
  `0x${(0xa1c3d5e7f90b2d4fn * BigInt(index + 3)).toString(16).padStart(40, '7e').slice(-40)}` as const

const learned = (change: Partial<SourceView['learned']> = {}): SourceView['learned'] => ({
  addresses: [],
  olderAddresses: 0,
  decoys: 0,
  transactions: 0,
  sent: 0,
  ...change,
})
const STRANGER = '0x52908400098527886e0f7030069857d2e4169ee7'

export const SOURCES: readonly SourceView[] = [
  {
    id: 'a',
    carrier: 'beacon-rest',
    words: 'beacon.example',
    bytes: 481_202,
    answers: 61,
    lie: null,
    learned: learned(),
  },
  {
    id: 'b',
    carrier: 'execution-rpc',
    words: 'execution.example',
    bytes: 92_118,
    answers: 27,
    lie: null,
    learned: learned({ addresses: [fakeAddress(0)], decoys: 12, sent: 2 }),
  },
  {
    id: 'c',
    carrier: 'webrtc',
    words: 'peer 12D3KooWM2…7b',
    bytes: 1_733_120,
    answers: 212,
    lie: null,
    learned: learned({ addresses: [STRANGER, fakeAddress(1)], transactions: 3, sent: 2 }),
  },
  {
    id: 'd',
    carrier: 'websocket',
    words: 'bridge 12D3KooWPk…2a',
    bytes: 12_040,
    answers: 8,
    lie: null,
    learned: learned({ transactions: 1 }),
  },
]

export const LIAR: SourceView = {
  id: 'e',
  carrier: 'webrtc',
  words: 'peer 12D3KooWQ4f…xQ',
  bytes: 22_118,
  answers: 3,
  lie: LIE,
  learned: learned({ addresses: [STRANGER] }),
}
