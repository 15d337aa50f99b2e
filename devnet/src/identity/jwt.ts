/** Tokens as issuer and verifier here make and read them. Nothing of it is the wallet's: they are to understand each other. */
import { p256 } from '@noble/curves/nist.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { base58 } from '@scure/base'
import type { EthrIdentity } from './registry.ts'

export type Json = Record<string, unknown>

export const base64url = (value: string | Uint8Array): string => Buffer.from(value).toString('base64url')
const encode = (value: Json): string => base64url(JSON.stringify(value))

export async function signEs256k(identity: Pick<EthrIdentity, 'secretKey'>, data: string): Promise<string> {
  return base64url(secp256k1.sign(Buffer.from(data), identity.secretKey))
}

export async function makeJwt(identity: EthrIdentity, header: Json, payload: Json): Promise<string> {
  const input = `${encode({ alg: 'ES256K', kid: identity.keyId, ...header })}.${encode(payload)}`
  return `${input}.${await signEs256k(identity, input)}`
}

export function readJwt(jwt: string): { header: Json; payload: Json } {
  const [header, payload] = jwt
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Json)
  return { header: header!, payload: payload! }
}

export interface EcKey {
  readonly crv?: string
  readonly x?: string
  readonly y?: string
}

/** The key on P-256 in a did:key. @throws for another */
export function keyOfDid(did: string): EcKey {
  const bytes = base58.decode(did.replace('did:key:z', ''))
  const [, x, y] = /^04(.{64})(.{64})$/.exec(p256.Point.fromBytes(bytes.subarray(2)).toHex(false))!
  return { crv: 'P-256', x: base64url(Buffer.from(x!, 'hex')), y: base64url(Buffer.from(y!, 'hex')) }
}

/** ES256, with the key of a proof or a key binding. */
export function verifiesEs256(jwk: EcKey, data: string, signature: string): boolean {
  if (jwk.crv !== 'P-256' || jwk.x === undefined || jwk.y === undefined) return false
  const point = Uint8Array.from([4, ...Buffer.from(jwk.x, 'base64url'), ...Buffer.from(jwk.y, 'base64url')])
  return p256.verify(Buffer.from(signature, 'base64url'), Buffer.from(data), point, { lowS: false })
}

export const verifiesEs256k = ({ publicKey }: EthrIdentity, data: string, signature: string): boolean =>
  secp256k1.verify(Buffer.from(signature, 'base64url'), Buffer.from(data), publicKey, { lowS: false })
