import { InvalidArgument } from '../errors.ts'
import { checkSecp256k1Length } from '../secp256k1-arguments.ts'
import type { Random, Secp256k1 } from '../slots.ts'
import { type Secp256k1Exports, Secp256k1Module } from './secp256k1-module.ts'

/**
 * `Secp256k1.sign` without the verification that follows. For benchmarks only, which compare it with libraries that do
 * not verify; a test of the architecture keeps it out of everything else. A fault in the computation could give the key
 * away through a wrong signature.
 */
export async function unverifiedSigner(bytes: BufferSource, random: Random): Promise<Secp256k1['sign']> {
  const { instance } = await WebAssembly.instantiate(bytes)
  const module = new Secp256k1Module(instance.exports as unknown as Secp256k1Exports, random)
  return (digest, secretKey, extraEntropy) => {
    checkSecp256k1Length('digest', digest, 32)
    return module.withSecret(secretKey, () => computeSignature(module, digest, extraEntropy))
  }
}

/** The signature as `sign` computes it before it is verified; inside `withSecret`. */
export function computeSignature(module: Secp256k1Module, digest: Uint8Array, extraEntropy?: Uint8Array): Uint8Array {
  const { kernel, memory, at } = module
  memory.set(digest, at.digest)
  if (extraEntropy) memory.set(extraEntropy, at.extraEntropy)
  if (!kernel.sign(extraEntropy ? 32 : 0)) throw new InvalidArgument('secretKey', 'must be in 1..n-1')
  return module.read(at.signature, 65)
}
