import { ed25519 } from '@noble/curves/ed25519.js'
import { okpJwk } from '../did/jwk.ts'
import type { Signer } from '../jose/algorithms.ts'

export function edSigner(secretKey: Uint8Array): Signer {
  const publicJwk = okpJwk('Ed25519', ed25519.getPublicKey(secretKey))
  return { algorithm: 'EdDSA', publicJwk, sign: async (message) => ed25519.sign(message, secretKey) }
}
