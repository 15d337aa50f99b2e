/**
 * Commands that a person may stop. Stopping is asked for by a signal; the command then rejects with `STOPPED`, and nothing
 * it would have changed is changed, or it comes too late and the command ends as it would have.
 * @module
 */
import { WalletError } from '../errors.ts'

/** Optional last argument of a command that may be stopped. */
export type Stop = AbortSignal | undefined

/** @throws {Stopped} */
export function goOnUnless(stop: Stop): void {
  if (stop?.aborted) throw new Stopped()
}

/**
 * Waits for work that cannot be stopped itself, and changes nothing by itself, until it is done or nobody waits any more.
 * @param unused gets what comes after that, e.g. to wipe it
 * @throws {Stopped}
 */
export function unlessStopped<T>(work: Promise<T>, stop: Stop, unused: (value: T) => void = () => {}): Promise<T> {
  if (stop === undefined) return work
  return new Promise((resolve, reject) => {
    const end = () => {
      work.then(unused, () => undefined)
      reject(new Stopped())
    }
    if (stop.aborted) return end()
    stop.addEventListener('abort', end, { once: true })
    work.then(resolve, reject).finally(() => stop.removeEventListener('abort', end))
  })
}

export class Stopped extends WalletError {
  constructor() {
    super({ name: 'Wallet.Stopped', code: 'STOPPED', kind: 'usage' }, 'Stopped before anything was changed.')
  }
}
