/** The phrase while it is shown: a buffer with one owner, wiped as soon as nobody looks at it. */
import { useEffect, useRef, useState } from 'react'
import { after } from '../../infrastructure/clock.ts'
import { isVisible, watchAttention } from '../../infrastructure/page.ts'

/** Milliseconds: enough to write 24 words down and compare them. */
const SHOWN_FOR = 10 * 60_000

/**
 * Owns `first`, and whatever is given to `hold`: wiped when the screen is left, when the page is hidden, and after ten
 * minutes. Then it is null, and the password brings it again.
 */
export function useHeldPhrase(first: Uint8Array | null): {
  phrase: Uint8Array | null
  hold: (phrase: Uint8Array) => void
} {
  const [phrase, hold] = useState(first)
  const unmounting = useRef<() => void>(() => {})
  useEffect(() => {
    // An effect that ends and begins again at once (React's strict mode) is no leaving of the screen.
    unmounting.current()
    if (phrase === null) return
    const wipe = () => phrase.fill(0)
    const drop = () => {
      wipe()
      hold(null)
    }
    const ends = [after(SHOWN_FOR, drop), watchAttention(() => isVisible() || drop())]
    return () => {
      for (const end of ends) end()
      unmounting.current = after(0, wipe)
    }
  }, [phrase])
  return { phrase, hold }
}
