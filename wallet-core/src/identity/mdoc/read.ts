/** The members of an mdoc as its issuer gives it (ISO/IEC 18013-5 §8.3.2.1.2.2, `IssuerSigned`), read before anything is believed. */
import { base64urlnopad } from '@scure/base'
import { MalformedCredential, UnsupportedCredential } from '../credential/errors.ts'
import { ecJwk, fromBase64url, type PublicJwk } from '../did/jwk.ts'
import { type CborMap, embeddedBytes, fromCbor, mapOf, textOf, timeOf } from './cbor.ts'

export interface Item {
  readonly namespace: string
  readonly name: string
  readonly value: unknown
  readonly digestId: number
  /** The item's CBOR, without its tag. */
  readonly bytes: Uint8Array
}

export interface Mdoc {
  readonly docType: string
  readonly items: readonly Item[]
  /** COSE_Sign1 of the issuer. */
  readonly issuerAuth: Sign1
  readonly digestAlgorithm: string
  readonly valueDigests: CborMap
  /** The key of the holder's device. */
  readonly deviceKey: PublicJwk
  /** ms since the epoch. */
  readonly validFrom: number
  readonly validUntil: number
}

/** RFC 9052 §4.2. */
export interface Sign1 {
  readonly protectedBytes: Uint8Array
  readonly algorithm: unknown
  readonly unprotected: CborMap
  readonly payload: Uint8Array
  readonly signature: Uint8Array
}

export const MOST_MDOC_BYTES = 1 << 20
const MOST_ITEMS = 1000
/** Bits of the random number that hides an item (§9.1.2.5). */
const LEAST_SALT = 16
const ALGORITHM = 1

/** @param text base64url, as OpenID4VCI Appendix A.2 has it @throws {MalformedCredential | UnsupportedCredential} */
export function readMdoc(text: string): Mdoc {
  const bytes = text.length > MOST_MDOC_BYTES ? null : fromBase64url(text)
  if (bytes === null) throw new MalformedCredential('it is not base64url, or too long')
  const issuerSigned = mapOf(fromCbor(bytes, 'it'), 'it')
  const issuerAuth = readSign1(issuerSigned.get('issuerAuth'), 'the issuer’s signature')
  const security = mapOf(
    fromCbor(embeddedBytes(fromCbor(issuerAuth.payload, 'what is signed'), 'what is signed'), 'what is signed'),
    'what is signed',
  )
  if (security.get('version') !== '1.0') throw new UnsupportedCredential('a version of mdoc that is not known here')
  if (security.get('status') !== undefined)
    throw new UnsupportedCredential('its status is told in a way that is not known here')
  const validity = mapOf(security.get('validityInfo'), 'its validity')
  const device = mapOf(security.get('deviceKeyInfo'), 'the key of its device')
  return {
    docType: textOf(security.get('docType'), 'its type'),
    items: itemsOf(issuerSigned.get('nameSpaces')),
    issuerAuth,
    digestAlgorithm: textOf(security.get('digestAlgorithm'), 'its hash'),
    valueDigests: mapOf(security.get('valueDigests'), 'its digests'),
    deviceKey: coseKey(device.get('deviceKey')),
    validFrom: timeOf(validity.get('validFrom'), 'its beginning'),
    validUntil: timeOf(validity.get('validUntil'), 'its end'),
  }
}

function itemsOf(nameSpaces: unknown): readonly Item[] {
  const items: Item[] = []
  for (const [namespace, list] of mapOf(nameSpaces ?? new Map(), 'its name spaces')) {
    if (!Array.isArray(list) || items.length + list.length > MOST_ITEMS) {
      throw new MalformedCredential('a name space is no list, or there is too much in them')
    }
    for (const element of list)
      items.push(itemOf(textOf(namespace, 'a name space'), embeddedBytes(element, 'an element')))
  }
  const names = new Set(items.map(({ namespace, name }) => JSON.stringify([namespace, name])))
  if (names.size !== items.length) throw new MalformedCredential('an element is there twice')
  return items
}

function itemOf(namespace: string, bytes: Uint8Array): Item {
  const item = mapOf(fromCbor(bytes, 'an element'), 'an element')
  const salt = item.get('random')
  const digestId = item.get('digestID')
  if (!(salt instanceof Uint8Array) || salt.length < LEAST_SALT) {
    throw new MalformedCredential('an element is not hidden well enough')
  }
  if (!Number.isInteger(digestId) || (digestId as number) < 0) throw new MalformedCredential('an element has no digest')
  const name = textOf(item.get('elementIdentifier'), 'the name of an element')
  return { namespace, name, value: item.get('elementValue'), digestId: digestId as number, bytes }
}

/** @throws {MalformedCredential} naming `what` */
export function readSign1(value: unknown, what: string): Sign1 {
  const [protectedBytes, unprotected, payload, signature, ...more] = Array.isArray(value) ? value : []
  const fits = [protectedBytes, payload, signature].every((part) => part instanceof Uint8Array) && more.length === 0
  if (!fits) throw new MalformedCredential(`${what} is no COSE_Sign1`)
  const header = mapOf(fromCbor(protectedBytes, what), what)
  return { protectedBytes, algorithm: header.get(ALGORITHM), unprotected: mapOf(unprotected, what), payload, signature }
}

/** RFC 9053 §7.1.1, on P-256. @throws {UnsupportedCredential} @throws {InvalidKey} */
function coseKey(value: unknown): PublicJwk {
  const key = mapOf(value, 'the key of its device')
  const [x, y] = [key.get(-2), key.get(-3)]
  if (key.get(1) !== 2 || key.get(-1) !== 1 || !(x instanceof Uint8Array) || !(y instanceof Uint8Array)) {
    throw new UnsupportedCredential('it is bound to a key of a kind that is not known here')
  }
  return ecJwk('P-256', Uint8Array.from([4, ...x, ...y]))
}

export const toMdocText = (bytes: Uint8Array): string => base64urlnopad.encode(bytes)
