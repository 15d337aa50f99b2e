/**
 * How many WebRTC connections a document may begin. Chromium gives a tab 500 peer connections and takes long to free
 * those that were closed, so an attacker who makes us begin many, or a neighbour that is never reached, could use them
 * up for the rest of the tab's life. Reads the clock, starts no timers.
 * @module
 */
import type { Clock } from '../../infrastructure/ports.ts'

export interface PeerConnectionBudget {
  /** False: not now. Nothing is used then. */
  take(): boolean
}

/** At once after a pause; over an hour no more than about 300, which leaves the browser time to free the old ones. */
const AT_ONCE = 60
const EVERY = 15_000

export function peerConnectionBudget(clock: Pick<Clock, 'now'>, atOnce = AT_ONCE, every = EVERY): PeerConnectionBudget {
  let left = atOnce
  let at = clock.now()
  return {
    take() {
      const now = clock.now()
      left = Math.min(atOnce, left + Math.max(0, now - at) / every)
      at = now
      if (left < 1) return false
      left -= 1
      return true
    },
  }
}
