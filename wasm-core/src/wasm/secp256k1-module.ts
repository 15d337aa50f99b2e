import { InvalidArgument } from '../errors.ts'
import { checkSecp256k1Length } from '../secp256k1-arguments.ts'
import type { Random } from '../slots.ts'

/** What `secp256k1.wasm` exports; see `assembly/secp256k1/index.ts`. Addresses are byte offsets into its memory. */
export interface Secp256k1Exports {
  readonly memory: WebAssembly.Memory
  readonly BLINDING: WebAssembly.Global<'i32'>
  readonly BLINDING_BYTES: WebAssembly.Global<'i32'>
  readonly DIGEST: WebAssembly.Global<'i32'>
  readonly EXTRA_ENTROPY: WebAssembly.Global<'i32'>
  readonly MESSAGE: WebAssembly.Global<'i32'>
  readonly MESSAGE_BYTES: WebAssembly.Global<'i32'>
  readonly PUBLIC_KEY: WebAssembly.Global<'i32'>
  readonly RANDOM: WebAssembly.Global<'i32'>
  readonly SECRET_KEY: WebAssembly.Global<'i32'>
  readonly SIGNATURE: WebAssembly.Global<'i32'>
  ecdh(): number
  ecdhPoint(keyBytes: number): number
  message(bytes: number): void
  prepareSigning(): void
  prepareVerifying(): void
  publicKey(): number
  randomize(): void
  recover(): number
  schnorrEnd(): void
  schnorrNonce(): number
  schnorrStart(): number
  schnorrVerify(): number
  schnorrVerifyStart(): void
  sign(extraBytes: number): number
  tweakPublicKey(): number
  tweakSecretKey(): number
  verify(keyBytes: number, lowS: number): number
  wipe(): void
}

/** How many operations with a secret key share one draw of blinding, which is doubled in between. */
const OPERATIONS_PER_DRAW = 64
const RANDOM_BYTES = 64

/** A running instance: its memory, its windows, and when to prepare what. */
export class Secp256k1Module {
  readonly kernel: Secp256k1Exports
  readonly memory: Uint8Array
  readonly at: Readonly<Record<'secretKey' | 'digest' | 'extraEntropy' | 'signature' | 'publicKey', number>>
  readonly #random: Random
  #canSign = false
  #canVerify = false
  #operationsLeft = 0

  constructor(kernel: Secp256k1Exports, random: Random) {
    this.kernel = kernel
    this.memory = new Uint8Array(kernel.memory.buffer) // the memory cannot grow, so the view stays valid
    this.at = {
      secretKey: kernel.SECRET_KEY.value,
      digest: kernel.DIGEST.value,
      extraEntropy: kernel.EXTRA_ENTROPY.value,
      signature: kernel.SIGNATURE.value,
      publicKey: kernel.PUBLIC_KEY.value,
    }
    this.#random = random
  }

  /**
   * Runs what needs a secret key, which enters the memory here; afterwards, whatever happens, everything is wiped.
   * @throws {InvalidArgument} a key of another length than 32.
   */
  withSecret<T>(secretKey: Uint8Array, action: () => T): T {
    checkSecp256k1Length('secretKey', secretKey, 32)
    this.#prepareSigning()
    try {
      this.memory.set(secretKey, this.at.secretKey)
      return action()
    } finally {
      this.kernel.wipe()
    }
  }

  /** The table takes about a millisecond to compute, so it is made when first needed. */
  prepareVerifying(): void {
    if (!this.#canVerify) this.kernel.prepareVerifying()
    this.#canVerify = true
  }

  #prepareSigning(): void {
    if (!this.#canSign) this.kernel.prepareSigning()
    this.#canSign = true
    if (this.#operationsLeft === 0) this.#renewBlinding()
    this.#operationsLeft--
  }

  #renewBlinding(): void {
    const random = drawBlinding(this.#random) // somebody else's code: it has returned before anything is entered
    try {
      this.memory.set(random, this.kernel.RANDOM.value)
      this.kernel.randomize()
      this.#operationsLeft = OPERATIONS_PER_DRAW
    } finally {
      random.fill(0)
      this.kernel.wipe()
    }
  }

  /** Hands the message to the hash that was begun, in pieces. */
  hash(message: Uint8Array): void {
    const size = this.kernel.MESSAGE_BYTES.value
    for (let start = 0; start < message.length; start += size) {
      const piece = message.subarray(start, start + size)
      this.memory.set(piece, this.kernel.MESSAGE.value)
      this.kernel.message(piece.length)
    }
  }

  read(address: number, length: number): Uint8Array {
    return this.memory.slice(address, address + length)
  }
}

function drawBlinding(random: Random): Uint8Array {
  const bytes = random.bytes(RANDOM_BYTES)
  checkSecp256k1Length('random', bytes, RANDOM_BYTES)
  if (bytes.every((byte) => byte === 0))
    throw new InvalidArgument('random', `gave ${RANDOM_BYTES} zero bytes: it is not random`)
  return bytes
}
