/** Public keys as JSON Web Keys (RFC 7517, 7518, 8037, 8812), checked against their curves. @module */
import { ed25519 } from '@noble/curves/ed25519.js'
import { p256, p384 } from '@noble/curves/nist.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { base64urlnopad } from '@scure/base'
import { InvalidKey } from './errors.ts'

export type EcCurve = 'secp256k1' | 'P-256' | 'P-384'

export type PublicJwk =
  | { readonly kty: 'EC'; readonly crv: EcCurve; readonly x: string; readonly y: string }
  | { readonly kty: 'OKP'; readonly crv: 'Ed25519' | 'X25519'; readonly x: string }
  /** A compressed point, as draft-denhartog-pairing-curves-jose-cose has it. */
  | { readonly kty: 'EC'; readonly crv: 'BLS12381_G2'; readonly x: string }

/** A JWK that is well formed but of a kind that is not known here. */
export class UnknownKeyKind extends InvalidKey {}

const POINTS = { secp256k1: secp256k1.Point, 'P-256': p256.Point, 'P-384': p384.Point } as const
const OKP_BYTES = 32

/** Members of private and symmetric keys (RFC 7518 §6, RFC 8037 §2): in a public document they are a leak. */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

/** @param octets a point in SEC 1 encoding, compressed or not. @throws {InvalidKey} not on the curve. */
export function ecJwk(crv: EcCurve, octets: Uint8Array): PublicJwk {
  const point = on(crv, () => POINTS[crv].fromBytes(octets))
  const uncompressed = point.toBytes(false)
  const half = (uncompressed.length - 1) / 2
  return {
    kty: 'EC',
    crv,
    x: base64urlnopad.encode(uncompressed.subarray(1, 1 + half)),
    y: base64urlnopad.encode(uncompressed.subarray(1 + half)),
  }
}

/** @throws {InvalidKey} not 32 bytes, or no point of the curve. */
export function okpJwk(crv: 'Ed25519' | 'X25519', octets: Uint8Array): PublicJwk {
  if (octets.length !== OKP_BYTES) throw new InvalidKey(crv, `expected ${OKP_BYTES} bytes, got ${octets.length}`)
  if (crv === 'Ed25519') {
    const point = on(crv, () => ed25519.Point.fromBytes(octets))
    if (point.isSmallOrder()) throw new InvalidKey(crv, 'a point of small order is no key')
  }
  return { kty: 'OKP', crv, x: base64urlnopad.encode(octets) }
}

/** The X25519 key on the Montgomery form of the curve of an Ed25519 key. */
export function x25519Of(ed25519Key: Uint8Array): Uint8Array {
  return on('Ed25519', () => ed25519.utils.toMontgomery(ed25519Key))
}

/**
 * Reads a stranger's JWK, keeping what makes up the key only.
 * @throws {UnknownKeyKind} @throws {InvalidKey} naming `where`
 */
export function readPublicJwk(where: string, value: unknown): PublicJwk {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidKey(where, 'expected a JSON object')
  }
  const jwk = value as Record<string, unknown>
  const leaked = PRIVATE_MEMBERS.find((member) => Object.hasOwn(jwk, member))
  if (leaked !== undefined) throw new InvalidKey(where, `it carries a private member, "${leaked}"`)
  const { kty, crv } = jwk
  if (kty === 'EC' && (crv === 'secp256k1' || crv === 'P-256' || crv === 'P-384')) {
    const half = POINTS[crv].Fp.BYTES
    return ecJwk(crv, Uint8Array.from([4, ...member(where, jwk, 'x', half), ...member(where, jwk, 'y', half)]))
  }
  if (kty === 'OKP' && (crv === 'Ed25519' || crv === 'X25519')) return okpJwk(crv, member(where, jwk, 'x', OKP_BYTES))
  throw new UnknownKeyKind(where, 'it is of a kind that is not known here')
}

function member(where: string, jwk: Record<string, unknown>, name: string, length: number): Uint8Array {
  const text = jwk[name]
  if (typeof text !== 'string') throw new InvalidKey(where, `"${name}": expected text`)
  const bytes = fromBase64url(text)
  if (bytes?.length !== length) throw new InvalidKey(where, `"${name}": expected ${length} bytes in base64url`)
  return bytes
}

/** Null for what is not base64url without padding, written in its one way. */
export function fromBase64url(text: string): Uint8Array | null {
  try {
    return base64urlnopad.decode(text)
  } catch {
    return null
  }
}

function on<Result>(crv: string, compute: () => Result): Result {
  try {
    return compute()
  } catch (cause) {
    throw new InvalidKey(crv, 'these bytes are no point of the curve', cause)
  }
}
