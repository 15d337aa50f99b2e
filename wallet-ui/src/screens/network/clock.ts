import type { Pulse } from '@glowworm/wallet-core/facade/facade'

/** Milliseconds by which honest clocks may differ before anybody is told. */
const TOLERATED = 60_000

/**
 * The time of the newest proven block where it lies ahead of this device's clock, else null. A block is signed by its
 * committee after its time, so then the clock here is behind.
 * @param now ms since the epoch, as this device has it
 */
export function provenAhead(pulse: Pulse, now: number): number | null {
  const newest = pulse.state === 'following' ? pulse.headTime : pulse.state === 'stalled' ? pulse.lastTime : null
  return newest !== null && newest > now + TOLERATED ? newest : null
}
