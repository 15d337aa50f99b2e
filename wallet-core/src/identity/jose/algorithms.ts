/**
 * The signature algorithms of JSON Web Signatures that are used here (RFC 7518, 8037, 8812, 9864). Each belongs to one
 * curve, so that a header cannot talk a key into another algorithm; `none` and everything symmetric do not exist.
 * @module
 */
import { ed25519 } from '@noble/curves/ed25519.js'
import { p256, p384 } from '@noble/curves/nist.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { base64urlnopad } from '@scure/base'
import { CredentialRefused } from '../credential/errors.ts'
import type { PublicJwk } from '../did/jwk.ts'

const CURVES = { ES256: 'P-256', ES384: 'P-384', ES256K: 'secp256k1', EdDSA: 'Ed25519', Ed25519: 'Ed25519' } as const
export type JwsAlgorithm = keyof typeof CURVES
export const JWS_ALGORITHMS = Object.keys(CURVES) as readonly JwsAlgorithm[]

const ECDSA = { 'P-256': p256, 'P-384': p384, secp256k1 } as const

export function isJwsAlgorithm(name: unknown): name is JwsAlgorithm {
  return typeof name === 'string' && Object.hasOwn(CURVES, name)
}

/** The one algorithm a key signs with, or null: keys for agreement and pairings sign no JWS. */
export function algorithmOf(jwk: PublicJwk): Exclude<JwsAlgorithm, 'Ed25519'> | null {
  const found = Object.entries(CURVES).find(([, crv]) => crv === jwk.crv)
  return found ? (found[0] as Exclude<JwsAlgorithm, 'Ed25519'>) : null
}

/**
 * @param signature r ‖ s, or as RFC 8032 has it
 * @throws {CredentialRefused} ALGORITHM: the key is of another kind than the algorithm
 */
export function verifySignature(
  algorithm: JwsAlgorithm,
  jwk: PublicJwk,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const curve = CURVES[algorithm]
  if (jwk.crv !== curve) {
    throw new CredentialRefused('ALGORITHM', `it says ${algorithm}, which a key on ${jwk.crv} does not sign with`)
  }
  try {
    if (curve === 'Ed25519') return ed25519.verify(signature, message, fromJwk(jwk.x), { zip215: false })
    // Whether s is the smaller of the two makes no difference to a JWS.
    return ECDSA[curve].verify(signature, message, sec1Of(jwk), { lowS: false })
  } catch {
    return false // a signature of another length, or out of range
  }
}

/** SEC 1, uncompressed. */
export function sec1Of(jwk: PublicJwk): Uint8Array {
  if (!('y' in jwk)) throw new TypeError('jwk: expected a key with two coordinates')
  return Uint8Array.from([4, ...fromJwk(jwk.x), ...fromJwk(jwk.y)])
}

const fromJwk = (text: string): Uint8Array => base64urlnopad.decode(text)

/** A secret key on one curve, lent for one signature. The caller wipes it. */
export function signWith(algorithm: JwsAlgorithm, secretKey: Uint8Array, message: Uint8Array): Uint8Array {
  const curve = CURVES[algorithm]
  return curve === 'Ed25519' ? ed25519.sign(message, secretKey) : ECDSA[curve].sign(message, secretKey)
}

/** Who signs: the public half, and a way to have bytes signed that keeps the secret half where it is. */
export interface Signer {
  readonly algorithm: JwsAlgorithm
  readonly publicJwk: PublicJwk
  sign(message: Uint8Array): Promise<Uint8Array>
}
