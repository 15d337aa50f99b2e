/** What the interface may know and do about identity. Loaded when it is first used; plain data like the rest. @module */
import type { Hex } from '@glowworm/light-client'
import type { Problem } from './facade.ts'

/** What a DID document rested on, when it was last resolved. */
export type TrustView =
  | {
      readonly kind: 'proven'
      readonly height: bigint
      readonly hash: Hex
      /** Time of the block, ms since the epoch. */
      readonly time: number
      readonly final: boolean
      readonly words: string
      readonly checkedAt: number
    }
  | { readonly kind: 'self-certified'; readonly method: string; readonly checkedAt: number }
  | { readonly kind: 'attested'; readonly by: string; readonly checkedAt: number }
  /** Signed with a certificate that names `subject`. Whether its authority may vouch for that was not checked. */
  | { readonly kind: 'certificate'; readonly subject: string; readonly checkedAt: number }

/** What a status list said. `anchored`: a ledger proves that it was the issuer's list. */
export interface StatusView {
  readonly state: 'valid' | 'revoked' | 'suspended' | 'other'
  /** When the issuer made the list, ms since the epoch. */
  readonly listedAt: number
  readonly checkedAt: number
  readonly by: string
  readonly anchored: TrustView | null
}

export interface ClaimView {
  /** Names and places from the top. */
  readonly path: readonly (string | number)[]
  /** As JSON has it, without quotation marks for text; what is too long for a screen is cut. */
  readonly value: string
}

/** SD-JWT VC, W3C Verifiable Credential 2.0 with Data Integrity, ISO mdoc: as OpenID4VCI calls them. */
export type CredentialFormat = 'dc+sd-jwt' | 'ldp_vc' | 'mso_mdoc'

export interface CredentialView {
  readonly id: string
  readonly format: CredentialFormat
  readonly type: string
  readonly name: string | null
  readonly issuer: string
  readonly issuedBy: string | null
  readonly addedAt: number
  readonly validFrom: number | null
  readonly validUntil: number | null
  /** How many there are with keys of their own, and how many nobody has seen. */
  readonly copies: number
  readonly unseen: number
  readonly trust: TrustView
  readonly status: StatusView | null
}

export interface CredentialDetail {
  /** What can be shown by itself. */
  readonly selectable: readonly ClaimView[]
  /** What everybody sees it is shown to. */
  readonly always: readonly ClaimView[]
}

export interface PresentationView {
  readonly id: string
  readonly at: number
  readonly verifier: string
  readonly host: string
  readonly purpose: string | null
  readonly verifierTrust: TrustView | null
  readonly shown: readonly {
    readonly credentialId: string
    readonly type: string
    readonly issuer: string
    readonly claims: readonly string[]
    readonly issuerTrust: TrustView
    readonly status: StatusView | null
  }[]
}

export interface DidView {
  readonly did: string
  readonly party: string
  readonly createdAt: number
}

export interface IdentityView {
  readonly credentials: readonly CredentialView[]
  /** Newest first. */
  readonly presentations: readonly PresentationView[]
  readonly dids: readonly DidView[]
  /** An issuer's page was opened, and has not sent anybody back yet. */
  readonly authorizing: boolean
  /** Changes to identifiers that wait for approval, by the id of the approval. */
  readonly didChanges: Readonly<Record<string, DidChange>>
}

/** What somebody offers to issue. Nothing is kept before `acceptOffer`. */
export interface OfferView {
  readonly kind: 'offer'
  readonly id: string
  readonly issuer: { readonly url: string; readonly name: string | null }
  readonly credentials: readonly { readonly id: string; readonly name: string | null; readonly type: string }[]
  /** A code that the issuer gave in another way. */
  readonly code: { readonly length: number | null; readonly numeric: boolean; readonly text: string | null } | null
  /** True: the issuer wants to see its user on a page of its own first. */
  readonly redirects: boolean
}

export interface ChoiceView {
  readonly credentialId: string
  readonly name: string | null
  readonly type: string
  readonly issuer: string
  /** Exactly what leaves, and what is seen in any case. */
  readonly learns: readonly ClaimView[]
  readonly always: readonly ClaimView[]
  /** What stays hidden. */
  readonly hidden: readonly (readonly (string | number)[])[]
  /** True when its number was seen by another verifier: the two could find out that they met the same person. */
  readonly linkable: boolean
  /** True when it is bound to no key: whoever has seen it can show it as their own. */
  readonly bearer: boolean
}

