/** Compact JSON Web Signatures (RFC 7515 §3.1), read strictly. @module */
import { CredentialRefused, MalformedCredential } from '../credential/errors.ts'
import { fromBase64url, type PublicJwk } from '../did/jwk.ts'
import { isJwsAlgorithm, type JwsAlgorithm, verifySignature } from './algorithms.ts'

export type JsonObject = { readonly [name: string]: unknown }

export interface Jws {
  readonly header: JsonObject & { readonly alg: JwsAlgorithm }
  readonly payload: JsonObject
  /** What is signed: header and payload as they came. */
  readonly signingInput: Uint8Array
  readonly signature: Uint8Array
}

/** No honest token of those used here is longer. */
export const MOST_JWS_CHARACTERS = 1 << 20

/**
 * @throws {MalformedCredential} @throws {CredentialRefused} ALGORITHM: none, symmetric or unknown; or a header with
 * extensions that must be understood (`crit`) and are not
 */
export function readJws(text: string): Jws {
  if (text.length > MOST_JWS_CHARACTERS) throw new MalformedCredential('it is too long')
  const parts = text.split('.')
  const [header, payload, signature] = parts.map(fromBase64url)
  if (parts.length !== 3 || !header || !payload || !signature) {
    throw new MalformedCredential('expected three parts in base64url, with dots between them')
  }
  const fields = jsonObject(header, 'the header')
  if (!isJwsAlgorithm(fields.alg)) {
    throw new CredentialRefused('ALGORITHM', 'it is signed with no algorithm, or one that is not accepted')
  }
  if (fields.crit !== undefined) throw new CredentialRefused('ALGORITHM', 'it needs extensions that are not known here')
  return {
    header: { ...fields, alg: fields.alg },
    payload: jsonObject(payload, 'the payload'),
    signingInput: new TextEncoder().encode(`${parts[0]}.${parts[1]}`),
    signature,
  }
}

/** @throws {CredentialRefused} SIGNATURE or ALGORITHM */
export function checkJws(jws: Jws, jwk: PublicJwk): void {
  if (!verifySignature(jws.header.alg, jwk, jws.signingInput, jws.signature)) {
    throw new CredentialRefused('SIGNATURE', 'the signature does not fit the key')
  }
}

/** @throws {MalformedCredential} naming `what` */
export function jsonObject(bytes: Uint8Array, what: string): JsonObject {
  const value = json(bytes, what)
  if (!isObject(value)) throw new MalformedCredential(`${what} is not a JSON object`)
  return value
}

/** @throws {MalformedCredential} naming `what` */
export function json(bytes: Uint8Array, what: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new MalformedCredential(`${what} is not JSON in UTF-8`, cause)
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
