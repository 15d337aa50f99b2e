/** SD-JWT VC (draft-ietf-oauth-sd-jwt-vc): verification of what an issuer gives, and of what a holder presents. @module */
import { CredentialRefused, MalformedCredential } from '../credential/errors.ts'
import type { FindSignatory, Signatory } from '../credential/issuer.ts'
import { checkSignedBy } from '../credential/signed-by.ts'
import { InvalidKey } from '../did/errors.ts'
import { type PublicJwk, readPublicJwk } from '../did/jwk.ts'
import { checkJws, isObject, type JsonObject, readJws } from '../jose/jws.ts'
import { checkTimes, SKEW, timeOf } from '../jose/validity.ts'
import { digestOf, readSdJwt, type SdJwt } from './read.ts'

export interface SdJwtPorts {
  readonly findSignatory: FindSignatory
  readonly clock: { now(): number }
  readonly keccak256: (data: Uint8Array) => Uint8Array
}

export interface VerifiedSdJwt {
  readonly sdJwt: SdJwt
  readonly type: string
  readonly issuer: Signatory
  /** The key the credential is bound to; null: whoever has it can show it. */
  readonly holderKey: PublicJwk | null
  /** ms since the epoch. */
  readonly validFrom: number | null
  readonly validUntil: number | null
}

const MOST_TYPE = 1024
const TYPES = ['dc+sd-jwt', 'vc+sd-jwt']
/** Of these only the issuer may decide whether they are seen (draft-ietf-oauth-sd-jwt-vc §2.2.2). */
const ALWAYS_OPEN = ['iss', 'nbf', 'exp', 'cnf', 'vct', 'vct#integrity', 'status']
/** Seconds a key binding may be old, whatever its nonce. */
const LONGEST_KEY_BINDING = 300

/**
 * A credential as its issuer gave it: signature, issuer's key, times and form. Its status is not asked for here.
 * @throws {MalformedCredential | UnsupportedCredential | CredentialRefused} and what resolving the issuer throws
 */
export async function verifySdJwt(text: string, ports: SdJwtPorts, signal: AbortSignal): Promise<VerifiedSdJwt> {
  const sdJwt = readSdJwt(text)
  const { header, payload } = sdJwt.jws
  if (!TYPES.includes(header.typ as string)) throw new CredentialRefused('TYPE', 'its header says it is something else')
  const { vct, iss } = payload
  if (typeof vct !== 'string' || vct === '' || vct.length > MOST_TYPE) {
    throw new MalformedCredential('it has no type ("vct"), or one that is too long')
  }
  if (typeof iss !== 'string') throw new CredentialRefused('ISSUER', 'it names no issuer')
  const hidden = sdJwt.disclosures.find(({ path }) => path.length === 1 && ALWAYS_OPEN.includes(path[0] as string))
  if (hidden) throw new CredentialRefused('DISCLOSURE', 'what must always be seen is hidden in a disclosure')
  if (header.kid !== undefined && typeof header.kid !== 'string') throw new MalformedCredential('"kid" is not text')
  const keyId = header.kid ?? null
  const issuer = await ports.findSignatory({ did: iss, keyId, relationship: 'assertionMethod' }, signal)
  checkSignedBy(sdJwt.jws, issuer.method, ports.keccak256)
  checkTimes(payload, ports.clock.now())
  return {
    sdJwt,
    type: vct,
    issuer,
    holderKey: holderKeyOf(payload),
    validFrom: milliseconds(timeOf(payload, 'nbf') ?? timeOf(payload, 'iat')),
    validUntil: milliseconds(timeOf(payload, 'exp')),
  }
}

const milliseconds = (seconds: number | null): number | null => (seconds === null ? null : seconds * 1000)

/** RFC 7800 `cnf`. @throws {MalformedCredential} */
export function holderKeyOf(payload: JsonObject): PublicJwk | null {
  const { cnf } = payload
  if (cnf === undefined) return null
  if (!isObject(cnf) || cnf.jwk === undefined) throw new MalformedCredential('"cnf" holds no key that is known here')
  try {
    return readPublicJwk('cnf.jwk', cnf.jwk)
  } catch (error) {
    if (error instanceof InvalidKey) throw new MalformedCredential(error.message, error)
    throw error
  }
}

export interface KeyBindingExpected {
  readonly audience: string
  readonly nonce: string
}

/** Remembers what was shown, so that it is not taken twice. True when it is new. */
export type TakeOnce = (digest: string, until: number) => boolean

/**
 * What a holder presents: the credential, and a key binding for this verifier and this question (RFC 9901 §7.3).
 * @throws as `verifySdJwt`; KEY_BINDING, AUDIENCE, NONCE, REPLAYED
 */
export async function verifyPresentation(
  text: string,
  expected: KeyBindingExpected,
  takeOnce: TakeOnce,
  ports: SdJwtPorts,
  signal: AbortSignal,
): Promise<VerifiedSdJwt> {
  const verified = await verifySdJwt(text, ports, signal)
  const { sdJwt, holderKey } = verified
  if (sdJwt.keyBinding === null) throw new CredentialRefused('KEY_BINDING', 'nobody shows to be its holder')
  if (holderKey === null) throw new CredentialRefused('HOLDER', 'it is bound to nobody')
  const binding = readJws(sdJwt.keyBinding)
  const { header, payload } = binding
  if (header.typ !== 'kb+jwt') throw new CredentialRefused('KEY_BINDING', 'the key binding says it is something else')
  checkJws(binding, holderKey)
  if (payload.sd_hash !== digestOf(sdJwt.jws.payload, sdJwt.presented)) {
    throw new CredentialRefused('KEY_BINDING', 'the key binding was made for other disclosures')
  }
  if (payload.aud !== expected.audience) throw new CredentialRefused('AUDIENCE', 'it was made for another verifier')
  if (payload.nonce !== expected.nonce) throw new CredentialRefused('NONCE', 'it answers another question')
  const issued = timeOf(payload, 'iat')
  const now = ports.clock.now()
  if (issued === null) throw new CredentialRefused('KEY_BINDING', 'the key binding does not say when it was made')
  checkTimes(payload, now)
  if (issued + LONGEST_KEY_BINDING + SKEW < now / 1000)
    throw new CredentialRefused('REPLAYED', 'it was made too long ago')
  const until = (issued + LONGEST_KEY_BINDING + 2 * SKEW) * 1000
  // Not the signature: of one of ECDSA, anybody can make another.
  const signed = sdJwt.keyBinding.slice(0, sdJwt.keyBinding.lastIndexOf('.'))
  if (!takeOnce(digestOf(sdJwt.jws.payload, signed), until)) {
    throw new CredentialRefused('REPLAYED', 'it was shown before')
  }
  return verified
}
