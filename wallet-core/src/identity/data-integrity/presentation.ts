/**
 * Showing W3C credentials (Verifiable Credentials Data Model 2.0 §4.13) for one question: bound to a key, in a presentation
 * that its holder signs for the verifier and the nonce; unbound, as the credential alone. What bbs-2023 derives is made for
 * the question in both cases, by its presentation header.
 * @module
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { base64urlnopad } from '@scure/base'
import type { Bbs } from '../bbs/bbs.ts'
import { CredentialRefused, MalformedCredential, UnsupportedCredential } from '../credential/errors.ts'
import { multikeyOf } from '../did/did-key-writing.ts'
import type { Signer } from '../jose/algorithms.ts'
import { isObject, type JsonObject } from '../jose/jws.ts'
import { SKEW } from '../jose/validity.ts'
import type { KeyBindingExpected, TakeOnce } from '../sd-jwt/verify.ts'
import { BBS_2023, deriveBbs, derivedProofOf } from './bbs-2023.ts'
import { secureJcs } from './jcs-suites.ts'
import { timeOf, unsecure } from './proof.ts'
import { rdfOptions } from './rdf.ts'
import { type DataIntegrityPorts, type VerifiedCredential, verifyCredential, verifyProof } from './verify.ts'

const VC_V2 = 'https://www.w3.org/ns/credentials/v2'
/** Seconds a presentation may be old, whatever its nonce. */
const LONGEST = 300

/** What a derived proof is made for: SHA-256 of the verifier, a zero byte and the nonce. */
export const presentationHeaderOf = ({ audience, nonce }: KeyBindingExpected): Uint8Array =>
  sha256(new TextEncoder().encode(`${audience}\0${nonce}`))

export interface ToShow extends KeyBindingExpected {
  /** Seconds since the epoch. */
  readonly issuedAt: number
  /** JSON pointers into the credential; suites that hide nothing show all of it. */
  readonly pointers: readonly string[]
}

/** @param holder signs with the key of the did:key or did:jwk the credential is about; null: it is bound to nobody */
export async function presentDocument(
  secured: JsonObject,
  { audience, nonce, issuedAt, pointers }: ToShow,
  holder: { readonly did: string; readonly signer: Signer } | null,
  loadBbs: () => Promise<Bbs>,
): Promise<JsonObject> {
  const unsecured = unsecure(secured, issuedAt * 1000)
  const shown =
    unsecured.proof.cryptosuite === BBS_2023
      ? await deriveBbs(unsecured, pointers, presentationHeaderOf({ audience, nonce }), await loadBbs(), rdfOptions())
      : secured
  if (holder === null) return shown
  const { did, signer } = holder
  const fragment = did.startsWith('did:jwk:') ? '0' : multikeyOf(signer.publicJwk)
  return secureJcs(
    { '@context': [VC_V2], type: ['VerifiablePresentation'], holder: did, verifiableCredential: [shown] },
    {
      ...{ cryptosuite: 'ecdsa-jcs-2019', verificationMethod: `${did}#${fragment}`, proofPurpose: 'authentication' },
      ...{ created: new Date(issuedAt * 1000).toISOString(), challenge: nonce, domain: audience },
    },
    signer,
  )
}

/** Where a credential may be about whoever signs the presentation. */
export const subjectOf = ({ credentialSubject }: JsonObject): string | null =>
  isObject(credentialSubject) && typeof credentialSubject.id === 'string' ? credentialSubject.id : null

/**
 * What was shown in answer to a question: the credential in it, its issuer and its proof; and, in a presentation, that its
 * holder, whom the credential is about, made it for this question and now.
 * @param takeOnce false: it was shown before
 * @throws {MalformedCredential | UnsupportedCredential}
 * @throws {CredentialRefused} AUDIENCE, NONCE, HOLDER, KEY_BINDING, REPLAYED and those of credentials
 */
export async function verifyDocumentPresentation(
  shown: JsonObject,
  expected: KeyBindingExpected,
  takeOnce: TakeOnce,
  ports: DataIntegrityPorts,
  signal: AbortSignal,
): Promise<VerifiedCredential> {
  const derived = { as: 'derived', presentationHeader: presentationHeaderOf(expected) } as const
  if (![shown.type].flat().includes('VerifiablePresentation')) {
    const verified = await verifyCredential(shown, derived, ports, signal)
    // Of a credential of another suite everybody who saw it has a copy.
    if (verified.unsecured.proof.cryptosuite !== BBS_2023) {
      throw new CredentialRefused('KEY_BINDING', 'nobody shows that it is theirs')
    }
    const until = ports.clock.now() + (LONGEST + SKEW) * 1000
    // The proof itself, not how it is wrapped: that can be done in several ways.
    once(base64urlnopad.encode(derivedProofOf(verified.unsecured.proof)), until, takeOnce)
    return verified
  }
  const { holder, verifiableCredential } = shown
  const [credential, ...more] = [verifiableCredential].flat()
  if (!isObject(credential) || more.length > 0) throw new UnsupportedCredential('it shows none, or several')
  const { unsecured, signatory } = await verifyProof(shown, derived, ports, signal)
  const { purpose, options } = unsecured.proof
  if (purpose !== 'authentication') throw new CredentialRefused('KEY_BINDING', 'it was signed for another purpose')
  if (options.domain !== expected.audience) throw new CredentialRefused('AUDIENCE', 'it was made for somebody else')
  if (options.challenge !== expected.nonce) throw new CredentialRefused('NONCE', 'it answers another question')
  if (options.created === undefined) throw new MalformedCredential('its proof does not say when it was made')
  const until = timeOf(options.created, 'created') + (LONGEST + SKEW) * 1000
  if (until < ports.clock.now()) throw new CredentialRefused('REPLAYED', 'it was made too long ago')
  const verified = await verifyCredential(credential, derived, ports, signal)
  if (holder !== signatory.did || subjectOf(credential) !== signatory.did) {
    throw new CredentialRefused('HOLDER', 'somebody else shows it than it is about')
  }
  // Not the signature: of one of ECDSA, anybody can make another.
  once(JSON.stringify([expected.audience, expected.nonce, holder, options.created]), until, takeOnce)
  return verified
}

function once(key: string, until: number, takeOnce: TakeOnce): void {
  if (!takeOnce(key, until)) throw new CredentialRefused('REPLAYED', 'it was shown before')
}
