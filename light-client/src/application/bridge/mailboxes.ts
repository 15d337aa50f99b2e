/**
 * Letters that wait to be fetched: one to a box, written once, read once, in memory alone. What is in them is sealed; who
 * knows a box's name has read it off a page's code. Bounded in number and in time, and for each group of addresses.
 * @module
 */
import type { Clock } from '../../infrastructure/ports.ts'
import { THIS_DEVICE } from '../../network/peer-book/origins.ts'

/** Milliseconds a letter waits. */
export const LETTER_LIVES = 120_000
const MOST_BOXES = 4096
/** Of one group of addresses: letters that wait, and visits in a minute (a page looks some 40 times). */
const MOST_LETTERS = 16
const MOST_VISITS = 240
const MINUTE = 60_000
/** Groups remembered; the oldest are forgotten first. */
const MOST_GROUPS = 4096

export type Delivery = 'taken' | 'occupied' | 'full'

export interface Mailboxes {
  /** False: this group comes too often. The device itself, as which a proxy comes, is not counted. */
  admit(group: string): boolean
  put(box: string, letter: string, group: string): Delivery
  /** Null: there is none. It is gone after that. */
  take(box: string): string | null
}

interface Letter {
  readonly text: string
  readonly group: string
  readonly until: number
}

export function createMailboxes(clock: Pick<Clock, 'now'>): Mailboxes {
  /** In the order in which they end. */
  const letters = new Map<string, Letter>()
  /** Names that were used in the time a letter lives: a second letter under one would be somebody else's. */
  const used = new Map<string, number>()
  const visits = new Map<string, { since: number; count: number }>()

  function sweep(): void {
    const now = clock.now()
    for (const [box, { until }] of letters) {
      if (until > now) break
      letters.delete(box)
    }
    for (const [box, until] of used) {
      if (until > now) break
      used.delete(box)
    }
  }

  function waitingOf(group: string): number {
    let count = 0
    for (const letter of letters.values()) if (letter.group === group) count++
    return count
  }

  return {
    admit(group) {
      if (group === THIS_DEVICE) return true
      const now = clock.now()
      const known = visits.get(group)
      const entry = known && now - known.since < MINUTE && now >= known.since ? known : { since: now, count: 0 }
      entry.count += 1
      visits.delete(group)
      visits.set(group, entry)
      if (visits.size > MOST_GROUPS) visits.delete(visits.keys().next().value!)
      return entry.count <= MOST_VISITS
    },
    put(box, text, group) {
      sweep()
      if (used.has(box)) return 'occupied'
      if (used.size >= MOST_BOXES || (group !== THIS_DEVICE && waitingOf(group) >= MOST_LETTERS)) return 'full'
      const until = clock.now() + LETTER_LIVES
      letters.set(box, { text, group, until })
      used.set(box, until)
      return 'taken'
    },
    take(box) {
      sweep()
      const letter = letters.get(box)
      letters.delete(box)
      return letter?.text ?? null
    },
  }
}
