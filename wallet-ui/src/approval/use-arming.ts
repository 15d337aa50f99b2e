import { useEffect, useState } from 'react'
import { after, now } from '../infrastructure/clock.ts'
import { isVisible, watchAttention } from '../infrastructure/page.ts'
import { disturbed, type Stillness, untilArmed } from './arming.ts'

/** True while a press on approve may count. `subject` names everything the person decides about. */
export function useArming(subject: string): boolean {
  const [still, setStill] = useState<Stillness>(() => ({
    visible: isVisible(),
    since: now(),
    subject,
  }))
  // The subject for which the moment has passed. Comparing it below leaves no drawing in which an old moment arms a new subject.
  const [armedFor, setArmedFor] = useState<string | null>(null)

  useEffect(
    () => setStill((before) => (before.subject === subject ? before : disturbed(before, { subject }, now()))),
    [subject],
  )
  useEffect(
    () =>
      watchAttention((visible) => {
        setArmedFor(null)
        setStill((before) => disturbed(before, { visible }, now()))
      }),
    [],
  )
  useEffect(() => {
    const wait = untilArmed(still, now())
    if (wait === null) return
    return after(wait, () => setArmedFor(still.subject))
  }, [still])

  return armedFor === subject
}
