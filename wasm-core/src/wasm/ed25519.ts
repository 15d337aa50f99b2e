import { checkItems, checkEd25519Length as checkLength, drawCoefficients, isStrict } from '../ed25519-arguments.ts'
import { FaultDetected } from '../errors.ts'
import { guardedEd25519 } from '../guarded.ts'
import type { Ed25519, Ed25519Item } from '../slots.ts'

/** What `ed25519.wasm` exports; see `assembly/ed25519/index.ts`. Addresses are byte offsets into its memory. */
export interface Ed25519Exports {
  readonly memory: WebAssembly.Memory
  readonly SECRET_KEY: WebAssembly.Global<'i32'>
  readonly PUBLIC_KEY: WebAssembly.Global<'i32'>
  readonly SIGNATURE: WebAssembly.Global<'i32'>
  readonly COEFFICIENT: WebAssembly.Global<'i32'>
  readonly MESSAGE: WebAssembly.Global<'i32'>
  readonly MESSAGE_BYTES: WebAssembly.Global<'i32'>
  readonly BATCH_SIZE: WebAssembly.Global<'i32'>
  prepareSigning(): void
  prepareVerifying(): void
  message(bytes: number): void
  publicKey(): void
  signStart(): void
  signNonce(): void
  signEnd(): void
  verifyStart(): void
  verify(strict: number): number
  batchStart(): void
  batchAdd(): number
  batchEnd(): number
  wipe(): void
}

/**
 * The `Ed25519` slot on `ed25519.wasm`. Secret keys enter the module's memory only inside a `try` whose `finally` wipes
 * them; every signature is verified before it leaves, so that a fault cannot leak the key through a wrong signature.
 * @throws {WebAssembly.CompileError} where the platform refuses WebAssembly or lacks SIMD.
 */
export async function createWasmEd25519(bytes: BufferSource): Promise<Ed25519> {
  const { instance } = await WebAssembly.instantiate(bytes)
  return ed25519Slot(instance.exports as unknown as Ed25519Exports)
}

/** Exported apart for the test that scans the memory. */
export function ed25519Slot(kernel: Ed25519Exports): Ed25519 {
  const memory = new Uint8Array(kernel.memory.buffer) // the memory cannot grow, so the view stays valid
  const at = {
    secretKey: kernel.SECRET_KEY.value,
    publicKey: kernel.PUBLIC_KEY.value,
    signature: kernel.SIGNATURE.value,
    coefficient: kernel.COEFFICIENT.value,
    message: kernel.MESSAGE.value,
  }
  const windowBytes = kernel.MESSAGE_BYTES.value
  const batchSize = kernel.BATCH_SIZE.value

  // The tables take a moment to compute, so each is made when first needed.
  const prepareSigning = once(() => kernel.prepareSigning())
  const prepareVerifying = once(() => kernel.prepareVerifying())

  /** Hands the message to the hash that was begun, in pieces. */
  function hash(message: Uint8Array): void {
    for (let start = 0; start < message.length; start += windowBytes) {
      const piece = message.subarray(start, start + windowBytes)
      memory.set(piece, at.message)
      kernel.message(piece.length)
    }
  }

  function enter({ signature, message, publicKey }: Ed25519Item): void {
    memory.set(signature, at.signature)
    memory.set(publicKey, at.publicKey)
    kernel.verifyStart()
    hash(message)
  }

  function verify(item: Ed25519Item, strict: boolean): boolean {
    enter(item)
    return kernel.verify(strict ? 1 : 0) !== 0
  }

  function verifiesTogether(items: readonly Ed25519Item[], coefficients: readonly Uint8Array[]): boolean {
    kernel.batchStart()
    for (const [i, item] of items.entries()) {
      enter(item)
      memory.set(coefficients[i]!, at.coefficient)
      if (!kernel.batchAdd()) return false
    }
    return kernel.batchEnd() !== 0
  }

  return guardedEd25519({
    publicKey(secretKey) {
      checkLength('secretKey', secretKey, 32)
      prepareSigning()
      try {
        memory.set(secretKey, at.secretKey)
        kernel.publicKey()
        return memory.slice(at.publicKey, at.publicKey + 32)
      } finally {
        kernel.wipe()
      }
    },

    sign(message, secretKey) {
      checkLength('secretKey', secretKey, 32)
      prepareSigning()
      prepareVerifying()
      // The message is hashed twice. Were it to change in between (shared memory), the same nonce would answer two
      // challenges, and that gives the key away: so it is copied.
      const same = Uint8Array.from(message)
      try {
        memory.set(secretKey, at.secretKey)
        kernel.signStart()
        hash(same)
        kernel.signNonce()
        hash(same)
        kernel.signEnd()
        const signature = memory.slice(at.signature, at.signature + 64)
        const publicKey = memory.slice(at.publicKey, at.publicKey + 32)
        kernel.wipe()
        if (!verify({ signature, message: same, publicKey }, true)) throw new FaultDetected()
        return signature
      } finally {
        kernel.wipe()
      }
    },

    verify(signature, message, publicKey, options) {
      checkLength('signature', signature, 64)
      checkLength('publicKey', publicKey, 32)
      const strict = isStrict(options)
      prepareVerifying()
      return verify({ signature, message, publicKey }, strict)
    },

    verifyBatch(items, random) {
      checkItems(items)
      const coefficients = drawCoefficients(random, items.length)
      prepareVerifying()
      for (let start = 0; start < items.length; start += batchSize) {
        const batch = items.slice(start, start + batchSize)
        if (verifiesTogether(batch, coefficients.slice(start, start + batchSize))) continue
        const bad = batch.findIndex((item) => !verify(item, false))
        if (bad >= 0) return start + bad
      }
      return null
    },
  })
}

function once(action: () => void): () => void {
  let done = false
  return () => {
    if (!done) action()
    done = true
  }
}
