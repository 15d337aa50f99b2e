/** How old the start may be, and what a person can do when it is too old. @module */
import { GlowwormError } from '../errors.ts'
import type { Instant } from '../ledgers/verified.ts'
import { LEAST_OPERATORS } from './checkpoint-agreement.ts'

const DAY = 24 * 60 * 60 * 1000

/**
 * What is too old: the checkpoint itself, what an earlier run proved from it last, or what this run proved last before
 * a long sleep.
 */
export type StaleGround = 'checkpoint' | 'kept' | 'followed'

/** What a person can do then. Nothing of it happens by itself. */
export type RecoveryChoice =
  /** Ask operators for a newer one; at least so many, independent of each other, who must all agree (`agreeOnCheckpoint`). */
  | { readonly kind: 'agreed-checkpoint'; readonly leastOperators: number }
  /** Bring a newer finalized block root from a place they trust. */
  | { readonly kind: 'own-checkpoint' }
  /** Go on from the old one after all: `maxAgeDays` of the trust, said in so many words. */
  | { readonly kind: 'old-checkpoint'; readonly maxAgeDays: number; readonly words: string; readonly risk: string }

/** What a person says who goes on from an old checkpoint, where words are asked for. */
export const OLD_CHECKPOINT_WORDS = 'believe a checkpoint that is too old'

/** In plain words, for whoever is about to say that. */
export const OLD_CHECKPOINT_RISK =
  'validators of that time may have left since and sold their keys. With two thirds of an old committee anybody can sign a false history from there on: false balances, false receipts, and nothing here could tell it from the true one.'

/**
 * Refuses to start from a checkpoint so old that its validators could have left and sold their keys.
 * @param time of the newest block that is proven from it
 * @throws {StaleCheckpoint}
 */
export function refuseStaleCheckpoint(
  time: Instant,
  now: Instant,
  maxAgeDays: number,
  ground: StaleGround = 'checkpoint',
): void {
  const age = (now - time) / DAY
  if (age > maxAgeDays) throw new StaleCheckpoint(age, maxAgeDays, ground)
}

/** The start is older than the weak-subjectivity period allows. What was kept stays kept. */
export class StaleCheckpoint extends GlowwormError {
  readonly ageDays: number
  readonly maxAgeDays: number
  readonly ground: StaleGround
  readonly choices: readonly RecoveryChoice[]
  constructor(ageDays: number, maxAgeDays: number, ground: StaleGround = 'checkpoint') {
    super(
      { name: 'Consensus.StaleCheckpoint', code: 'STALE_CHECKPOINT', kind: 'stale' },
      `${WORDS[ground]} is ${inDays(ageDays)} old; only ${inDays(maxAgeDays)} are safe: validators of that time may have left and could sign a false history`,
      { next: 'Take a newer finalized block root from several places you trust.' },
    )
    this.ageDays = ageDays
    this.maxAgeDays = maxAgeDays
    this.ground = ground
    this.choices = [
      { kind: 'agreed-checkpoint', leastOperators: LEAST_OPERATORS },
      { kind: 'own-checkpoint' },
      {
        kind: 'old-checkpoint',
        maxAgeDays: Math.floor(ageDays) + 1,
        words: OLD_CHECKPOINT_WORDS,
        risk: OLD_CHECKPOINT_RISK,
      },
    ]
  }
}

const WORDS: Readonly<Record<StaleGround, string>> = {
  checkpoint: 'the checkpoint',
  kept: 'what was proven last from this checkpoint',
  followed: 'what was proven last',
}

/** Test networks have limits of minutes. */
function inDays(days: number): string {
  if (days >= 1) return `${Number(days.toFixed(1))} days`
  return days * 24 >= 1 ? `${Number((days * 24).toFixed(1))} hours` : `${Math.round(days * 24 * 60 * 60)} seconds`
}
