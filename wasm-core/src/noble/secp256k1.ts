import { secp256k1 } from '@noble/curves/secp256k1.js'
import { InvalidArgument, InvalidSignature } from '../errors.ts'
import { checkPublicKeyLength, checkSecp256k1Length as expectLength } from '../secp256k1-arguments.ts'
import type { Secp256k1 } from '../slots.ts'

export const nobleSecp256k1: Secp256k1 = {
  publicKey(secretKey) {
    expectLength('secretKey', secretKey, 32)
    if (!secp256k1.utils.isValidSecretKey(secretKey)) throw new InvalidArgument('secretKey', 'must be in 1..n-1')
    return secp256k1.getPublicKey(secretKey, false)
  },
  sign(digest, secretKey, extraEntropy) {
    expectLength('digest', digest, 32)
    expectLength('secretKey', secretKey, 32)
    if (extraEntropy) expectLength('extraEntropy', extraEntropy, 32)
    if (!secp256k1.utils.isValidSecretKey(secretKey)) throw new InvalidArgument('secretKey', 'must be in 1..n-1')
    const signature = secp256k1.sign(digest, secretKey, {
      prehash: false,
      lowS: true,
      format: 'recovered',
      extraEntropy: extraEntropy ?? false,
    })
    const out = new Uint8Array(65) // noble puts the recovery byte first; Ethereum puts it last
    out.set(signature.subarray(1), 0)
    out[64] = signature[0]!
    return out
  },
  verify(signature, digest, publicKey, options = {}) {
    expectLength('signature', signature, 64)
    expectLength('digest', digest, 32)
    checkPublicKeyLength(publicKey)
    try {
      return secp256k1.verify(signature, digest, publicKey, { prehash: false, lowS: options.lowS ?? true })
    } catch {
      return false // noble throws on points off the curve; as a signature under that key nothing is valid
    }
  },
  recover(signature, digest) {
    expectLength('signature', signature, 65)
    expectLength('digest', digest, 32)
    const recovery = signature[64]!
    if (recovery > 3) throw new InvalidSignature(`recovery bit must be 0..3, got ${recovery}`)
    try {
      const parsed = secp256k1.Signature.fromBytes(signature.subarray(0, 64), 'compact').addRecoveryBit(recovery)
      return parsed.recoverPublicKey(digest).toBytes(false)
    } catch (cause) {
      throw new InvalidSignature(`no public key can be recovered (${(cause as Error).message})`)
    }
  },
}
