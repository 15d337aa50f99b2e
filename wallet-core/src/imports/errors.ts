import { WalletError } from '../errors.ts'
import type { ImportRequest } from '../facade/facade.ts'

const WHAT: Readonly<Record<ImportRequest['kind'], string>> = {
  phrase: 'phrase',
  'private-key': 'private key',
  keystore: 'keystore file',
  metamask: 'MetaMask vault',
  slip39: 'set of shares',
}

/** What was brought is not what it was said to be. The message repeats no part of it. */
export class InvalidImport extends WalletError {
  constructor(kind: ImportRequest['kind'] | null, reason: string) {
    super(
      { name: 'Imports.InvalidImport', code: 'INVALID_IMPORT', kind: 'usage' },
      `This ${kind === null ? 'import' : WHAT[kind]} cannot be read: ${reason}.`,
      { next: 'Compare it with the original. Nothing was changed.' },
    )
  }
}

export class WrongImportPassword extends WalletError {
  constructor(kind: ImportRequest['kind']) {
    super(
      { name: 'Imports.WrongImportPassword', code: 'WRONG_IMPORT_PASSWORD', kind: 'usage' },
      `The password does not open this ${WHAT[kind]}.`,
      { next: 'It is the password of the program that made it, not that of this wallet.' },
    )
  }
}

/** The file asks for more work or memory than this device shall be made to spend. */
export class ImportTooCostly extends WalletError {
  constructor(parameter: string, value: number, most: number) {
    super(
      { name: 'Imports.ImportTooCostly', code: 'IMPORT_TOO_COSTLY', kind: 'refused' },
      `This file asks for too costly a key derivation: ${parameter} is ${value}, at most ${most} is carried out.`,
      { next: 'No usual program writes such a file. Export it again with usual settings.' },
    )
  }
}
