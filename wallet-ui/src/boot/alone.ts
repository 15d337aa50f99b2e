import { WalletError } from '@glowworm/wallet-core/errors'

/** Milliseconds that the page before has to end: a page that is loaded anew meets its own worker, which may be busy. */
const PATIENCE = 5_000

/**
 * Takes the wallet of this origin for this thread until it ends: two at once would overwrite each other's vault.
 * @throws {OpenElsewhere} when another tab or window has it
 */
export function takeAlone(name: string, patience = PATIENCE): Promise<void> {
  return new Promise((resolve, reject) => {
    const held = navigator.locks.request(name, { signal: AbortSignal.timeout(patience) }, () => {
      resolve()
      return new Promise<never>(() => {}) // held until the worker ends
    })
    held.catch(() => reject(new OpenElsewhere()))
  })
}

export class OpenElsewhere extends WalletError {
  constructor() {
    super(
      { name: 'Boot.OpenElsewhere', code: 'OPEN_ELSEWHERE', kind: 'usage' },
      'The wallet is open in another tab or window.',
      { next: 'Close it there, then reload.' },
    )
  }
}
