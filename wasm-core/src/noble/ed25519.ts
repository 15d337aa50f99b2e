import { ed25519 } from '@noble/curves/ed25519.js'
import { checkItems, drawCoefficients, checkEd25519Length as expectLength, isStrict } from '../ed25519-arguments.ts'
import { guardedEd25519 } from '../guarded.ts'
import type { Ed25519 } from '../slots.ts'

export const nobleEd25519: Ed25519 = guardedEd25519({
  publicKey(secretKey) {
    expectLength('secretKey', secretKey, 32)
    return ed25519.getPublicKey(secretKey)
  },
  sign(message, secretKey) {
    expectLength('secretKey', secretKey, 32)
    return ed25519.sign(message, secretKey)
  },
  verify(signature, message, publicKey, options) {
    expectLength('signature', signature, 64)
    expectLength('publicKey', publicKey, 32)
    return ed25519.verify(signature, message, publicKey, { zip215: !isStrict(options) })
  },
  /** One after another: noble has no batches. Coefficients are drawn all the same, so that a bad source is noticed. */
  verifyBatch(items, random) {
    checkItems(items)
    drawCoefficients(random, items.length)
    const bad = items.findIndex(
      ({ signature, message, publicKey }) => !ed25519.verify(signature, message, publicKey, { zip215: true }),
    )
    return bad < 0 ? null : bad
  },
})
