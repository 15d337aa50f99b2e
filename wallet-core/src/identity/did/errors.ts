import { WalletError } from '../../errors.ts'

/** Text that is no DID, or no DID of its method. */
export class MalformedDid extends WalletError {
  constructor(did: string, reason: string, cause?: unknown) {
    super({ name: 'Identity.MalformedDid', code: 'MALFORMED_DID', kind: 'usage' }, `${shortened(did)}: ${reason}`, {
      cause,
      next: 'Copy the whole identifier again from where it came from.',
    })
  }
}

/** A method, a kind of key or a chain that this wallet does not know. */
export class UnsupportedDid extends WalletError {
  constructor(did: string, what: string) {
    super({ name: 'Identity.UnsupportedDid', code: 'UNSUPPORTED_DID', kind: 'usage' }, `${shortened(did)}: ${what}`)
  }
}

/** A key that is none, is not on its curve, or carries its private half. */
export class InvalidKey extends WalletError {
  readonly reason: string
  constructor(where: string, reason: string, cause?: unknown) {
    super({ name: 'Identity.InvalidKey', code: 'INVALID_KEY', kind: 'usage' }, `${where}: ${reason}`, { cause })
    this.reason = reason
  }
}

/** A host answered with something else than the document of the DID that was asked for. */
export class InvalidDidDocument extends WalletError {
  constructor(did: string, reason: string, cause?: unknown) {
    super(
      { name: 'Identity.InvalidDidDocument', code: 'INVALID_DID_DOCUMENT', kind: 'refused' },
      `the document of ${shortened(did)} is refused: ${reason}`,
      { cause },
    )
  }
}

/** The host of a did:web gave no document. */
export class DidDocumentUnreachable extends WalletError {
  constructor(did: string, reason: string, cause?: unknown) {
    super(
      { name: 'Identity.DidDocumentUnreachable', code: 'DID_DOCUMENT_UNREACHABLE', kind: 'unreachable' },
      `the document of ${shortened(did)} could not be fetched: ${reason}`,
      { cause, next: 'Try again later.' },
    )
  }
}

/** Identifiers may be long, and come from strangers. */
export function shortened(text: string): string {
  const printable = text.replaceAll(/[^\x20-\x7e]/g, '?')
  return printable.length <= 80 ? printable : `${printable.slice(0, 60)}…${printable.slice(-8)}`
}
