/**
 * Selective Disclosure JWTs as RFC 9901 has them, read strictly (§7.1): each digest stands once, each disclosure belongs
 * to exactly one digest, and none overwrites a claim. Whose signature it carries is not looked at here.
 * @module
 */
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js'
import { base64urlnopad } from '@scure/base'
import { CredentialRefused, MalformedCredential, UnsupportedCredential } from '../credential/errors.ts'
import { fromBase64url } from '../did/jwk.ts'
import { isObject, type JsonObject, type Jws, json, readJws } from '../jose/jws.ts'

/** Names of members and places in arrays, from the top. */
export type ClaimPath = readonly (string | number)[]

export interface Disclosed {
  /** As it came: the digest is that of this text. */
  readonly encoded: string
  readonly digest: string
  readonly path: ClaimPath
  /** What it discloses; inside may be digests of further disclosures. */
  readonly value: unknown
  /** Digest of the disclosure it lies in; null: it lies in the payload itself. */
  readonly within: string | null
}

export interface SdJwt {
  readonly jws: Jws
  /** Issuer-signed JWT as it came. */
  readonly jwt: string
  /** Everything known: the payload with all disclosures in their places, without digests. */
  readonly claims: JsonObject
  readonly disclosures: readonly Disclosed[]
  /** The key binding JWT as it came, if any. */
  readonly keyBinding: string | null
  /** What a key binding JWT hashes: everything up to and with the last tilde. */
  readonly presented: string
}

const HASHES = { 'sha-256': sha256, 'sha-384': sha384, 'sha-512': sha512 } as const

export const MOST_DISCLOSURES = 1000
const MOST_DEPTH = 32
export const MOST_CHARACTERS = 1 << 21

/** @throws {MalformedCredential | UnsupportedCredential} @throws {CredentialRefused} DISCLOSURE, ALGORITHM */
export function readSdJwt(text: string): SdJwt {
  if (typeof text !== 'string' || text.length > MOST_CHARACTERS) throw new MalformedCredential('it is too long')
  const parts = text.split('~')
  if (parts.length < 2) throw new MalformedCredential('it has no tilde: it is a plain JWT')
  const [jwt, ...rest] = parts as [string, ...string[]]
  const last = rest.pop()!
  if (rest.length > MOST_DISCLOSURES) throw new MalformedCredential(`it has more than ${MOST_DISCLOSURES} disclosures`)
  const jws = readJws(jwt)
  const open = new Map(rest.map((encoded) => [digestOf(jws.payload, encoded), readDisclosure(encoded)]))
  if (open.size !== rest.length) throw new CredentialRefused('DISCLOSURE', 'a disclosure is there twice')
  const unpacking: Unpacking = { open, seen: new Set(), disclosures: [] }
  const claims = unpackObject(jws.payload, [], null, unpacking, 0)
  if (unpacking.disclosures.length !== open.size) {
    throw new CredentialRefused('DISCLOSURE', 'a disclosure belongs to nothing that was signed')
  }
  const { _sd_alg: _, ...known } = claims
  return {
    jws,
    jwt,
    claims: known,
    disclosures: unpacking.disclosures,
    keyBinding: last === '' ? null : last,
    presented: `${[jwt, ...rest].join('~')}~`,
  }
}

/** The digest of a disclosure or of a presentation, with the hash the payload names. @throws {UnsupportedCredential} */
export function digestOf(payload: JsonObject, text: string): string {
  const name = payload._sd_alg ?? 'sha-256'
  if (typeof name !== 'string' || !Object.hasOwn(HASHES, name)) {
    throw new UnsupportedCredential('its digests are made with a hash that is not known here')
  }
  return base64urlnopad.encode(HASHES[name as keyof typeof HASHES](new TextEncoder().encode(text)))
}

interface Content {
  readonly encoded: string
  /** Null for an element of an array. */
  readonly name: string | null
  readonly value: unknown
}

