import type { Clock } from '../../infrastructure/ports.ts'
import { timeOfSlot } from '../../ledgers/ethereum/forks.ts'
import type { NetworkProfile } from '../../ledgers/ethereum/profile.ts'
import type { Output } from './output.ts'

/** Milliseconds by which honest clocks may differ before anybody is told. */
const TOLERATED = 60_000

/**
 * Says that the clock of this device is behind where a proven slot lies ahead of it: no block is signed before its time.
 * What is signed later than the clock is refused, so that a client with such a clock stays where it is.
 * @returns whether it had to be said
 */
export function warnOfLateClock(slot: number, profile: NetworkProfile, clock: Clock, output: Output): boolean {
  const ahead = timeOfSlot(profile, slot) - clock.now()
  if (ahead <= TOLERATED) return false
  output.warn(
    `the clock of this device is at least ${Math.round(ahead / 60_000)} minutes behind: by it, slot ${slot} lies in the future. Set it right; until then nothing newer can be proven`,
  )
  return true
}
