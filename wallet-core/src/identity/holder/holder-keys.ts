/**
 * Keys of the holder: another one for each relying party and each number, so that nobody can tell by a key that two meet the
 * same person. The path is that of SLIP-13, m/13'/A'/B'/C'/D', where A to D are the first 16 bytes of
 * SHA-256(number ‖ identifier of the relying party); the curve is P-256 (SLIP-10). The wallet's phrase leads to all of them.
 * @module
 */
import { p256 } from '@noble/curves/nist.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { base64urlnopad } from '@scure/base'
import { seedOf } from '../../accounts/phrase.ts'
import { VaultCorrupted } from '../../vault/errors.ts'
import type { Secret } from '../../vault/secrets.ts'
import type { PublicJwk } from '../did/jwk.ts'
import type { Signer } from '../jose/algorithms.ts'
import type { KeyPlace } from './records.ts'
import { withP256Key } from './slip10.ts'

export type WithSecrets = <T>(use: (secrets: readonly Secret[]) => T) => Promise<T>

/** What the rest of identity may have of the keys: not the keys. */
export interface HolderKeys {
  publicKeys(places: readonly KeyPlace[]): Promise<readonly PublicJwk[]>
  /** ES256 over these bytes. The key is derived for each signature and wiped after it. */
  sign(place: KeyPlace, message: Uint8Array): Promise<Uint8Array>
}

export const holderKeys = (withSecrets: WithSecrets): HolderKeys => ({
  publicKeys: (places) => withSecrets((secrets) => places.map((place) => withHolderKey(secrets, place, publicKeyOf))),
  sign: (place, message) =>
    withSecrets((secrets) => withHolderKey(secrets, place, (secretKey) => p256.sign(message, secretKey))),
})

const PURPOSE = 13

/** The path's numbers, without the marks of hardening. */
export function pathOf({ party, number }: Pick<KeyPlace, 'party' | 'number'>): readonly number[] {
  const identifier = new TextEncoder().encode(party)
  const data = new Uint8Array(4 + identifier.length)
  new DataView(data.buffer).setUint32(0, number, true)
  data.set(identifier, 4)
  const view = new DataView(sha256(data).buffer)
  return [PURPOSE, ...[0, 4, 8, 12].map((at) => view.getUint32(at, true) & 0x7fffffff)]
}

/** Lends the secret key of `place`, and wipes it. @throws {VaultCorrupted} */
export function withHolderKey<T>(secrets: readonly Secret[], place: KeyPlace, use: (secretKey: Uint8Array) => T): T {
  const secret = secrets[place.secret]
  if (!secret) throw new VaultCorrupted('a credential belongs to a secret that is not there')
  const seed = seedOfSecret(secret)
  try {
    return withP256Key(seed, pathOf(place), use)
  } finally {
    seed.fill(0)
  }
}

/** A single imported key is a seed like any other here: SLIP-10 hashes it under a name of its own. */
function seedOfSecret(secret: Secret): Uint8Array {
  if (secret.kind === 'phrase') return seedOf(secret.entropy, sha256, secret.passphrase)
  return secret.kind === 'seed' ? secret.seed.slice() : secret.key.slice()
}

function publicKeyOf(secretKey: Uint8Array): PublicJwk {
  const point = p256.getPublicKey(secretKey, false)
  const half = (at: number) => base64urlnopad.encode(point.subarray(at, at + 32))
  return { kty: 'EC', crv: 'P-256', x: half(1), y: half(33) }
}

export async function holderSigner(place: KeyPlace, keys: HolderKeys): Promise<Signer> {
  const [publicJwk] = await keys.publicKeys([place])
  return { algorithm: 'ES256', publicJwk: publicJwk!, sign: (message) => keys.sign(place, message) }
}
