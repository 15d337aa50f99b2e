/** How many calls are begun at once, how many may be under way in all, and who is next. @module */
import { GlowwormError } from '../errors.ts'

export interface CallPlace {
  /** Another may come in. */
  leave(): void
  /** It computes for long: others are begun meanwhile, although it is still under way. */
  stepAside(): void
}

export interface CallGate {
  /**
   * Resolves when there is room: whoever asks has the fewest calls begun comes first.
   * @throws {TooManyCalls} @throws the reason of the signal
   */
  enter(asker: string, signal: AbortSignal): Promise<CallPlace>
}

interface Waiting {
  readonly asker: string
  readonly admit: () => void
}

/**
 * @param atOnce calls that are begun at once
 * @param waiting calls that may be under way besides; one asker's may be three quarters of all
 */
export function createCallGate(atOnce: number, waiting: number): CallGate {
  const most = atOnce + waiting
  const mostOfOne = Math.max(1, Math.ceil((most * 3) / 4))
  const begun = createTally()
  const underWay = createTally()
  const queue = new Set<Waiting>()

  function admitNext(): void {
    if (begun.total >= atOnce) return
    const [first, ...others] = queue
    if (!first) return
    others.reduce((best, one) => (begun.of(one.asker) < begun.of(best.asker) ? one : best), first).admit()
  }
  /** Resolves once it is begun. */
  function wait(asker: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (done: () => void) => {
        queue.delete(place)
        signal.removeEventListener('abort', abort)
        done()
      }
      const admit = () =>
        settle(() => {
          // Taken here, not when the waiting code runs, so that nobody slips in between.
          begun.add(asker)
          resolve()
        })
      const abort = () => settle(() => reject(signal.reason))
      const place = { asker, admit }
      queue.add(place)
      signal.addEventListener('abort', abort)
    })
  }

  return {
    async enter(asker, signal) {
      signal.throwIfAborted()
      if (underWay.total >= most) throw new TooManyCalls(most)
      if (underWay.of(asker) >= mostOfOne) throw new TooManyCalls(mostOfOne)
      underWay.add(asker)
      try {
        if (begun.total < atOnce) begun.add(asker)
        else await wait(asker, signal)
      } catch (cause) {
        underWay.take(asker)
        throw cause
      }
      let isBegun = true
      let isUnderWay = true
      const stepAside = () => {
        if (isBegun) begun.take(asker)
        isBegun = false
        admitNext()
      }
      return {
        stepAside,
        leave() {
          if (isUnderWay) underWay.take(asker)
          isUnderWay = false
          stepAside()
        },
      }
    },
  }
}

/** Counts by asker; who has none left is forgotten. */
function createTally() {
  const counts = new Map<string, number>()
  let total = 0
  const of = (asker: string) => counts.get(asker) ?? 0
  return {
    get total() {
      return total
    },
    of,
    add(asker: string) {
      total++
      counts.set(asker, of(asker) + 1)
    },
    take(asker: string) {
      total--
      if (of(asker) > 1) counts.set(asker, of(asker) - 1)
      else counts.delete(asker)
    },
  }
}

/** More calls are under way than are worked on or kept waiting. */
export class TooManyCalls extends GlowwormError {
  constructor(most: number) {
    super(
      { name: 'Application.TooManyCalls', code: 'TOO_MANY_CALLS', kind: 'unprovable' },
      `${most} calls are under way already`,
      { next: 'Ask again when some of them are answered.' },
    )
  }
}