/** Who asks, why, and for what. Nothing leaves before `present`. */
export interface RequestView {
  readonly kind: 'request'
  readonly id: string
  readonly verifier: {
    readonly id: string
    readonly name: string | null
    /** Where the answer goes. */
    readonly host: string
    /** True: the page that asks gets it, and the browser says which page that is. */
    readonly site: boolean
    /** Null: it did not sign the question; whoever runs the host may have asked. */
    readonly trust: TrustView | null
  }
  readonly purpose: string | null
  readonly wants: readonly {
    readonly id: string
    readonly required: boolean
    /** The credentials that answer it; none: it cannot be answered. */
    readonly choices: readonly ChoiceView[]
  }[]
  /** Set when what is required is not there. */
  readonly blocked: Problem | null
}

export interface ResolvedDidView {
  readonly did: string
  readonly trust: TrustView
  /** The document, as JSON. */
  readonly document: string
  readonly deactivated: boolean
}

/** Changes to the did:ethr of an account, each a transaction to the registry. */
export type DidChange =
  | { readonly kind: 'change-owner'; readonly owner: Hex }
  | {
      readonly kind: 'add-delegate' | 'revoke-delegate'
      readonly use: 'veriKey' | 'sigAuth'
      readonly delegate: Hex
      /** Seconds; for adding. */
      readonly validity?: number
    }
  | {
      readonly kind: 'set-attribute' | 'revoke-attribute'
      /** e.g. `did/pub/Secp256k1/veriKey`. */
      readonly name: string
      readonly value: Uint8Array
      /** Seconds; for setting. */
      readonly validity?: number
    }
  | { readonly kind: 'deactivate' }

export interface IdentityCommands {
  /**
   * Reads a link, or the text of a QR code: an offer (OpenID4VCI) or a question (OpenID4VP). The host in it is asked.
   * @throws problem `UNKNOWN_EXCHANGE`, `EXCHANGE_FAILED`, `INVALID_SERVICE_ADDRESS`, `CREDENTIAL_…`
   */
  readExchange(request: { text: string }): Promise<OfferView | RequestView>
  /** What a site that asks for a presentation would learn: the approval of that id. @throws problem `APPROVAL_GONE` */
  readSiteQuestion(request: { approvalId: string }): Promise<RequestView>
  /** Receives what was offered. `url`: the issuer's page, to be opened; it leads back, to `resumeOffer`. */
  acceptOffer(request: {
    id: string
    code: string | null
    /** Where the issuer's page leads back to. */
    returnTo: string
  }): Promise<{ credentials: readonly string[] } | { url: string }>
  resumeOffer(request: { url: string }): Promise<{ credentials: readonly string[] }>
  /** Shows what was chosen for each of `wants`. `redirect`: a page of the verifier that goes on from here. */
  present(request: {
    id: string
    choices: readonly { want: string; credentialId: string }[]
  }): Promise<{ redirect: string | null }>
  dropExchange(request: { id: string }): Promise<void>
  credential(request: { id: string }): Promise<CredentialDetail>
  /** Resolves the issuer anew and asks for the status. @throws problem `CREDENTIAL_…`, `STATUS_UNREACHABLE` */
  checkCredential(request: { id: string }): Promise<void>
  addCredential(request: { text: string }): Promise<{ id: string }>
  removeCredential(request: { id: string }): Promise<void>
  /** Null: the whole log. */
  removePresentations(request: { id: string | null }): Promise<void>
  /** Everything about identity, as readable JSON. Keys are not in it: they follow from the phrase. */
  exportIdentity(request: { password: Uint8Array }): Promise<{ file: Uint8Array }>
  eraseIdentity(request: { password: Uint8Array }): Promise<void>
  createDid(request: { method: 'key' | 'jwk'; party: string }): Promise<{ did: string }>
  removeDid(request: { did: string }): Promise<void>
  resolveDid(request: { did: string }): Promise<ResolvedDidView>
  /** Builds an approval for a change of the account's did:ethr. */
  prepareDidChange(request: { accountId: string; change: DidChange }): Promise<{ approvalId: string }>
}
