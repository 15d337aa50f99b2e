/**
 * Digital Credentials Query Language (OpenID4VP 1.0 §6): which credentials answer a question, and with which claims. A question that cannot be read in full is refused: half of it may ask for more than was understood.
 * @module
 */
import { isObject, type JsonObject } from '../jose/jws.ts'
import type { ClaimPath } from '../sd-jwt/read.ts'
import { UnknownExchange } from './errors.ts'

/** Null stands for all elements of an array. */
export type ClaimsPointer = readonly (string | number | null)[]

export interface ClaimsQuery {
  readonly id: string | null
  readonly path: ClaimsPointer
  /** Any of these, exactly. */
  readonly values: readonly (string | number | boolean)[] | null
}

export interface CredentialQuery {
  readonly id: string
  readonly format: string
  /** Each a list of types that a credential has all of; null: any. See `ofType`. */
  readonly types: readonly (readonly string[])[] | null
  readonly claims: readonly ClaimsQuery[] | null
  /** Ids of claims; the first set that can be met is the one to be shown. */
  readonly claimSets: readonly (readonly string[])[] | null
  readonly bound: boolean
}

export interface Query {
  readonly credentials: readonly CredentialQuery[]
  /** Each asks for one of its options; null: every credential is asked for. */
  readonly sets: readonly { readonly options: readonly (readonly string[])[]; readonly required: boolean }[] | null
}

const MOST = 32
const ID = /^[A-Za-z0-9_-]{1,64}$/

/** @throws {UnknownExchange} naming what cannot be read */
export function readQuery(value: unknown): Query {
  if (!isObject(value)) throw bad('no query')
  const credentials = list(value.credentials, 'credentials').map(readCredentialQuery)
  const ids = credentials.map(({ id }) => id)
  if (credentials.length === 0 || new Set(ids).size !== ids.length) throw bad('credentials')
  if (value.credential_sets === undefined) return { credentials, sets: null }
  const sets = list(value.credential_sets, 'credential_sets').map((set) => {
    if (!isObject(set)) throw bad('credential_sets')
    const options = list(set.options, 'options').map((option) => names(option, 'options'))
    if (options.length === 0 || !options.flat().every((id) => ids.includes(id))) throw bad('options')
    return { options, required: set.required !== false }
  })
  return { credentials, sets }
}

function readCredentialQuery(value: unknown): CredentialQuery {
  if (!isObject(value)) throw bad('credentials')
  const { id, format, meta, claims, claim_sets: sets } = value
  if (typeof id !== 'string' || !ID.test(id) || typeof format !== 'string') throw bad('credentials')
  if (value.multiple === true) throw bad('more than one credential at once')
  if (value.trusted_authorities !== undefined) throw bad('trusted_authorities')
  if (meta !== undefined && !isObject(meta)) throw bad('meta')
  const read = claims === undefined ? null : list(claims, 'claims').map(readClaimsQuery)
  const claimSets = sets === undefined ? null : list(sets, 'claim_sets').map((set) => names(set, 'claim_sets'))
  if (claimSets && !claimSets.flat().every((name) => read?.some((claim) => claim.id === name))) throw bad('claim_sets')
  return {
    id,
    format,
    types: typesIn(meta ?? {}),
    claims: read,
    claimSets,
    bound: value.require_cryptographic_holder_binding !== false,
  }
}

/** `vct_values` (B.3.5), `type_values` (B.1.1) and `doctype_value` (B.2.3): each format has its own. */
function typesIn(meta: JsonObject): readonly (readonly string[])[] | null {
  if (meta.vct_values !== undefined) return names(meta.vct_values, 'vct_values').map((type) => [type])
  if (meta.type_values !== undefined) {
    return list(meta.type_values, 'type_values').map((types) => names(types, 'type_values'))
  }
  return meta.doctype_value === undefined ? null : [names([meta.doctype_value], 'doctype_value')]
}

/** Whether a credential with these types is one of those that are asked for. */
export const ofType = ({ types }: CredentialQuery, own: readonly string[]): boolean =>
  types === null || types.some((all) => all.length > 0 && all.every((type) => own.includes(type)))

function readClaimsQuery(value: unknown): ClaimsQuery {
  if (!isObject(value)) throw bad('claims')
  const path = list(value.path, 'path')
  const fits = (step: unknown): step is string | number | null =>
    step === null || typeof step === 'string' || (Number.isInteger(step) && (step as number) >= 0)
  if (path.length === 0 || !path.every(fits)) throw bad('path')
  const values = value.values === undefined ? null : list(value.values, 'values')
  const plain = (one: unknown): one is string | number | boolean => ['string', 'number', 'boolean'].includes(typeof one)
  if (values !== null && !values.every(plain)) throw bad('values')
  return { id: typeof value.id === 'string' ? value.id : null, path, values }
}

function list(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value) || value.length > MOST) throw bad(what)
  return value
}

function names(value: unknown, what: string): readonly string[] {
  const read = list(value, what)
  if (!read.every((name): name is string => typeof name === 'string')) throw bad(what)
  return read
}

const bad = (what: string) => new UnknownExchange(`its query cannot be read (${what})`)

/** The paths of what is asked for in these claims, or null when they do not answer the query. */
export function answerWith(query: CredentialQuery, claims: JsonObject): readonly ClaimPath[] | null {
  if (query.claims === null) return []
  const found = query.claims.map((claim) => ({ claim, paths: pathsOf(claim, claims) }))
  if (query.claimSets === null) {
    return found.every(({ paths }) => paths !== null) ? found.flatMap(({ paths }) => paths ?? []) : null
  }
  for (const set of query.claimSets) {
    const members = set.map((id) => found.find(({ claim }) => claim.id === id)!)
    if (members.every(({ paths }) => paths !== null)) return members.flatMap(({ paths }) => paths ?? [])
  }
  return null
}

/** §7: the places a pointer leads to; null: to none, or to none with one of the values. */
function pathsOf({ path, values }: ClaimsQuery, claims: JsonObject): readonly ClaimPath[] | null {
  let places: { readonly path: ClaimPath; readonly value: unknown }[] = [{ path: [], value: claims }]
  for (const step of path) {
    places = places.flatMap((place) => {
      if (step === null) {
        return Array.isArray(place.value) ? place.value.map((value, i) => ({ path: [...place.path, i], value })) : []
      }
      const inside =
        typeof step === 'number' ? Array.isArray(place.value) && step < place.value.length : isObject(place.value)
      if (!inside || !Object.hasOwn(place.value as object, step)) return []
      return [{ path: [...place.path, step], value: (place.value as Record<string | number, unknown>)[step] }]
    })
  }
  const fitting = values === null ? places : places.filter(({ value }) => values.includes(value as string))
  return fitting.length === 0 ? null : fitting.map((place) => place.path)
}

/** Ids of the queries that must be answered, given those that can be; null: the question cannot be answered. */
export function requiredOf({ credentials, sets }: Query, answerable: ReadonlySet<string>): ReadonlySet<string> | null {
  if (sets === null) {
    const all = credentials.map(({ id }) => id)
    return all.every((id) => answerable.has(id)) ? new Set(all) : null
  }
  const required = new Set<string>()
  for (const set of sets.filter((each) => each.required)) {
    const option = set.options.find((ids) => ids.every((id) => answerable.has(id)))
    if (!option) return null
    for (const id of option) required.add(id)
  }
  return required
}
