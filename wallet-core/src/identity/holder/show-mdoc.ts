/** Showing ISO mdocs: element by element. Loaded with the first. @module */
import { base64urlnopad } from '@scure/base'
import type { ClaimView, CredentialDetail } from '../../facade/identity.ts'
import { MalformedCredential } from '../credential/errors.ts'
import { fromBase64url } from '../did/jwk.ts'
import { answerWith, ofType } from '../exchange/dcql.ts'
import type { JsonObject } from '../jose/jws.ts'
import { readable } from '../mdoc/cbor.ts'
import { presentMdoc } from '../mdoc/present.ts'
import { type Item, type Mdoc, readMdoc } from '../mdoc/read.ts'
import { leavesOf } from './claims.ts'
import { ChoiceMissing } from './errors.ts'
import { holderSigner } from './holder-keys.ts'
import type { CredentialCopy } from './records.ts'
import type { ShowAs } from './showing.ts'

export const showMdoc: ShowAs = async (query, record, copy, { keys }) => {
  const mdoc = readMdoc(copy.raw)
  if (!ofType(query, [mdoc.docType])) return null
  const paths = answerWith(query, claimsOf(mdoc))
  if (paths === null) return null
  const wanted = (item: Item) => paths.some(([namespace, name]) => namespace === item.namespace && name === item.name)
  const chosen = mdoc.items.filter(wanted)
  return {
    ...{ record, copy, recognizable: true, bearer: false, issuerKey: null },
    seen: { selectable: chosen.flatMap(leaves), always: always(mdoc) },
    marks: (other) => marksOf(readMdoc(other.raw)),
    hidden: mdoc.items.filter((item) => !wanted(item)).map(({ namespace, name }) => [namespace, name]),
    async present({ handover }) {
      if (copy.key === null) throw new ChoiceMissing()
      const raw = fromBase64url(copy.raw)
      if (raw === null) throw new MalformedCredential('it is not base64url')
      return presentMdoc(mdoc, raw, chosen, handover(), await holderSigner(copy.key, keys))
    },
  }
}

export function mdocDetail({ raw }: CredentialCopy): CredentialDetail {
  const mdoc = readMdoc(raw)
  return { selectable: mdoc.items.flatMap(leaves), always: always(mdoc) }
}

function claimsOf({ items }: Mdoc): JsonObject {
  const byNamespace = Map.groupBy(items, ({ namespace }) => namespace)
  return Object.fromEntries(
    [...byNamespace].map(([namespace, inside]) => [
      namespace,
      Object.fromEntries(inside.map(({ name, value }) => [name, readable(value)])),
    ]),
  )
}

/** The digests of its elements: each has a random number in it. */
const marksOf = ({ valueDigests }: Mdoc): readonly string[] =>
  [...valueDigests.values()].flatMap((digests) =>
    digests instanceof Map
      ? [...digests.values()].flatMap((one) => (one instanceof Uint8Array ? [base64urlnopad.encode(one)] : []))
      : [],
  )

const leaves = ({ namespace, name, value }: Item): readonly ClaimView[] => leavesOf(readable(value), [namespace, name])

const always = ({ docType, validFrom, validUntil }: Mdoc): readonly ClaimView[] => [
  { path: ['docType'], value: docType },
  { path: ['validFrom'], value: new Date(validFrom).toISOString() },
  { path: ['validUntil'], value: new Date(validUntil).toISOString() },
]
