import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { disturbed, STILL_FOR, type Stillness, untilArmed } from './arming.ts'

const start: Stillness = { visible: true, since: 1000, subject: 'a' }

describe('arming', () => {
  it('waits until everything was still for a moment', () => {
    expect(untilArmed(start, 1000)).toBe(STILL_FOR)
    expect(untilArmed(start, 1000 + STILL_FOR - 1)).toBe(1)
    expect(untilArmed(start, 1000 + STILL_FOR)).toBe(0)
  })

  it('cannot wake while the page is hidden, however long', () => {
    const hidden = disturbed(start, { visible: false }, 1100)
    expect(untilArmed(hidden, 1e9)).toBeNull()
    const back = disturbed(hidden, { visible: true }, 5000)
    expect(untilArmed(back, 5000)).toBe(STILL_FOR)
  })

  it('starts anew when the subject changes or the page moves', () => {
    expect(untilArmed(disturbed(start, { subject: 'b' }, 1500), 1600)).toBe(STILL_FOR - 100)
    expect(untilArmed(disturbed(start, {}, 1590), 1600)).toBe(STILL_FOR - 10)
  })

  it('is never awake within the moment after the last event', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ after: fc.nat(2000), visible: fc.boolean() })),
        fc.nat(2000),
        (events, later) => {
          let still = start
          let now = start.since
          for (const event of events) {
            now += event.after
            still = disturbed(still, { visible: event.visible }, now)
          }
          const awake = untilArmed(still, now + later) === 0
          expect(awake).toBe(still.visible && later >= STILL_FOR)
        },
      ),
    )
  })

  it('does not wake early when the clock is set back', () => {
    expect(untilArmed(start, 0)).toBeGreaterThan(STILL_FOR)
  })
})
