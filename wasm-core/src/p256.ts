import { p256 as nobleP256 } from '@noble/curves/nist.js'
import { InvalidArgument } from './errors.ts'
import type { P256 } from './slots.ts'

/** The `P256` slot by noble. */
export const p256: P256 = {
  verify(signature, digest, publicKey) {
    if (signature.length !== 64) throw new InvalidArgument('signature', `expected 64 bytes, got ${signature.length}`)
    if (digest.length !== 32) throw new InvalidArgument('digest', `expected 32 bytes, got ${digest.length}`)
    if (publicKey.length !== 33 && publicKey.length !== 65)
      throw new InvalidArgument('publicKey', `expected 33 or 65 bytes, got ${publicKey.length}`)
    try {
      return nobleP256.verify(signature, digest, publicKey, { prehash: false, lowS: false })
    } catch {
      return false // noble throws on points off the curve; as a signature under that key nothing is valid
    }
  },
}
