/** Whether an mdoc is what its issuer signed (ISO/IEC 18013-5 §9.3.1, without the authorities behind its certificate). @module */
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js'
import { CredentialRefused, MalformedCredential, UnsupportedCredential } from '../credential/errors.ts'
import type { PublicJwk } from '../did/jwk.ts'
import { verifySignature } from '../jose/algorithms.ts'
import { embedded, toCbor } from './cbor.ts'
import { readCertificate, type SigningCertificate } from './certificate.ts'
import type { Mdoc, Sign1 } from './read.ts'

const HASHES = { 'SHA-256': sha256, 'SHA-384': sha384, 'SHA-512': sha512 } as const
/** COSE's numbers (RFC 9053 §2.1). */
const ALGORITHMS = new Map([
  [-7, 'ES256'],
  [-35, 'ES384'],
] as const)
/** RFC 9360. */
const X5CHAIN = 33

/**
 * @param now ms since the epoch
 * @returns who signed, as the certificate in it says
 * @throws {CredentialRefused} SIGNATURE, ALGORITHM, DISCLOSURE, EXPIRED, NOT_YET_VALID
 * @throws {MalformedCredential | UnsupportedCredential}
 */
export function verifyMdoc(mdoc: Mdoc, now: number): SigningCertificate {
  const { issuerAuth, validFrom, validUntil } = mdoc
  const chain = [issuerAuth.unprotected.get(X5CHAIN)].flat()
  if (!(chain[0] instanceof Uint8Array)) throw new CredentialRefused('ISSUER', 'it comes without a certificate')
  const certificate = readCertificate(chain[0])
  checkSign1(issuerAuth, issuerAuth.payload, certificate.publicKey)
  checkDigests(mdoc)
  if (now < validFrom) throw new CredentialRefused('NOT_YET_VALID', 'its time has not come')
  if (now > validUntil) throw new CredentialRefused('EXPIRED', 'its time is over')
  if (now < certificate.validFrom || now > certificate.validUntil) {
    throw new CredentialRefused('ISSUER', 'the certificate of its issuer is not valid now')
  }
  return certificate
}

/** @param payload what is signed, also where it does not stand in it @throws {CredentialRefused} ALGORITHM, SIGNATURE */
export function checkSign1(
  sign1: Pick<Sign1, 'protectedBytes' | 'algorithm' | 'signature'>,
  payload: Uint8Array,
  key: PublicJwk,
) {
  const algorithm = ALGORITHMS.get(sign1.algorithm as -7)
  if (algorithm === undefined)
    throw new CredentialRefused('ALGORITHM', 'it is signed with an algorithm that is not accepted')
  if (!verifySignature(algorithm, key, toBeSigned(sign1.protectedBytes, payload), sign1.signature)) {
    throw new CredentialRefused('SIGNATURE', 'the signature does not fit the key')
  }
}

/** RFC 9052 §4.4. */
export const toBeSigned = (protectedBytes: Uint8Array, payload: Uint8Array): Uint8Array =>
  toCbor(['Signature1', protectedBytes, new Uint8Array(0), payload])

/** Every element has the digest that was signed for it, and no two share one. */
function checkDigests({ items, digestAlgorithm, valueDigests }: Mdoc): void {
  if (!Object.hasOwn(HASHES, digestAlgorithm))
    throw new UnsupportedCredential('its digests are made with a hash that is not known here')
  const hash = HASHES[digestAlgorithm as keyof typeof HASHES]
  const seen = new Set<string>()
  for (const { namespace, digestId, bytes } of items) {
    const digests = valueDigests.get(namespace)
    const expected = digests instanceof Map ? digests.get(digestId) : undefined
    if (!(expected instanceof Uint8Array)) {
      throw new CredentialRefused('DISCLOSURE', 'an element belongs to nothing that was signed')
    }
    const digest = hash(toCbor(embedded(bytes)))
    if (digest.length !== expected.length || !digest.every((byte, i) => byte === expected[i])) {
      throw new CredentialRefused('DISCLOSURE', 'an element is not what was signed')
    }
    const place = JSON.stringify([namespace, digestId])
    if (seen.has(place)) throw new CredentialRefused('DISCLOSURE', 'two elements share a digest')
    seen.add(place)
  }
  if (items.length === 0) throw new MalformedCredential('there is nothing in it')
}
