import { schnorr, secp256k1 } from '@noble/curves/secp256k1.js'
import { InvalidArgument, InvalidPoint, InvalidSignature } from '../errors.ts'
import { guardedSecp256k1 } from '../guarded.ts'
import {
  checkPointFormat,
  checkPublicKeyLength,
  copyMessage,
  encodePoint,
  checkSecp256k1Length as expectLength,
  NO_POINT,
} from '../secp256k1-arguments.ts'
import type { Secp256k1 } from '../slots.ts'

const { Point } = secp256k1
const { Fn } = Point

export const nobleSecp256k1: Secp256k1 = guardedSecp256k1({
  publicKey(secretKey) {
    expectLength('secretKey', secretKey, 32)
    readSecret(secretKey)
    return secp256k1.getPublicKey(secretKey, false)
  },
  sign(digest, secretKey, extraEntropy) {
    expectLength('digest', digest, 32)
    expectLength('secretKey', secretKey, 32)
    if (extraEntropy) expectLength('extraEntropy', extraEntropy, 32)
    readSecret(secretKey)
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
  schnorrSign(message, secretKey, auxiliary) {
    expectLength('auxiliary', auxiliary, 32)
    expectLength('secretKey', secretKey, 32)
    readSecret(secretKey)
    return schnorr.sign(copyMessage(message), secretKey, auxiliary)
  },
  schnorrVerify(signature, message, publicKey) {
    expectLength('signature', signature, 64)
    expectLength('publicKey', publicKey, 32)
    return schnorr.verify(signature, message, publicKey)
  },
  tweakPublicKey(publicKey, tweak) {
    expectLength('publicKey', publicKey, 32)
    expectLength('tweak', tweak, 32)
    const point = readPoint(Uint8Array.of(2, ...publicKey))
    const sum = point.add(Point.BASE.multiplyUnsafe(readTweak(tweak)))
    if (sum.is0()) throw cancels()
    return { publicKey: sum.toBytes(true).slice(1), odd: sum.y % 2n === 1n }
  },
  tweakSecretKey(secretKey, tweak) {
    expectLength('tweak', tweak, 32)
    expectLength('secretKey', secretKey, 32)
    const secret = readSecret(secretKey)
    const added = readTweak(tweak)
    const even = Point.BASE.multiply(secret).y % 2n === 0n
    const sum = Fn.add(even ? secret : Fn.neg(secret), added)
    if (sum === 0n) throw cancels()
    return Fn.toBytes(sum)
  },
  ecdh(secretKey, publicKey, format) {
    checkPublicKeyLength(publicKey)
    checkPointFormat(format)
    expectLength('secretKey', secretKey, 32)
    const point = readPoint(publicKey)
    return encodePoint(point.multiply(readSecret(secretKey)).toBytes(false), format)
  },
})

function readSecret(secretKey: Uint8Array): bigint {
  if (!secp256k1.utils.isValidSecretKey(secretKey)) throw new InvalidArgument('secretKey', 'must be in 1..n-1')
  return Fn.fromBytes(secretKey)
}

function readTweak(tweak: Uint8Array): bigint {
  try {
    return Fn.fromBytes(tweak)
  } catch {
    throw new InvalidArgument('tweak', 'must be below n')
  }
}

function readPoint(publicKey: Uint8Array): InstanceType<typeof Point> {
  try {
    return Point.fromBytes(publicKey)
  } catch (cause) {
    throw new InvalidPoint('publicKey', NO_POINT, { cause })
  }
}

const cancels = () => new InvalidArgument('tweak', 'cancels the key')
