/** People for tests: keys of every kind as signers, with their did:key, and a resolver that asks nobody. */
import { secureRandom } from '@glowworm/wasm-core/infrastructure/secure-random'
import { loadBls12381Groups } from '@glowworm/wasm-core/load-bls12381-groups'
import { ed25519 } from '@noble/curves/ed25519.js'
import { p256, p384 } from '@noble/curves/nist.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { didKeyOf } from '../did/did-key-writing.ts'
import { ecJwk, okpJwk, type PublicJwk } from '../did/jwk.ts'
import { createDidResolver } from '../did/resolver.ts'
import { type JwsAlgorithm, type Signer, signWith } from '../jose/algorithms.ts'
import type { SdJwtPorts } from '../sd-jwt/verify.ts'
import { findSignatoryWith } from './issuer.ts'

export interface Person extends Signer {
  readonly did: string
  readonly keyId: string
  readonly secretKey: Uint8Array
}

type Kind = Exclude<JwsAlgorithm, 'Ed25519'>

export function person(algorithm: Kind, seed: number): Person {
  const secretKey = new Uint8Array(algorithm === 'ES384' ? 48 : 32).fill(seed)
  const publicJwk = publicJwkOf(algorithm, secretKey)
  const did = didKeyOf(publicJwk)
  return {
    ...{ algorithm, publicJwk, secretKey, did, keyId: `${did}#${did.slice('did:key:'.length)}` },
    sign: async (message) => signWith(algorithm, secretKey, message),
  }
}

function publicJwkOf(algorithm: Kind, secretKey: Uint8Array): PublicJwk {
  switch (algorithm) {
    case 'ES256':
      return ecJwk('P-256', p256.getPublicKey(secretKey))
    case 'ES384':
      return ecJwk('P-384', p384.getPublicKey(secretKey))
    case 'ES256K':
      return ecJwk('secp256k1', secp256k1.getPublicKey(secretKey))
    case 'EdDSA':
      return okpJwk('Ed25519', ed25519.getPublicKey(secretKey))
  }
}

export const NOW = 1_790_000_000_000
export const random = secureRandom
export const signal = new AbortController().signal
const clock = { now: () => NOW }

export const resolver = createDidResolver({
  http: async () => {
    throw new Error('nobody is to be asked')
  },
  chain: () => {
    throw new Error('no chain is to be read')
  },
  clock,
  keccak256: keccak_256,
  loadGroups: loadBls12381Groups,
})

export const ports: SdJwtPorts = { findSignatory: findSignatoryWith(resolver), clock, keccak256: keccak_256 }
