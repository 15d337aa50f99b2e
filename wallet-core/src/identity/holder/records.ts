/** What the vault keeps about identity, encrypted like everything in it: credentials, where they were shown, identifiers. */
import type { Hex } from '@glowworm/light-client'
import type { CredentialFormat, PresentationView, StatusView, TrustView } from '../../facade/identity.ts'

/** Where a holder's key lies: see `holder-keys.ts`. */
export interface KeyPlace {
  /** Which of the vault's secrets, from 0. */
  readonly secret: number
  /** Identifier of the relying party, e.g. `openid4vci:https://issuer.example`. */
  readonly party: string
  readonly number: number
}

export interface CredentialCopy {
  /** As its issuer gave it. */
  readonly raw: string
  /** Null: bound to no key. */
  readonly key: KeyPlace | null
  /** The only verifier it was shown to; null: nobody has seen it. */
  readonly shownTo: string | null
}

export interface CredentialRecord {
  readonly id: string
  readonly format: CredentialFormat
  /** `vct`, the last type of a W3C credential, or the `docType` of an mdoc. */
  readonly type: string
  /** As its issuer's metadata call it. */
  readonly name: string | null
  /** A DID; of an mdoc, whom its certificate names. */
  readonly issuer: string
  /** Where it was received; null: it was added by hand. */
  readonly issuedBy: string | null
  readonly addedAt: number
  /** ms since the epoch. */
  readonly validFrom: number | null
  readonly validUntil: number | null
  readonly copies: readonly CredentialCopy[]
  /** What the issuer's document rested on when it was last checked. */
  readonly trust: TrustView
  /** When it was last asked for; null: it has none, or nobody has asked. */
  readonly status: StatusView | null
}

/** No values: what was shown stands in the credential, and goes with it. */
export type PresentationRecord = PresentationView

export interface DidRecord {
  readonly did: string
  readonly party: string
  /** Null for a did:ethr, which an account owns. */
  readonly key: KeyPlace | null
  readonly account: Hex | null
  readonly createdAt: number
}

/** An authorization under way: the browser has left for the issuer, and comes back with a code. */
export interface PendingAuthorization {
  readonly state: string
  readonly startedAt: number
  /** What `resume` needs, as JSON: the offer, which key, the PKCE verifier. */
  readonly context: string
}

export interface IdentityRecords {
  readonly credentials: readonly CredentialRecord[]
  readonly presentations: readonly PresentationRecord[]
  readonly dids: readonly DidRecord[]
  readonly authorization: PendingAuthorization | null
}

export const MOST_CREDENTIALS = 200
/** All of them together; the whole vault is written anew at each change. */
export const MOST_CREDENTIAL_BYTES = 4 << 20
/** The oldest goes. */
export const MOST_PRESENTATIONS = 500
export const MOST_DIDS = 100
