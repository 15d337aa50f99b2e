/** Verifiable Credential Data Integrity 1.0: the members of a proof, read before anything is computed. @module */
import { base58, base64urlnopad } from '@scure/base'
import { CredentialRefused, MalformedCredential, UnsupportedCredential } from '../credential/errors.ts'
import { RELATIONSHIPS, type Relationship } from '../did/document.ts'
import { isObject, type JsonObject } from '../jose/jws.ts'

export type SecuredDocument = JsonObject & { readonly proof: JsonObject }

export interface Proof {
  readonly cryptosuite: string
  readonly verificationMethod: string
  readonly purpose: Relationship
  /** Decoded from multibase. */
  readonly value: Uint8Array
  /** All members but `proofValue`: what is hashed. */
  readonly options: JsonObject
}

/** A document with its proof taken off. */
export interface Unsecured {
  readonly document: JsonObject
  readonly proof: Proof
}

const MOST_CHARACTERS = 1 << 18
const MOST_DEPTH = 64

/** Before anything walks through it: no document of strangers fills the memory, or the stack. @throws {MalformedCredential} */
export function checkSize(document: JsonObject): void {
  checkDepth(document, 0)
  if (JSON.stringify(document).length > MOST_CHARACTERS) throw new MalformedCredential('it is too long')
}

function checkDepth(value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null) return
  if (depth > MOST_DEPTH) throw new MalformedCredential('it is nested too deeply')
  for (const inner of Object.values(value)) checkDepth(inner, depth + 1)
}

/**
 * @param now ms since the epoch
 * @throws {MalformedCredential | UnsupportedCredential} @throws {CredentialRefused} EXPIRED, NOT_YET_VALID
 */
export function unsecure(secured: JsonObject, now: number): Unsecured {
  const { proof, ...document } = secured
  if (Array.isArray(proof)) throw new UnsupportedCredential('it has several proofs')
  if (!isObject(proof)) throw new MalformedCredential('it has no proof')
  const { proofValue, ...options } = proof
  const { type, cryptosuite, verificationMethod, proofPurpose } = options
  if (type !== 'DataIntegrityProof' || typeof cryptosuite !== 'string') {
    throw new UnsupportedCredential('its proof is not a Data Integrity proof')
  }
  if (typeof verificationMethod !== 'string' || typeof proofValue !== 'string') {
    throw new MalformedCredential('its proof lacks its key or its value')
  }
  if (!RELATIONSHIPS.includes(proofPurpose as Relationship)) throw new MalformedCredential('its proof has no purpose')
  if (options.created !== undefined && timeOf(options.created, 'created') > now + 60_000) {
    throw new CredentialRefused('NOT_YET_VALID', 'its proof was made in the future')
  }
  if (options.expires !== undefined && timeOf(options.expires, 'expires') < now) {
    throw new CredentialRefused('EXPIRED', 'the time of its proof is over')
  }
  if (options.previousProof !== undefined) throw new UnsupportedCredential('its proof follows another one')
  return {
    document,
    proof: {
      ...{ cryptosuite, verificationMethod, options },
      purpose: proofPurpose as Relationship,
      value: fromMultibase(proofValue),
    },
  }
}

/** An XML Schema dateTimeStamp, in ms since the epoch. @throws {MalformedCredential} */
export function timeOf(value: unknown, name: string): number {
  const text = typeof value === 'string' ? value : ''
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(text)
    ? Date.parse(text)
    : Number.NaN
  if (Number.isNaN(time)) throw new MalformedCredential(`"${name}" is not a time`)
  return time
}

/** base58btc (`z`) or base64url (`u`). @throws {MalformedCredential} */
export function fromMultibase(text: string): Uint8Array {
  try {
    if (text.startsWith('z')) return base58.decode(text.slice(1))
    if (text.startsWith('u')) return base64urlnopad.decode(text.slice(1))
  } catch (cause) {
    throw new MalformedCredential('the value of its proof is not multibase', cause)
  }
  throw new MalformedCredential('the value of its proof is in a base that is not known here')
}
