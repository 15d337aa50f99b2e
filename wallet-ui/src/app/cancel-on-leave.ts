import { useEffect, useRef } from 'react'

/** Calls `cancel` when the screen is left while `open`: nobody waits for another device behind a screen that is gone. */
export function useCancelOnLeave(open: boolean, cancel: () => Promise<unknown>): void {
  const latest = useRef({ open, cancel })
  latest.current = { open, cancel }
  useEffect(
    () => () => {
      if (latest.current.open) void latest.current.cancel()
    },
    [],
  )
}
