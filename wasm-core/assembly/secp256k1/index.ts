/** ECDSA over secp256k1. The host writes into the windows, calls, reads out and wipes; nothing here allocates. */
import { prepareComb } from './comb'
import { prepareGenerator } from './ecmult'

export { DIGEST, EXTRA_ENTROPY, PUBLIC_KEY, SECRET_KEY, SIGNATURE, wipe } from './memory'
export { publicKey, sign } from './sign'
export { recover, verify } from './verify'

/** Computes the table that signing and public keys read. Call once before either. */
export function prepareSigning(): void {
  prepareComb()
}

/** Computes the table that verification and recovery read. Call once before either. */
export function prepareVerifying(): void {
  prepareGenerator()
}
