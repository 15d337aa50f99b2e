import { readEd25519File } from '../../src/infrastructure/ed25519-file.ts'
import { secureRandom } from '../../src/infrastructure/secure-random.ts'
import { readWasmFile } from '../../src/infrastructure/wasm-files.ts'
import { nobleEd25519 } from '../../src/noble/ed25519.ts'
import { nobleSecp256k1 } from '../../src/noble/secp256k1.ts'
import type { Ed25519Item, Ed25519Options } from '../../src/slots.ts'
import { type Ed25519Exports, ed25519Slot } from '../../src/wasm/ed25519.ts'
import { secp256k1Slot } from '../../src/wasm/secp256k1.ts'
import type { Secp256k1Exports } from '../../src/wasm/secp256k1-module.ts'
import { fromHex } from '../vectors.ts'
import { type Decoder, decoder } from './decoder.ts'
import { mutated, type Next, pick, randomBytes } from './random-input.ts'
import { asking, poison, type Span, type Twin, wipedSpan } from './twins.ts'

const MILLION = 1_000_000
const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const P = 2n ** 256n - 2n ** 32n - 977n
const numbers = [0n, 1n, N - 1n, N, N + 1n, N / 2n, N / 2n + 1n, P - N, P - 1n, P, P + 1n, 2n ** 256n - 1n].map(
  (value) => fromHex(value.toString(16).padStart(64, '0')),
)

interface RecoverInput {
  readonly signature: Uint8Array
  readonly digest: Uint8Array
}

interface Secp256k1Input extends RecoverInput {
  readonly publicKey: Uint8Array
  readonly lowS: boolean
}

type SchnorrInput = Ed25519Item

type Ed25519Input = Ed25519Item & Ed25519Options

async function twinsOf<Kernel extends { readonly memory: WebAssembly.Memory; wipe(): void }, Slot>(
  bytes: BufferSource,
  slotOf: (kernel: Kernel) => Slot,
  more: (kernel: Kernel) => readonly Span[],
): Promise<readonly [Twin<Slot>, Twin<Slot>]> {
  const start = async () => (await WebAssembly.instantiate(bytes)).instance.exports as unknown as Kernel
  const wiped = wipedSpan(await start())
  const make = async (side: 0 | 1) => {
    const kernel = await start()
    return { slot: slotOf(kernel), fill: poison(kernel.memory, side, [wiped, ...more(kernel)]) }
  }
  return [await make(0), await make(1)]
}

export async function secp256k1Decoders(): Promise<Decoder[]> {
  const instances = await twinsOf(
    await readWasmFile('secp256k1'),
    (kernel: Secp256k1Exports) => secp256k1Slot(kernel, secureRandom),
    (kernel) => [[kernel.MESSAGE.value, kernel.MESSAGE.value + kernel.MESSAGE_BYTES.value]],
  )
  const secret = new Uint8Array(32).fill(5)
  const digest = new Uint8Array(32).fill(9)
  const signature = nobleSecp256k1.sign(digest, secret)
  const key = nobleSecp256k1.publicKey(secret)
  const short = Uint8Array.from([2 + (key[64]! & 1), ...key.subarray(1, 33)])
  const schnorr = nobleSecp256k1.schnorrSign(digest, secret, new Uint8Array(32))
  const xOnly = key.slice(1, 33)
  const stillWorks = () => {
    for (const { slot } of instances) {
      if (!slot.schnorrVerify(schnorr, digest, xOnly)) throw new Error('a good BIP-340 signature is refused')
      if (!slot.verify(signature.subarray(0, 64), digest, key)) throw new Error('a good signature is refused')
      if (slot.recover(signature, digest).some((byte, i) => byte !== key[i]))
        throw new Error('another key is recovered')
    }
  }
  /** r, s, or both replaced by a number at the edge of a range, or bytes changed. */
  const changedSignature = (next: Next, bytes: Uint8Array) => {
    const changed = next(2) ? mutated(bytes, next) : bytes.slice()
    if (next(3) === 0 && changed.length >= 64) changed.set(pick(numbers, next), 32 * next(2))
    return changed
  }
  return [
    decoder({
      name: 'secp256k1 verify',
      runs: MILLION,
      compared: 64,
      make: (next) => {
        const publicKey = pick([key, short], next)
        return {
          signature: changedSignature(next, signature.slice(0, 64)),
          digest: next(4) ? digest : mutated(digest, next),
          publicKey: next(2) ? publicKey : changedKey(publicKey, next),
          lowS: next(2) === 0,
        }
      },
      ...asking(instances, nobleSecp256k1, (slot, input: Secp256k1Input) =>
        slot.verify(input.signature, input.digest, input.publicKey, { lowS: input.lowS }),
      ),
      stillWorks,
    }),
    decoder({
      name: 'secp256k1 recover',
      runs: MILLION,
      compared: 64,
      make: (next) => ({
        signature: changedSignature(next, signature),
        digest: next(4) ? digest : mutated(digest, next),
      }),
      ...asking(instances, nobleSecp256k1, (slot, input: RecoverInput) => slot.recover(input.signature, input.digest)),
      stillWorks,
    }),
    decoder({
      name: 'BIP-340 verify',
      runs: MILLION,
      compared: 64,
      make: (next) => ({
        signature: changedSignature(next, schnorr),
        message: next(4) ? digest : randomBytes(next(200), next),
        publicKey: next(2) ? xOnly : next(4) ? mutated(xOnly, next) : pick(numbers, next),
      }),
      ...asking(instances, nobleSecp256k1, (slot, input: SchnorrInput) =>
        slot.schnorrVerify(input.signature, input.message, input.publicKey),
      ),
      stillWorks,
    }),
  ]
}

/** Off the curve mostly; x at the edge of the field; any first byte. */
function changedKey(key: Uint8Array, next: Next): Uint8Array {
  const changed = mutated(key, next)
  if (next(4) === 0 && changed.length >= 33) changed.set(pick(numbers, next), 1)
  if (next(4) === 0 && changed.length > 0) changed[0] = next(8)
  return changed
}

export async function ed25519Decoders(): Promise<Decoder[]> {
  const instances = await twinsOf(
    await readEd25519File(),
    (kernel: Ed25519Exports) => ed25519Slot(kernel),
    (kernel) => [[kernel.MESSAGE.value, kernel.MESSAGE.value + kernel.MESSAGE_BYTES.value]],
  )
  const secret = new Uint8Array(32).fill(6)
  const message = new Uint8Array(40).fill(1)
  const signature = nobleEd25519.sign(message, secret)
  const publicKey = nobleEd25519.publicKey(secret)
  const stillWorks = () => {
    for (const { slot } of instances) {
      for (const rule of ['rfc8032', 'zip215'] as const)
        if (!slot.verify(signature, message, publicKey, { rule })) throw new Error('a good signature is refused')
    }
  }
  return [
    decoder({
      name: 'ed25519 verify',
      runs: MILLION,
      compared: 64,
      make: (next) => ({
        signature: next(3) ? mutated(signature, next) : signature,
        message: next(3) ? message : randomBytes(next(200), next),
        publicKey: next(3) ? publicKey : mutated(publicKey, next),
        rule: pick(['rfc8032', 'zip215'] as const, next),
      }),
      ...asking(instances, nobleEd25519, (slot, input: Ed25519Input) =>
        slot.verify(input.signature, input.message, input.publicKey, { rule: input.rule }),
      ),
      stillWorks,
    }),
  ]
}
