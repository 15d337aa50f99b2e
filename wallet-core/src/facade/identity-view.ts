/** What the interface sees of identity: plain records, so that nothing has to be loaded to show them. @module */
import type { CredentialRecord, IdentityRecords } from '../identity/holder/records.ts'
import type { CredentialView, DidChange, IdentityView } from './identity.ts'

export const NO_IDENTITY: IdentityRecords = { credentials: [], presentations: [], dids: [], authorization: null }

export function identityView(
  records: IdentityRecords | undefined,
  didChanges: Readonly<Record<string, DidChange>>,
): IdentityView {
  return {
    credentials: records?.credentials.map(credentialView) ?? [],
    presentations: records?.presentations ?? [],
    dids: records?.dids.map(({ did, party, createdAt }) => ({ did, party, createdAt })) ?? [],
    authorizing: records !== undefined && records.authorization !== null,
    didChanges,
  }
}

function credentialView({ copies, ...record }: CredentialRecord): CredentialView {
  return { ...record, copies: copies.length, unseen: copies.filter(({ shownTo }) => shownTo === null).length }
}