interface Unpacking {
  readonly open: ReadonlyMap<string, Content>
  readonly seen: Set<string>
  readonly disclosures: Disclosed[]
}

function readDisclosure(encoded: string): Content {
  const bytes = fromBase64url(encoded)
  if (!bytes) throw new MalformedCredential('a disclosure is not base64url')
  const parts = json(bytes, 'a disclosure')
  if (!Array.isArray(parts) || typeof parts[0] !== 'string') throw new MalformedCredential('a disclosure has no salt')
  if (parts.length === 2) return { encoded, name: null, value: parts[1] }
  const name: unknown = parts[1]
  if (parts.length !== 3 || typeof name !== 'string') {
    throw new MalformedCredential('a disclosure is neither a claim nor an element')
  }
  if (name === '_sd' || name === '...') throw new CredentialRefused('DISCLOSURE', 'a disclosure has a reserved name')
  return { encoded, name, value: parts[2] }
}

function unpack(value: unknown, path: ClaimPath, within: string | null, state: Unpacking, depth: number): unknown {
  if (depth > MOST_DEPTH) throw new MalformedCredential('it is nested too deeply')
  if (Array.isArray(value)) return unpackArray(value, path, within, state, depth)
  return isObject(value) ? unpackObject(value, path, within, state, depth) : value
}

function unpackObject(object: JsonObject, path: ClaimPath, within: string | null, state: Unpacking, depth: number) {
  const { _sd: digests = [], ...plain } = object
  if (Object.hasOwn(plain, '...')) throw new CredentialRefused('DISCLOSURE', 'a digest stands where none may stand')
  if (Object.hasOwn(plain, '_sd_alg') && depth > 0) {
    throw new CredentialRefused('DISCLOSURE', 'the hash is named where it may not be named')
  }
  if (!Array.isArray(digests) || !digests.every((digest) => typeof digest === 'string')) {
    throw new MalformedCredential('"_sd" is not a list of digests')
  }
  const claims = new Map<string, unknown>(
    Object.entries(plain).map(([name, value]) => [name, unpack(value, [...path, name], within, state, depth + 1)]),
  )
  for (const digest of digests as string[]) {
    const content = taken(digest, state)
    if (!content) continue
    const { name, value, encoded } = content
    if (name === null) throw new CredentialRefused('DISCLOSURE', 'an element of an array stands among claims')
    if (claims.has(name)) throw new CredentialRefused('DISCLOSURE', 'a disclosure overwrites a claim')
    state.disclosures.push({ encoded, digest, path: [...path, name], value, within })
    claims.set(name, unpack(value, [...path, name], digest, state, depth + 1))
  }
  return Object.fromEntries(claims)
}

function unpackArray(
  list: readonly unknown[],
  path: ClaimPath,
  within: string | null,
  state: Unpacking,
  depth: number,
) {
  const elements: unknown[] = []
  for (const element of list) {
    // Its place among those that are known: that of a digest that nothing is known of counts for nobody.
    const here = [...path, elements.length]
    if (!isObject(element) || !Object.hasOwn(element, '...')) {
      elements.push(unpack(element, here, within, state, depth + 1))
      continue
    }
    const digest = element['...']
    if (typeof digest !== 'string' || Object.keys(element).length !== 1) {
      throw new MalformedCredential('an element of an array is half a digest')
    }
    const content = taken(digest, state)
    if (!content) continue
    if (content.name !== null) throw new CredentialRefused('DISCLOSURE', 'a claim stands among elements of an array')
    state.disclosures.push({ encoded: content.encoded, digest, path: here, value: content.value, within })
    elements.push(unpack(content.value, here, digest, state, depth + 1))
  }
  return elements
}

/** The disclosure of a digest, if it is known: each digest stands once in the whole of it, decoys too. */
function taken(digest: string, { open, seen }: Unpacking): Content | null {
  if (seen.has(digest)) throw new CredentialRefused('DISCLOSURE', 'a digest is there twice')
  seen.add(digest)
  return open.get(digest) ?? null
}
