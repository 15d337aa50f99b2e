/** What a question would learn, before anything leaves: the consent screen's content, computed from what would be sent. */
import type { ChoiceView, RequestView } from '../../facade/identity.ts'
import type { OpenQuestion } from '../exchange/answer.ts'
import { type CredentialQuery, requiredOf } from '../exchange/dcql.ts'
import { NothingToShow } from './errors.ts'
import type { CredentialCopy, CredentialRecord } from './records.ts'
import { showDocument } from './show-document.ts'
import { showSdJwt } from './show-sd-jwt.ts'
import type { ShowAs, Showing, ShowingPorts } from './showing.ts'

export interface Want {
  readonly id: string
  readonly showings: readonly Showing[]
}

const FORMATS: Readonly<Record<string, { readonly kept: CredentialRecord['format']; readonly show: ShowAs }>> = {
  'dc+sd-jwt': { kept: 'dc+sd-jwt', show: showSdJwt },
  'vc+sd-jwt': { kept: 'dc+sd-jwt', show: showSdJwt },
  ldp_vc: { kept: 'ldp_vc', show: showDocument },
  mso_mdoc: {
    kept: 'mso_mdoc',
    show: async (...asked) => (await import('./show-mdoc.ts')).showMdoc(...asked),
  },
}

/** What must be answered, with the credentials that can; null: it cannot be answered, or nothing must be. Optional parts are left out. */
export async function wantsOf(
  { query, clientId }: Pick<OpenQuestion, 'query' | 'clientId'>,
  records: readonly CredentialRecord[],
  ports: ShowingPorts,
): Promise<readonly Want[] | null> {
  const all = await Promise.all(
    query.credentials.map(
      async (one): Promise<Want> => ({ id: one.id, showings: await showingsFor(one, clientId, records, ports) }),
    ),
  )
  const answerable = new Set(all.filter(({ showings }) => showings.length > 0).map(({ id }) => id))
  const required = requiredOf(query, answerable)
  return required && required.size > 0 ? all.filter(({ id }) => required.has(id)) : null
}

async function showingsFor(
  query: CredentialQuery,
  verifier: string,
  records: readonly CredentialRecord[],
  ports: ShowingPorts,
): Promise<readonly Showing[]> {
  const format = Object.hasOwn(FORMATS, query.format) ? FORMATS[query.format]! : null
  if (format === null) return []
  const showings = records.map(async (record) => {
    const copy = copyFor(record, verifier)
    if (record.format !== format.kept || (query.bound && copy.key === null)) return null
    // What every verifier refuses is not given away for it.
    if (record.validUntil !== null && record.validUntil < ports.clock.now()) return null
    return format.show(query, record, copy, ports)
  })
  return (await Promise.all(showings)).filter((showing) => showing !== null)
}

/** The one this verifier knows already, else one that nobody has seen, else the first. */
function copyFor({ copies }: CredentialRecord, verifier: string): CredentialCopy {
  const known = copies.find(({ shownTo }) => shownTo === verifier)
  return known ?? copies.find(({ shownTo }) => shownTo === null) ?? copies[0]!
}

export function consentView(
  question: Pick<OpenQuestion, 'purpose' | 'clientId'>,
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

function choiceView(showing: Showing, verifier: string): ChoiceView {
  const { record, seen, hidden, bearer } = showing
  return {
    ...{ credentialId: record.id, name: record.name, type: record.type, issuer: record.issuer },
    ...{ learns: seen.selectable, always: seen.always, hidden, bearer, linkable: isLinkable(showing, verifier) },
  }
}

/** Whether somebody else has seen this copy, or one that has a number in common with it. */
export function isLinkable({ record, copy, recognizable, marks }: Showing, verifier: string): boolean {
  if (!recognizable) return false
  const own = new Set(marks(copy))
  const elsewhere = record.copies.filter(({ shownTo }) => shownTo !== null && shownTo !== verifier)
  return elsewhere.some((other) => other.raw === copy.raw || marks(other).some((mark) => own.has(mark)))
}
