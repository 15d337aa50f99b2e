import { type RefObject, useEffect, useRef, useState } from 'react'
import { watchPlace } from '../infrastructure/place.ts'

/** Half pixels, at zooms that leave them. */
const ROUNDING = 1

export interface Reading {
  /** True once everything above the foot was on the screen, to its end. */
  readonly read: boolean
  /** Goes to the foot that lies over what cannot be seen yet, last in what is read. */
  readonly foot: RefObject<HTMLElement | null>
}

/**
 * Whether all of it was scrolled through. What is shown under another `subject`, and what grows further down, has to be
 * seen, too; what is folded away need not. Something short is read at once.
 */
export function useReading(subject: string): Reading {
  const foot = useRef<HTMLElement>(null)
  const [readFor, setReadFor] = useState<string | null>(null)
  useEffect(() => {
    const [below, all] = [foot.current, foot.current?.parentElement]
    if (!below || !all) return
    /** How far down it was seen, in px from its top. */
    let seen = 0
    // A window that was scrolled for the decision before begins at the end: what lies above was not seen there.
    let begun = false
    const look = () => {
      const { top } = all.getBoundingClientRect()
      begun ||= (all.firstElementChild?.getBoundingClientRect().bottom ?? top) > 0
      if (!begun) return setReadFor(null)
      seen = Math.max(seen, below.getBoundingClientRect().top - top)
      const length = (lastShownBefore(below)?.getBoundingClientRect().bottom ?? top) - top
      setReadFor(seen + ROUNDING >= length ? subject : null)
    }
    look()
    return watchPlace(all, look)
  }, [subject])
  return { read: readFor === subject, foot }
}

function lastShownBefore(foot: Element): Element | null {
  let last = foot.previousElementSibling
  while (last instanceof HTMLDetailsElement && !last.open) last = last.previousElementSibling
  return last
}
