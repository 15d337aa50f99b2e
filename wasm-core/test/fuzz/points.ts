import { bls12_381 } from '@noble/curves/bls12-381.js'
import { readWasmFile } from '../../src/infrastructure/wasm-files.ts'
import { nobleEngines } from '../../src/noble/engines.ts'
import { wasmBls } from '../../src/wasm/bls12381.ts'
import { instantiateBls } from '../../src/wasm/bls12381-module.ts'
import { sign, strangersG1, strangersG2 } from '../bls12381.ts'
import { type Decoder, decoder } from './decoder.ts'
import { mutated, type Next, pick, randomBytes } from './random-input.ts'
import { asking, poison } from './twins.ts'

const MILLION = 1_000_000
const message = new Uint8Array(32).fill(7)
const keys = [3n, 5n, 1234567n].map((secret) => bls12_381.G1.Point.BASE.multiply(secret).toBytes(true))
const signatures = [3n, 5n].map((secret) => sign(secret, message))
const identity = (length: number) => new Uint8Array(length).fill(0xc0, 0, 1)
const noble = nobleEngines().bls

/** Points of BLS12-381. A changed x is on the curve half of the time and then hardly ever in the subgroup. */
export async function pointDecoders(): Promise<Decoder[]> {
  const bytes = await readWasmFile('bls12381')
  const make = async (side: 0 | 1) => {
    const module = await instantiateBls(bytes)
    const { kernel, input, inputBytes, output } = module
    const spans = [
      [input, input + inputBytes],
      [output, output + 576],
    ] as const
    return { slot: wasmBls(module), fill: poison(kernel.memory, side, spans) }
  }
  const instances = [await make(0), await make(1)] as const
  const stillWorks = () => {
    for (const { slot: bls } of instances) {
      if (!bls.verify(keys[0]!, message, signatures[0]!)) throw new Error('a good signature is refused')
      if (bls.verify(keys[1]!, message, signatures[0]!)) throw new Error('the signature of another is accepted')
    }
  }
  const g1 = [...keys, ...keys, ...strangersG1(), identity(48)]
  const g2 = [...signatures, ...signatures, ...strangersG2(), identity(96)]
  return [
    decoder({
      name: 'G1 decompression',
      runs: MILLION,
      compared: 64,
      make: (next) => mutated(pick(g1, next), next),
      ...asking(instances, noble, (bls, key: Uint8Array) => bls.validatePublicKey(key)),
      stillWorks,
    }),
    decoder({
      name: 'G2 decompression',
      runs: MILLION,
      compared: 64,
      make: (next) => mutated(pick(g2, next), next),
      ...asking(instances, noble, (bls, signature: Uint8Array) => bls.verify(keys[0]!, message, signature)),
      stillWorks,
    }),
    decoder({
      name: 'BLS verification with pairing',
      runs: 20_000,
      compared: 64,
      make: signedInput,
      ...asking(instances, noble, (bls, { key, text, signature }: Signed) => bls.verify(key, text, signature)),
      stillWorks,
    }),
  ]
}

interface Signed {
  readonly key: Uint8Array
  readonly text: Uint8Array
  readonly signature: Uint8Array
}

/** Points that are good, so that it comes to the pairing; the message changed, or of any length, or the signer another. */
function signedInput(next: Next): Signed {
  const changed = next(8)
  const text = changed < 3 ? mutated(message, next) : changed < 5 ? randomBytes(next(300), next) : message
  const signature = pick(signatures, next).slice()
  if (next(8) === 0) signature[0]! ^= 0x20 // the negative
  return { key: pick(keys, next), text, signature }
}
