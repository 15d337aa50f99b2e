/**
 * When the approve button is awake: the page has been visible and still for a moment, and what is shown is what was
 * shown during all of that moment. Pure; `use-arming.ts` feeds it with events.
 * @module
 */

/** How long everything must have been still, in ms. */
export const STILL_FOR = 600

export interface Stillness {
  readonly visible: boolean
  /** Since when nothing moved, ms since the epoch. */
  readonly since: number
  /** What was on the screen all that time. */
  readonly subject: string
}

/** Any event that may have moved or covered the page starts the moment anew, and so does a new subject. */
export function disturbed(before: Stillness, event: { visible?: boolean; subject?: string }, now: number): Stillness {
  return { visible: event.visible ?? before.visible, subject: event.subject ?? before.subject, since: now }
}

/** Milliseconds until the button wakes, 0 when it is awake, null while it cannot wake. */
export function untilArmed(still: Stillness, now: number): number | null {
  if (!still.visible) return null
  // A clock set back would make the age negative and the wait longer, never shorter than the moment.
  return Math.max(0, still.since + STILL_FOR - now)
}
