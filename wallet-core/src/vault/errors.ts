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

/** What was brought instead of a password, a recovery file or a passkey, is not one of this wallet. */
export class WrongUnlockSecret extends WalletError {
  constructor(method: 'recovery-file' | 'passkey') {
    super(
      { name: 'Vault.WrongUnlockSecret', code: 'WRONG_UNLOCK_SECRET', kind: 'usage' },
      method === 'passkey'
        ? 'This passkey does not open this wallet.'
        : 'This recovery file does not open this wallet.',
      { next: 'Use another one, or the password.' },
    )
  }
}

export class UnknownUnlockMethod extends WalletError {
  constructor() {
    super(
      { name: 'Vault.UnknownUnlockMethod', code: 'UNKNOWN_UNLOCK_METHOD', kind: 'usage' },
      'This wallet has no such way to unlock it.',
    )
  }
}

export class TooManyUnlockMethods extends WalletError {
  constructor(most: number) {
    super(
      { name: 'Vault.TooManyUnlockMethods', code: 'TOO_MANY_UNLOCK_METHODS', kind: 'refused' },
      `There are ${most} ways to unlock this wallet already.`,
      { next: 'Remove one first.' },
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

/** What is stored is not a whole vault. Nothing of it was used and nothing was overwritten. */
export class VaultCorrupted extends WalletError {
  constructor(reason: string, cause?: unknown) {
    super(
      { name: 'Vault.Corrupted', code: 'VAULT_CORRUPTED', kind: 'storage' },
      `The stored wallet is damaged: ${reason}.`,
      {
        cause,
        next: 'Your coins are safe on the ledger. Erase this wallet and import your phrase or backup file again.',
      },
    )
  }
}

/** The vault was written by a newer program. */
export class UnknownVaultVersion extends WalletError {
  constructor(version: number, known: number) {
    super(
      { name: 'Vault.UnknownVersion', code: 'UNKNOWN_VAULT_VERSION', kind: 'storage' },
      `The stored wallet has version ${version}; this program reads versions 1 to ${known}.`,
      { next: 'Update the program.' },
    )
  }
}

/** Somebody emptied the store under a vault that this instance knows. Its last state is still in memory, sealed. */
export class VaultGone extends WalletError {
  constructor() {
    super(
      { name: 'Vault.Gone', code: 'VAULT_GONE', kind: 'storage' },
      'The stored wallet was deleted from outside, e.g. with the data of this site. Nothing was done.',
      { next: 'Store it again, or save a backup file, before you close this page: it is only in memory now.' },
    )
  }
}

/** The device did not take the new vault, e.g. because it is full. What was stored before is still there. */
export class VaultNotWritten extends WalletError {
  constructor(cause: unknown) {
    super(
      { name: 'Vault.NotWritten', code: 'VAULT_NOT_WRITTEN', kind: 'storage' },
      `The wallet could not be stored: ${cause instanceof Error ? cause.message : 'the device refused it'}.`,
      { cause, next: 'Make room on this device, then try again. What was stored before is still there.' },
    )
  }
}
