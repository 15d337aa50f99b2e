import { InvalidArgument } from '../errors.ts'
import type { Secp256k1Module } from './secp256k1-module.ts'

/**
 * The signature as `Secp256k1.sign` computes it, before it is verified. On its own it is for benchmarks, which compare
 * it with libraries that do not verify; a test of the architecture keeps it out of everything else. A fault in the
 * computation could give the key away through a wrong signature.
 */
export function signUnverified(
  module: Secp256k1Module,
  digest: Uint8Array,
  secretKey: Uint8Array,
  extraEntropy?: Uint8Array,
): Uint8Array {
  return module.withSecret(secretKey, () => computeSignature(module, digest, extraEntropy))
}

/** The same inside `withSecret`, where the caller goes on to verify. */
export function computeSignature(module: Secp256k1Module, digest: Uint8Array, extraEntropy?: Uint8Array): Uint8Array {
  const { kernel, memory, at } = module
  memory.set(digest, at.digest)
  if (extraEntropy) memory.set(extraEntropy, at.extraEntropy)
  if (!kernel.sign(extraEntropy ? 32 : 0)) throw new InvalidArgument('secretKey', 'must be in 1..n-1')
  return module.read(at.signature, 65)
}
