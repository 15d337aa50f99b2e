import type { Engines } from '../slots.ts'
import { nobleBls } from './bls12381.ts'
import { nobleHashes } from './hashes.ts'
import { nobleMerkle } from './merkle.ts'
import { nobleSecp256k1 } from './secp256k1.ts'

/** The audited JavaScript implementations: the oracle of the tests and the fallback where WebAssembly is refused. */
export function nobleEngines(): Engines {
  return { kind: 'noble', hashes: nobleHashes, merkle: nobleMerkle, secp256k1: nobleSecp256k1, bls: nobleBls }
}
