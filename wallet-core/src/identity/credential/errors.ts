/** Why a credential or a presentation is not believed. @module */
import { WalletError } from '../../errors.ts'

/** Text or JSON that is no credential of its format. Nothing of it was used. */
export class MalformedCredential extends WalletError {
  constructor(reason: string, cause?: unknown) {
    super(
      { name: 'Identity.MalformedCredential', code: 'MALFORMED_CREDENTIAL', kind: 'usage' },
      `this is not a credential that can be read: ${reason}`,
      { cause },
    )
  }
}

/** A format, suite, algorithm, context or way to name the issuer that is not known here. */
export class UnsupportedCredential extends WalletError {
  constructor(what: string) {
    super(
      { name: 'Identity.UnsupportedCredential', code: 'UNSUPPORTED_CREDENTIAL', kind: 'usage' },
      `this kind of credential is not supported here: ${what}`,
    )
  }
}

/** What a credential, its proof or its presentation lacks. */
export type Fault =
  | 'ALGORITHM'
  | 'SIGNATURE'
  | 'DISCLOSURE'
  | 'EXPIRED'
  | 'NOT_YET_VALID'
  | 'ISSUER'
  | 'TYPE'
  | 'HOLDER'
  | 'KEY_BINDING'
  | 'AUDIENCE'
  | 'NONCE'
  | 'REPLAYED'
  | 'REVOKED'
  | 'SUSPENDED'
  | 'STATUS'

const NEXT: Partial<Record<Fault, string>> = {
  EXPIRED: 'Ask its issuer for a new one.',
  REVOKED: 'Its issuer took it back: ask there.',
  SUSPENDED: 'Its issuer suspended it for now: ask there.',
}

/** Well formed, and not to be believed. `code` is `CREDENTIAL_` and the fault. */
export class CredentialRefused extends WalletError {
  readonly fault: Fault
  constructor(fault: Fault, reason: string, cause?: unknown) {
    const next = NEXT[fault]
    super(
      { name: 'Identity.CredentialRefused', code: `CREDENTIAL_${fault}`, kind: 'refused' },
      `the credential is refused: ${reason}`,
      { cause, ...(next === undefined ? {} : { next }) },
    )
    this.fault = fault
  }
}
