/** Ed25519. The host writes into the windows, calls, reads out and wipes; nothing here allocates. */
import { prepareComb } from './comb'
import { MESSAGE } from './memory'
import { hashUpdate } from './sha512'
import { prepareBase } from './straus'

export { COEFFICIENT, MESSAGE, MESSAGE_BYTES, PUBLIC_KEY, SECRET_KEY, SIGNATURE, wipe } from './memory'
export { publicKey, signEnd, signNonce, signStart } from './sign'
export { BATCH_SIZE, batchAdd, batchEnd, batchStart, verify, verifyStart } from './verify'

/** Computes the table that signing and public keys read. Call once before either. */
export function prepareSigning(): void {
  prepareComb()
}

/** Computes the table that verification reads. Call once before it. */
export function prepareVerifying(): void {
  prepareBase()
}

/** Hashes the next piece of the message: that many bytes at MESSAGE. */
export function message(bytes: usize): void {
  hashUpdate(MESSAGE, bytes)
}
