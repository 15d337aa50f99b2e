/** What a question would learn, before anything leaves: the consent screen's content, computed from what would be sent. */
import type { ChoiceView, RequestView } from '../../facade/identity.ts'
import type { OpenQuestion } from '../exchange/answer.ts'
import { answerWith, type CredentialQuery, requiredOf } from '../exchange/dcql.ts'
import { disclosuresFor } from '../sd-jwt/present.ts'
import { type Disclosed, readSdJwt, type SdJwt } from '../sd-jwt/read.ts'
import { shownBy } from './claims.ts'
import { NothingToShow } from './errors.ts'
import type { CredentialCopy, CredentialRecord } from './records.ts'

/** One credential as it would be shown. */
export interface Showing {
  readonly record: CredentialRecord
  readonly copy: CredentialCopy
  readonly sdJwt: SdJwt
  readonly disclosures: readonly Disclosed[]
}

export interface Want {
  readonly id: string
  readonly showings: readonly Showing[]
}

/** What must be answered, with the credentials that can; null: it cannot be answered. Optional parts are left out. */
export function wantsOf(
  { query, clientId }: OpenQuestion,
  records: readonly CredentialRecord[],
): readonly Want[] | null {
  const all = query.credentials.map((one): Want => ({ id: one.id, showings: showingsFor(one, clientId, records) }))
  const answerable = new Set(all.filter(({ showings }) => showings.length > 0).map(({ id }) => id))
  const required = requiredOf(query, answerable)
  return required && all.filter(({ id }) => required.has(id))
}

function showingsFor(query: CredentialQuery, verifier: string, records: readonly CredentialRecord[]): Showing[] {
  if (query.format !== 'dc+sd-jwt' && query.format !== 'vc+sd-jwt') return []
  return records.flatMap((record) => {
    if (record.format !== 'dc+sd-jwt' || !(query.types?.includes(record.type) ?? true)) return []
    const copy = copyFor(record, verifier)
    if (query.bound && copy.key === null) return []
    const sdJwt = readSdJwt(copy.raw)
    const paths = answerWith(query, sdJwt.claims)
    return paths === null ? [] : [{ record, copy, sdJwt, disclosures: disclosuresFor(sdJwt, paths) }]
  })
}

/** The one this verifier knows already, else one that nobody has seen, else the first. */
function copyFor({ copies }: CredentialRecord, verifier: string): CredentialCopy {
  const known = copies.find(({ shownTo }) => shownTo === verifier)
  return known ?? copies.find(({ shownTo }) => shownTo === null) ?? copies[0]!
}

export function consentView(
  question: OpenQuestion,
  wants: readonly Want[] | null,
): Pick<RequestView, 'wants' | 'blocked' | 'purpose'> {
  return {
    purpose: question.purpose,
    wants: (wants ?? []).map(({ id, showings }) => ({
      ...{ id, required: true },
      choices: showings.map((showing) => choiceView(showing, question.clientId)),
    })),
    blocked: wants === null ? new NothingToShow().problem : null,
  }
}

function choiceView({ record, copy, sdJwt, disclosures }: Showing, verifier: string): ChoiceView {
  const { selectable, always } = shownBy(sdJwt, disclosures)
  const chosen = new Set(disclosures)
  return {
    ...{ credentialId: record.id, name: record.name, type: record.type, issuer: record.issuer },
    ...{ learns: selectable, always },
    hidden: sdJwt.disclosures.filter((each) => !chosen.has(each)).map(({ path }) => path),
    linkable: copy.shownTo !== null && copy.shownTo !== verifier,
  }
}
