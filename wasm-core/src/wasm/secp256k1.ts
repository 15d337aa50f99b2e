import { FaultDetected, InvalidArgument, InvalidPoint, InvalidSignature } from '../errors.ts'
import { guardedSecp256k1 } from '../guarded.ts'
import {
  checkSecp256k1Length as checkLength,
  checkPointFormat,
  checkPublicKeyLength,
  copyMessage,
  encodePoint,
  NO_POINT,
} from '../secp256k1-arguments.ts'
import type { Random, Secp256k1 } from '../slots.ts'
import { type Secp256k1Exports, Secp256k1Module } from './secp256k1-module.ts'
import { computeSignature } from './secp256k1-unverified.ts'

/**
 * The `Secp256k1` slot on `secp256k1.wasm`. Secret keys enter the module's memory only where it is wiped afterwards;
 * every signature is verified under the freshly derived public key before it leaves, so that a fault in the
 * computation cannot leak the key through a wrong signature.
 * @param random blinds what is done with secret keys; drawn from at the first use and then now and then.
 * @throws {WebAssembly.CompileError} where the platform refuses WebAssembly or lacks SIMD.
 */
export async function createWasmSecp256k1(bytes: BufferSource, random: Random): Promise<Secp256k1> {
  const { instance } = await WebAssembly.instantiate(bytes)
  return secp256k1Slot(instance.exports as unknown as Secp256k1Exports, random)
}

/** Exported apart for the test that scans the memory. */
export function secp256k1Slot(kernel: Secp256k1Exports, random: Random): Secp256k1 {
  const module = new Secp256k1Module(kernel, random)
  const { memory, at } = module

  /** Writes an x-only key as the point with even y. */
  function enterXOnly(publicKey: Uint8Array): void {
    memory[at.publicKey] = 2
    memory.set(publicKey, at.publicKey + 1)
  }

  function schnorrVerifies(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
    module.prepareVerifying()
    memory.set(signature, at.signature)
    enterXOnly(publicKey)
    kernel.schnorrVerifyStart()
    module.hash(message)
    return kernel.schnorrVerify() !== 0
  }

  return guardedSecp256k1({
    publicKey(secretKey) {
      return module.withSecret(secretKey, () => {
        if (!kernel.publicKey()) throw badSecret()
        return module.read(at.publicKey, 65)
      })
    },

    sign(digest, secretKey, extraEntropy) {
      checkLength('digest', digest, 32)
      if (extraEntropy) checkLength('extraEntropy', extraEntropy, 32)
      return module.withSecret(secretKey, () => {
        module.prepareVerifying()
        const signature = computeSignature(module, digest, extraEntropy)
        kernel.publicKey()
        memory.set(digest, at.digest)
        if (!kernel.verify(65, 1)) throw new FaultDetected()
        return signature
      })
    },

    verify(signature, digest, publicKey, options = {}) {
      checkLength('signature', signature, 64)
      checkLength('digest', digest, 32)
      checkPublicKeyLength(publicKey)
      module.prepareVerifying()
      memory.set(signature, at.signature)
      memory.set(digest, at.digest)
      memory.set(publicKey, at.publicKey)
      return kernel.verify(publicKey.length, (options.lowS ?? true) ? 1 : 0) !== 0
    },

    recover(signature, digest) {
      checkLength('signature', signature, 65)
      checkLength('digest', digest, 32)
      if (signature[64]! > 3) throw new InvalidSignature(`recovery bit must be 0..3, got ${signature[64]}`)
      module.prepareVerifying()
      memory.set(signature, at.signature)
      memory.set(digest, at.digest)
      if (!kernel.recover()) throw new InvalidSignature('no public key can be recovered')
      return module.read(at.publicKey, 65)
    },

    schnorrSign(message, secretKey, auxiliary) {
      checkLength('auxiliary', auxiliary, 32)
      const same = copyMessage(message)
      const { signature, publicKey } = module.withSecret(secretKey, () => {
        memory.set(auxiliary, at.extraEntropy)
        if (!kernel.schnorrStart()) throw badSecret()
        module.hash(same)
        if (!kernel.schnorrNonce()) throw new FaultDetected()
        module.hash(same)
        kernel.schnorrEnd()
        return { signature: module.read(at.signature, 64), publicKey: module.read(at.publicKey + 1, 32) }
      })
      if (!schnorrVerifies(signature, same, publicKey)) throw new FaultDetected()
      return signature
    },

    schnorrVerify(signature, message, publicKey) {
      checkLength('signature', signature, 64)
      checkLength('publicKey', publicKey, 32)
      return schnorrVerifies(signature, message, publicKey)
    },

    tweakPublicKey(publicKey, tweak) {
      checkLength('publicKey', publicKey, 32)
      checkLength('tweak', tweak, 32)
      module.prepareVerifying()
      enterXOnly(publicKey)
      memory.set(tweak, at.digest)
      refuseTweak(kernel.tweakPublicKey(), () => new InvalidPoint('publicKey', NO_POINT))
      return { publicKey: module.read(at.publicKey + 1, 32), odd: memory[at.publicKey] === 3 }
    },

    tweakSecretKey(secretKey, tweak) {
      checkLength('tweak', tweak, 32)
      return module.withSecret(secretKey, () => {
        memory.set(tweak, at.digest)
        refuseTweak(kernel.tweakSecretKey(), badSecret)
        return module.read(at.signature, 32)
      })
    },

    ecdh(secretKey, publicKey, format) {
      checkPublicKeyLength(publicKey)
      checkPointFormat(format)
      return module.withSecret(secretKey, () => {
        memory.set(publicKey, at.publicKey)
        if (!kernel.ecdhPoint(publicKey.length)) throw new InvalidPoint('publicKey', NO_POINT)
        if (!kernel.ecdh()) throw badSecret()
        const point = module.read(at.publicKey, 65)
        try {
          return encodePoint(point, format)
        } finally {
          point.fill(0)
        }
      })
    },
  })
}

const badSecret = () => new InvalidArgument('secretKey', 'must be in 1..n-1')

/** The answers of `assembly/secp256k1/tweak.ts`. */
function refuseTweak(answer: number, badKey: () => Error): void {
  if (answer === 1) throw badKey()
  if (answer === 2) throw new InvalidArgument('tweak', 'must be below n')
  if (answer === 3) throw new InvalidArgument('tweak', 'cancels the key')
}
