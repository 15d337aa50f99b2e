/** Who came back: what a site, a server or a door does with the JWT that `sign.ts` makes. @module */
import { CredentialRefused } from '../credential/errors.ts'
import type { FindSignatory, Signatory } from '../credential/issuer.ts'
import { checkSignedBy } from '../credential/signed-by.ts'
import { readJws } from '../jose/jws.ts'
import { checkTimes, timeOf } from '../jose/validity.ts'
import type { KeyBindingExpected, TakeOnce } from '../sd-jwt/verify.ts'
import { LIFETIME } from './sign.ts'

export interface AuthenticationPorts {
  readonly findSignatory: FindSignatory
  readonly clock: { now(): number }
  readonly keccak256: (data: Uint8Array) => Uint8Array
}

/**
 * Whose it is.
 * @throws {MalformedCredential} @throws {CredentialRefused} SIGNATURE, ALGORITHM, ISSUER, AUDIENCE, NONCE, EXPIRED, NOT_YET_VALID, REPLAYED
 */
export async function verifyAuthentication(
  jwt: string,
  { audience, nonce }: KeyBindingExpected,
  takeOnce: TakeOnce,
  { findSignatory, clock, keccak256 }: AuthenticationPorts,
  signal: AbortSignal,
): Promise<Signatory> {
  const jws = readJws(jwt)
  const { iss, sub, aud, nonce: answered } = jws.payload
  if (typeof iss !== 'string' || sub !== iss) throw new CredentialRefused('ISSUER', 'it speaks for somebody else')
  if (aud !== audience) throw new CredentialRefused('AUDIENCE', 'it was made for somebody else')
  if (answered !== nonce) throw new CredentialRefused('NONCE', 'it answers another question')
  const until = timeOf(jws.payload, 'exp')
  const issued = timeOf(jws.payload, 'iat')
  if (until === null || issued === null || until > issued + LIFETIME) {
    throw new CredentialRefused('EXPIRED', 'it could be used for too long')
  }
  checkTimes(jws.payload, clock.now())
  const keyId = typeof jws.header.kid === 'string' ? jws.header.kid : null
  const signatory = await findSignatory({ did: iss, keyId, relationship: 'authentication' }, signal)
  checkSignedBy(jws, signatory.method, keccak256)
  if (!takeOnce(JSON.stringify([iss, aud, answered, issued]), (until + 120) * 1000)) {
    throw new CredentialRefused('REPLAYED', 'it was shown before')
  }
  return signatory
}
