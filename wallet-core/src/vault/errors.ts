import { WalletError } from '../errors.ts'

export const LEAST_PASSWORD_BYTES = 8

export class WrongPassword extends WalletError {
  constructor() {
    super(
      { name: 'Vault.WrongPassword', code: 'WRONG_PASSWORD', kind: 'usage' },
      'The password does not open this wallet.',
      {
        next: 'Try again. If you forgot it, erase this wallet and import your phrase.',
      },
    )
  }
}

export class WeakPassword extends WalletError {
  constructor() {
    super(
      { name: 'Vault.WeakPassword', code: 'WEAK_PASSWORD', kind: 'usage' },
      `The password is too short: expected at least ${LEAST_PASSWORD_BYTES} characters.`,
      { next: 'Choose a longer one, e.g. several words.' },
    )
  }
}

export class NoWallet extends WalletError {
  constructor() {
    super({ name: 'Vault.NoWallet', code: 'NO_WALLET', kind: 'locked' }, 'There is no wallet on this device.', {
      next: 'Create one or import a phrase.',
    })
  }
}

export class WalletExists extends WalletError {
  constructor() {
    super(
      { name: 'Vault.WalletExists', code: 'WALLET_EXISTS', kind: 'refused' },
      'There is a wallet on this device already.',
      {
        next: 'Unlock it, or erase it first.',
      },
    )
  }
}

export class Locked extends WalletError {
  constructor() {
    super({ name: 'Vault.Locked', code: 'LOCKED', kind: 'locked' }, 'The wallet is locked.', { next: 'Unlock it.' })
  }
}

/** Another instance of the wallet wrote the vault; nothing was overwritten. */
export class VaultChangedElsewhere extends WalletError {
  constructor() {
    super(
      { name: 'Vault.ChangedElsewhere', code: 'VAULT_CHANGED_ELSEWHERE', kind: 'storage' },
      'Another window of this wallet changed it in the meantime.',
      { next: 'Close the other window, then lock and unlock this one.' },
    )
  }
}
