/**
 * eddsa-jcs-2022 (Data Integrity EdDSA Cryptosuites 1.0 §3.3) and ecdsa-jcs-2019 (ECDSA Cryptosuites 1.0 §3.3): documents
 * are brought into one form by the JSON Canonicalization Scheme (RFC 8785), without JSON-LD.
 * @module
 */
import { sha256, sha384 } from '@noble/hashes/sha2.js'
import { base58 } from '@scure/base'
import canonicalize from 'canonicalize'
import { CredentialRefused, MalformedCredential } from '../credential/errors.ts'
import type { Relationship, VerificationMethod } from '../did/document.ts'
import { type JwsAlgorithm, type Signer, verifySignature } from '../jose/algorithms.ts'
import type { JsonObject } from '../jose/jws.ts'
import type { SecuredDocument, Unsecured } from './proof.ts'

const SUITES = {
  'eddsa-jcs-2022': { Ed25519: 'EdDSA' },
  'ecdsa-jcs-2019': { 'P-256': 'ES256', 'P-384': 'ES384' },
} as const
export type JcsSuite = keyof typeof SUITES

export function isJcsSuite(name: string): name is JcsSuite {
  return Object.hasOwn(SUITES, name)
}

/** @throws {CredentialRefused} SIGNATURE, ALGORITHM, DISCLOSURE @throws {MalformedCredential} */
export function verifyJcs({ document, proof }: Unsecured, method: VerificationMethod): void {
  const algorithm = algorithmFor(proof.cryptosuite as JcsSuite, method.publicKeyJwk?.crv)
  const signed = hashData(asSigned(document, proof.options), proof.options, algorithm)
  if (!verifySignature(algorithm, method.publicKeyJwk!, signed, proof.value)) {
    throw new CredentialRefused('SIGNATURE', 'the signature does not fit the key')
  }
}

export interface ToSecure {
  readonly cryptosuite: JcsSuite
  /** A DID URL. */
  readonly verificationMethod: string
  /** An XML Schema dateTimeStamp. */
  readonly created: string
  /** By default `assertionMethod`. */
  readonly proofPurpose?: Relationship
  /** Of presentations: the verifier's nonce, and the verifier. */
  readonly challenge?: string
  readonly domain?: string
}

/** The document with a proof of whoever signs it. @throws {MalformedCredential} for a document that has a proof, or no JSON */
export async function secureJcs(document: JsonObject, toSecure: ToSecure, signer: Signer): Promise<SecuredDocument> {
  if (Object.hasOwn(document, 'proof')) throw new MalformedCredential('it has a proof already')
  const context = document['@context']
  const options = {
    ...{ type: 'DataIntegrityProof', proofPurpose: 'assertionMethod', ...toSecure },
    ...(context === undefined ? {} : { '@context': context }),
  }
  const algorithm = algorithmFor(toSecure.cryptosuite, signer.publicJwk.crv)
  const signature = await signer.sign(hashData(document, options, algorithm))
  return { ...document, proof: { ...options, proofValue: `z${base58.encode(signature)}` } }
}

function algorithmFor(suite: JcsSuite, curve: string | undefined): JwsAlgorithm {
  const algorithms: Readonly<Record<string, JwsAlgorithm>> = SUITES[suite]
  const algorithm = curve === undefined ? undefined : algorithms[curve]
  if (algorithm === undefined) throw new CredentialRefused('ALGORITHM', `${suite} is not signed with such a key`)
  return algorithm
}

/** The contexts of the proof come first in the document, and are what was signed (§3.3.2). */
function asSigned(document: JsonObject, options: JsonObject): JsonObject {
  const { '@context': signed } = options
  if (signed === undefined) return document
  const [inProof, inDocument] = [listOf(signed), listOf(document['@context'])]
  if (inProof.some((each, i) => canonical(each) !== canonical(inDocument[i] ?? null))) {
    throw new CredentialRefused('SIGNATURE', 'its contexts are not those that were signed')
  }
  return { ...document, '@context': signed }
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value])

/** Hash of the proof's options, then that of the document; hashed once more by the signature itself in ECDSA. */
function hashData(document: JsonObject, options: JsonObject, algorithm: JwsAlgorithm): Uint8Array {
  const hash = algorithm === 'ES384' ? sha384 : sha256
  return Uint8Array.from([...hash(encoded(options)), ...hash(encoded(document))])
}

const encoded = (value: unknown): Uint8Array => new TextEncoder().encode(canonical(value))

function canonical(value: unknown): string {
  try {
    const text = canonicalize(value)
    if (text !== undefined) return text
  } catch (cause) {
    throw new MalformedCredential('it has text or numbers that JSON in its canonical form has not', cause)
  }
  throw new MalformedCredential('it is not JSON')
}
