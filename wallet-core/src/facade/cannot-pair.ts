import { WalletError } from '../errors.ts'

/** The shell has no document that could hold the connection. */
export class CannotPair extends WalletError {
  constructor() {
    super(
      { name: 'Wallet.CannotPair', code: 'CANNOT_PAIR', kind: 'unreachable' },
      'This wallet cannot connect to devices nearby here.',
      { next: 'Open it in a browser.' },
    )
  }
}
