/** Lets slots pass with the clock. @module */

/** A machine that slept catches up in pieces of this many slots, so that requests are answered in between. */
const CATCH_UP_SLOTS = 32

/**
 * Calls `pass` at the start of every slot with the number of slots that are due. A failure to make a block ends the
 * process with the reason: a devnet that stands still would look like a bug in the client under test.
 */
export function startSlotTimer(options: {
  genesisTime: number
  secondsPerSlot: number
  passed: () => number
  pass: (slots: number) => Promise<void>
}): { stop(): void } {
  const { genesisTime, secondsPerSlot } = options
  let stopped = false
  let timer: NodeJS.Timeout | undefined

  function wait(): void {
    if (stopped) return
    const next = (genesisTime + (options.passed() + 1) * secondsPerSlot) * 1000
    timer = setTimeout(tick, Math.max(0, next - Date.now()))
  }
  function tick(): void {
    const due = Math.floor((Date.now() / 1000 - genesisTime) / secondsPerSlot) - options.passed()
    options.pass(Math.max(0, Math.min(due, CATCH_UP_SLOTS))).then(wait, (error: unknown) => {
      if (stopped) return
      queueMicrotask(() => {
        throw error
      })
    })
  }
  wait()
  return {
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}
