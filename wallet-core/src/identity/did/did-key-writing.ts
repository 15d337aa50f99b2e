/** Identifiers made from a public key: did:key and did:jwk. @module */
import { base58, base64urlnopad } from '@scure/base'
import type { PublicJwk } from './jwk.ts'

/** Multicodec codes as unsigned varints. */
const CODES: Readonly<Record<PublicJwk['crv'], readonly [number, number]>> = {
  Ed25519: [0xed, 0x01],
  X25519: [0xec, 0x01],
  secp256k1: [0xe7, 0x01],
  'P-256': [0x80, 0x24],
  'P-384': [0x81, 0x24],
  BLS12381_G2: [0xeb, 0x01],
}

/** A public key as a Multikey (Controlled Identifiers §2.2.2): base58btc with its multicodec, points compressed. */
export function multikeyOf(jwk: PublicJwk): string {
  return `z${base58.encode(Uint8Array.from([...CODES[jwk.crv], ...compressed(jwk)]))}`
}

export const didKeyOf = (jwk: PublicJwk): string => `did:key:${multikeyOf(jwk)}`

/** The one key of a did:jwk has the fragment 0. */
export function didJwkOf(jwk: PublicJwk): string {
  return `did:jwk:${base64urlnopad.encode(new TextEncoder().encode(JSON.stringify(jwk)))}`
}

function compressed(jwk: PublicJwk): Uint8Array {
  const x = base64urlnopad.decode(jwk.x)
  if (!('y' in jwk)) return x
  const y = base64urlnopad.decode(jwk.y)
  return Uint8Array.from([2 + (y.at(-1)! & 1), ...x])
}
