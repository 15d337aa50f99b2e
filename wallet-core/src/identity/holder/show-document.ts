/** Showing W3C credentials: what bbs-2023 derives of them, or all of them where their suite hides nothing. @module */
import type { CredentialDetail } from '../../facade/identity.ts'
import { CredentialRefused } from '../credential/errors.ts'
import { BBS_2023, revealedBy } from '../data-integrity/bbs-2023.ts'
import { presentDocument, subjectOf } from '../data-integrity/presentation.ts'
import { type Unsecured, unsecure } from '../data-integrity/proof.ts'
import { expandedTypes } from '../data-integrity/types.ts'
import { answerWith, ofType } from '../exchange/dcql.ts'
import type { JsonObject } from '../jose/jws.ts'
import type { ClaimPath } from '../sd-jwt/read.ts'
import { leavesOf } from './claims.ts'
import { holderSigner } from './holder-keys.ts'
import type { CredentialCopy } from './records.ts'
import type { ShowAs } from './showing.ts'

export const showDocument: ShowAs = async (query, record, copy, { keys, loadBbs, clock }) => {
  const secured = documentOf(copy)
  const unsecured = holding(secured, clock.now())
  if (unsecured === null) return null
  const { document, proof } = unsecured
  const paths = answerWith(query, document)
  if (paths === null || (query.types !== null && !ofType(query, await expandedTypes(document)))) return null
  const about = copy.key === null ? null : subjectOf(document)
  // Whoever signs for it is the one it is about: that has to be seen.
  const pointers = [...(about === null ? [] : ['/credentialSubject/id']), ...paths.map(pointerOf)]
  const selective = proof.cryptosuite === BBS_2023
  const { seen, hidden, shown } = viewOf(unsecured, pointers)
  return {
    ...{
      record,
      copy,
      seen,
      hidden,
      recognizable: !selective || marksOf(shown).length > 0,
      issuerKey: proof.verificationMethod,
    },
    bearer: !selective && copy.key === null,
    marks: (other) => marksOf(other === copy ? shown : documentOf(other)),
    async present(asked) {
      const signer = copy.key === null ? null : await holderSigner(copy.key, keys)
      const holder = signer === null || about === null ? null : { did: about, signer }
      return presentDocument(secured, { ...asked, pointers }, holder, loadBbs)
    },
  }
}

/** What its holder may read and choose of it. */
export function documentDetail(copy: CredentialCopy, now: number): CredentialDetail {
  const unsecured = unsecure(documentOf(copy), now)
  if (unsecured.proof.cryptosuite !== BBS_2023) return { selectable: [], always: readable(unsecured.document) }
  return viewOf(unsecured, Object.keys(unsecured.document).filter(isContent).map(pointerOfName)).seen
}

/** Null when the time of its proof is over. */
function holding(secured: JsonObject, now: number): Unsecured | null {
  try {
    return unsecure(secured, now)
  } catch (error) {
    if (error instanceof CredentialRefused) return null
    throw error
  }
}

const documentOf = ({ raw }: CredentialCopy): JsonObject => JSON.parse(raw) as JsonObject

/** Without a selective suite everything is seen, whatever was asked for. */
function viewOf(unsecured: Unsecured, pointers: readonly string[]) {
  const { document, proof } = unsecured
  const whole = readable(document)
  if (proof.cryptosuite !== BBS_2023) {
    const about = ({ path }: Leaf) => path[0] === 'credentialSubject'
    const seen = { selectable: whole.filter(about), always: whole.filter((leaf) => !about(leaf)) }
    return { seen, hidden: [], shown: document }
  }
  const { always, shown } = revealedBy(unsecured, pointers)
  const seen = heldAt(readable(shown ?? {}), whole)
  const fixed = new Set(readable(always ?? {}).map(nameOf))
  // Places in lists move together when some of them are left out: what is seen is told by names and values.
  const visible = new Set(seen.map(nameOf))
  return {
    seen: {
      selectable: seen.filter((leaf) => !fixed.has(nameOf(leaf))),
      always: seen.filter((leaf) => fixed.has(nameOf(leaf))),
    },
    hidden: whole.filter((leaf) => !visible.has(nameOf(leaf))).map(({ path }) => path),
    shown: shown ?? {},
  }
}

/** Each at the place it is held at: people know that one. */
function heldAt(seen: readonly Leaf[], whole: readonly Leaf[]): readonly Leaf[] {
  const left = [...whole]
  return seen.map((leaf) => {
    const at = left.findIndex((one) => nameOf(one) === nameOf(leaf))
    return left.splice(at, at < 0 ? 0 : 1)[0] ?? leaf
  })
}

type Leaf = ReturnType<typeof leavesOf>[number]
const nameOf = ({ path, value }: Leaf): string =>
  JSON.stringify([path.filter((step) => typeof step === 'string'), value])

const isContent = (name: string): boolean => name !== '@context' && name !== 'proof'
const readable = (document: JsonObject): readonly Leaf[] =>
  leavesOf(document).filter(({ path }) => isContent(String(path[0])))

/** Numbers of its own that are seen: of the credential, of its place in a list, of whom it is about. */
const marksOf = (shown: JsonObject): readonly string[] =>
  [shown.id, shown.credentialStatus, subjectOf(shown)].flatMap((one) => (one ? [JSON.stringify(one)] : []))

const pointerOfName = (name: string | number): string => `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`
/** RFC 6901. */
const pointerOf = (path: ClaimPath): string => path.map(pointerOfName).join('')
