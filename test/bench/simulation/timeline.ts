/** Virtual time: what is to happen when, in steps of a millisecond. Nothing waits; time jumps from event to event. */
export interface Timeline {
  readonly now: number
  /** Runs `action` after so many virtual milliseconds, in the order in which they were asked for. */
  after(milliseconds: number, action: () => void | Promise<void>): void
  /** Lets time pass up to `end`. */
  run(end: number): Promise<void>
}

export function timeline(start: number): Timeline {
  const due = new Map<number, (() => void | Promise<void>)[]>()
  let now = start
  return {
    get now() {
      return now
    },
    after(milliseconds, action) {
      const at = now + Math.max(0, Math.round(milliseconds))
      const list = due.get(at)
      if (list) list.push(action)
      else due.set(at, [action])
    },
    async run(end) {
      for (; now <= end; now++) {
        const list = due.get(now)
        if (!list) continue
        // an action may add more for this very moment
        for (let i = 0; i < list.length; i++) {
          const work = list[i]!()
          if (work) await work
        }
        due.delete(now)
      }
      now = end
    },
  }
}
