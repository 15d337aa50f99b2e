/**
 * Coming back under a name: a JWT (RFC 7519) that the holder of a did:key signs for one audience and one nonce. As in
 * Self-Issued OpenID Provider v2 §11 the subject is the issuer; any library for JWTs and DIDs checks it.
 * @module
 */
import { didKeyOf, multikeyOf } from '../did/did-key-writing.ts'
import type { Signer } from '../jose/algorithms.ts'
import { signJws } from '../jose/sign-jws.ts'
import type { KeyBindingExpected } from '../sd-jwt/verify.ts'

/** Seconds for which it can be used. */
export const LIFETIME = 300

export interface Authentication {
  readonly did: string
  readonly jwt: string
}

/** @param issuedAt seconds since the epoch */
export async function signAuthentication(
  { audience, nonce }: KeyBindingExpected,
  issuedAt: number,
  signer: Signer,
): Promise<Authentication> {
  const did = didKeyOf(signer.publicJwk)
  const header = { typ: 'JWT', kid: `${did}#${multikeyOf(signer.publicJwk)}` }
  const times = { iat: issuedAt, exp: issuedAt + LIFETIME }
  return { did, jwt: await signJws(header, { iss: did, sub: did, aud: audience, nonce, ...times }, signer) }
}
