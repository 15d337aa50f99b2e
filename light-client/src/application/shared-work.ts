/** Many who want the same at the same time: done once, for all of them. @module */
import { orAborted } from '../network/libp2p/deadline.ts'

interface Work<T> {
  readonly answer: Promise<T>
  readonly ending: AbortController
  askers: number
}

/**
 * Joins the work that is under way for a key, or begins it. It is not done with the signal of one asker, for others may
 * be waiting for it: it is given up when the last has withdrawn, or after `within` milliseconds.
 */
export type SharedWork<T> = (key: string, begin: (signal: AbortSignal) => Promise<T>, signal: AbortSignal) => Promise<T>

export function createSharedWork<T>(within: number): SharedWork<T> {
  const underWay = new Map<string, Work<T>>()

  function start(key: string, begin: (signal: AbortSignal) => Promise<T>): Work<T> {
    const ending = new AbortController()
    const limit = AbortSignal.any([ending.signal, AbortSignal.timeout(within)])
    // ends then even where what was begun does not heed its signal
    const answer = orAborted(begin(limit), limit).finally(() => {
      if (underWay.get(key) === work) underWay.delete(key)
    })
    const work: Work<T> = { answer, ending, askers: 0 }
    underWay.set(key, work)
    return work
  }

  return async (key, begin, signal) => {
    signal.throwIfAborted()
    const work = underWay.get(key) ?? start(key, begin)
    work.askers++
    const withdrawn = Promise.withResolvers<never>()
    const onAbort = () => {
      withdrawn.reject(signal.reason)
      work.askers--
      if (work.askers > 0) return
      // nobody waits for it any more: whoever asks and withdraws must not keep the sources busy
      if (underWay.get(key) === work) underWay.delete(key)
      work.ending.abort(signal.reason)
    }
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      return await Promise.race([work.answer, withdrawn.promise])
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }
}
