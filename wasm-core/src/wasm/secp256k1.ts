import { FaultDetected, InvalidArgument, InvalidSignature } from '../errors.ts'
import { checkSecp256k1Length as checkLength, checkPublicKeyLength } from '../secp256k1-arguments.ts'
import type { Secp256k1 } from '../slots.ts'

/** What `secp256k1.wasm` exports; see `assembly/secp256k1/index.ts`. Addresses are byte offsets into its memory. */
export interface Secp256k1Exports {
  readonly memory: WebAssembly.Memory
  readonly SECRET_KEY: WebAssembly.Global<'i32'>
  readonly DIGEST: WebAssembly.Global<'i32'>
  readonly EXTRA_ENTROPY: WebAssembly.Global<'i32'>
  readonly SIGNATURE: WebAssembly.Global<'i32'>
  readonly PUBLIC_KEY: WebAssembly.Global<'i32'>
  prepareSigning(): void
  prepareVerifying(): void
  publicKey(): number
  sign(extraBytes: number): number
  verify(keyBytes: number, lowS: number): number
  recover(): number
  wipe(): void
}

/**
 * The `Secp256k1` slot on `secp256k1.wasm`. Secret keys enter the module's memory only inside a `try` whose `finally`
 * wipes them; every signature is verified under the freshly derived public key before it leaves, so that a fault in
 * the computation cannot leak the key through a wrong signature.
 * @throws {WebAssembly.CompileError} where the platform refuses WebAssembly or lacks SIMD.
 */
export async function createWasmSecp256k1(bytes: BufferSource): Promise<Secp256k1> {
  const { instance } = await WebAssembly.instantiate(bytes)
  return secp256k1Slot(instance.exports as unknown as Secp256k1Exports)
}

/** Exported apart for the test that scans the memory. */
export function secp256k1Slot(kernel: Secp256k1Exports): Secp256k1 {
  const memory = new Uint8Array(kernel.memory.buffer) // the memory cannot grow, so the view stays valid
  const at = {
    secretKey: kernel.SECRET_KEY.value,
    digest: kernel.DIGEST.value,
    extraEntropy: kernel.EXTRA_ENTROPY.value,
    signature: kernel.SIGNATURE.value,
    publicKey: kernel.PUBLIC_KEY.value,
  }
  // The tables take about a millisecond to compute, so each is made when first needed.
  let canSign = false
  let canVerify = false
  const prepareSigning = () => {
    if (!canSign) kernel.prepareSigning()
    canSign = true
  }
  const prepareVerifying = () => {
    if (!canVerify) kernel.prepareVerifying()
    canVerify = true
  }

  return {
    publicKey(secretKey) {
      checkLength('secretKey', secretKey, 32)
      prepareSigning()
      try {
        memory.set(secretKey, at.secretKey)
        if (!kernel.publicKey()) throw new InvalidArgument('secretKey', 'must be in 1..n-1')
        return memory.slice(at.publicKey, at.publicKey + 65)
      } finally {
        kernel.wipe()
      }
    },

    sign(digest, secretKey, extraEntropy) {
      checkLength('digest', digest, 32)
      checkLength('secretKey', secretKey, 32)
      if (extraEntropy) checkLength('extraEntropy', extraEntropy, 32)
      prepareSigning()
      prepareVerifying()
      try {
        memory.set(secretKey, at.secretKey)
        memory.set(digest, at.digest)
        if (extraEntropy) memory.set(extraEntropy, at.extraEntropy)
        if (!kernel.sign(extraEntropy ? 32 : 0)) throw new InvalidArgument('secretKey', 'must be in 1..n-1')
        const signature = memory.slice(at.signature, at.signature + 65)
        kernel.publicKey()
        memory.set(digest, at.digest)
        if (!kernel.verify(65, 1)) throw new FaultDetected()
        return signature
      } finally {
        kernel.wipe()
      }
    },

    verify(signature, digest, publicKey, options = {}) {
      checkLength('signature', signature, 64)
      checkLength('digest', digest, 32)
      checkPublicKeyLength(publicKey)
      prepareVerifying()
      memory.set(signature, at.signature)
      memory.set(digest, at.digest)
      memory.set(publicKey, at.publicKey)
      return kernel.verify(publicKey.length, (options.lowS ?? true) ? 1 : 0) !== 0
    },

    recover(signature, digest) {
      checkLength('signature', signature, 65)
      checkLength('digest', digest, 32)
      if (signature[64]! > 3) throw new InvalidSignature(`recovery bit must be 0..3, got ${signature[64]}`)
      prepareVerifying()
      memory.set(signature, at.signature)
      memory.set(digest, at.digest)
      if (!kernel.recover()) throw new InvalidSignature('no public key can be recovered')
      return memory.slice(at.publicKey, at.publicKey + 65)
    },
  }
}
