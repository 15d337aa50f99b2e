/** ECDSA, BIP-340 and ECDH over secp256k1. The host writes into windows, calls, reads out and wipes; nothing allocates. */
import { prepareComb } from './comb'
import { prepareGenerator } from './ecmult'
import { MESSAGE } from './memory'
import { hashUpdate } from './sha256'

export { BLINDING, BLINDING_BYTES } from './blinding'
export { ecdh, ecdhPoint } from './ecdh'
export {
  DIGEST,
  EXTRA_ENTROPY,
  MESSAGE,
  MESSAGE_BYTES,
  PUBLIC_KEY,
  RANDOM,
  SECRET_KEY,
  SIGNATURE,
  wipe,
} from './memory'
export { randomize } from './randomize'
export { challengeStart as schnorrVerifyStart, schnorrEnd, schnorrNonce, schnorrStart } from './schnorr'
export { schnorrVerify } from './schnorr-verify'
export { publicKey, sign } from './sign'
export { tweakPublicKey, tweakSecretKey } from './tweak'
export { recover, verify } from './verify'

/** Computes the table that everything with a secret key reads, except for ECDH. Call once before. */
export function prepareSigning(): void {
  prepareComb()
}

/** Computes the table that verification, recovery and tweaks of public keys read. Call once before. */
export function prepareVerifying(): void {
  prepareGenerator()
}

/** Hashes the next piece of the message: that many bytes at MESSAGE. */
export function message(bytes: usize): void {
  hashUpdate(MESSAGE, bytes)
}
