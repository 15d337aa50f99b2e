import { WalletError } from '@glowworm/wallet-core/errors'

/**
 * Takes the wallet of this origin for this thread until it ends: two at once would overwrite each other's vault.
 * @throws {OpenElsewhere} when another tab or window has it
 */
export function takeAlone(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    void navigator.locks.request(name, { ifAvailable: true }, (lock) => {
      if (!lock) return reject(new OpenElsewhere())
      resolve()
      return new Promise<never>(() => {}) // held until the worker ends
    })
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
