import { GlowwormError } from '../errors.ts'
import type { Instant } from '../ledgers/verified.ts'

const DAY = 24 * 60 * 60 * 1000

/**
 * Refuses to start from a checkpoint so old that its validators could have left and sold their keys.
 * @throws {StaleCheckpoint}
 */
export function refuseStaleCheckpoint(checkpointTime: Instant, now: Instant, maxAgeDays: number): void {
  const age = (now - checkpointTime) / DAY
  if (age > maxAgeDays) throw new StaleCheckpoint(age, maxAgeDays)
}

/** The trusted checkpoint is older than the weak-subjectivity period allows. */
export class StaleCheckpoint extends GlowwormError {
  readonly ageDays: number
  readonly maxAgeDays: number
  constructor(ageDays: number, maxAgeDays: number) {
    super(
      { name: 'Consensus.StaleCheckpoint', code: 'STALE_CHECKPOINT', kind: 'stale' },
      `the checkpoint is ${ageDays.toFixed(1)} days old; only ${maxAgeDays} days are safe: validators of that time may have left and could sign a false history`,
      { next: 'Take a newer finalized block root from several places you trust.' },
    )
    this.ageDays = ageDays
    this.maxAgeDays = maxAgeDays
  }
}
