import type { Decoder } from './decoder.ts'
import { merkleDecoders } from './merkle.ts'
import { pointDecoders } from './points.ts'
import { ed25519Decoders, secp256k1Decoders } from './signatures.ts'

/** Whatever takes bytes from strangers. */
export async function allDecoders(): Promise<Decoder[]> {
  const groups = await Promise.all([pointDecoders(), secp256k1Decoders(), ed25519Decoders(), merkleDecoders()])
  return groups.flat()
}
