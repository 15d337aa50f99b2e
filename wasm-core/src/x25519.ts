import { x25519 as nobleX25519 } from '@noble/curves/ed25519.js'
import { InvalidArgument, InvalidPoint } from './errors.ts'
import type { X25519 } from './slots.ts'

/** The `X25519` slot by noble, whose ladder is constant-time in its steps but not in the arithmetic of BigInt. */
export const x25519: X25519 = {
  publicKey(secretKey) {
    expectLength('secretKey', secretKey)
    return nobleX25519.getPublicKey(secretKey)
  },
  sharedSecret(secretKey, publicKey) {
    expectLength('secretKey', secretKey)
    expectLength('publicKey', publicKey)
    try {
      return nobleX25519.getSharedSecret(secretKey, publicKey)
    } catch (cause) {
      // With both lengths right, zero as the result is all that noble refuses.
      throw new InvalidPoint('publicKey', 'of small order, no secret can be shared with it', { cause })
    }
  },
}

function expectLength(argument: string, bytes: Uint8Array): void {
  if (bytes.length !== 32) throw new InvalidArgument(argument, `expected 32 bytes, got ${bytes.length}`)
}
