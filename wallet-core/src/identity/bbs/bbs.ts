/**
 * BBS signatures (draft-irtf-cfrg-bbs-signatures-08): one signature over many messages, from which its holder derives
 * proofs that disclose some messages and cannot be linked with each other.
 *
 * Secret keys, hidden messages and all that blinds a proof are computed with in constant time where the groups are the
 * WASM ones, and overwritten afterwards. Nothing here is loaded before a credential needs it.
 * @module
 */
import type { Bls12381Groups, Random } from '@glowworm/wasm-core'
import type { CiphersuiteName } from './ciphersuite.ts'
import { type Disclosed, proofGen, proofVerify, type ToDisclose } from './proof.ts'
import { createScheme } from './scheme.ts'
import { type KeyMaterial, keyGen, sign, skToPk, type ToSign, type ToVerify, verify } from './signature.ts'

export interface Bbs {
  /** A secret key, 32 bytes. @throws {InvalidBbs} */
  keyGen(material: KeyMaterial): Uint8Array
  /** The public key, 96 bytes. @throws {InvalidArgument} of wasm-core: not a secret key. */
  skToPk(secretKey: Uint8Array): Uint8Array
  /** 80 bytes. @throws {InvalidBbs | BbsSignatureFault} */
  sign(given: ToSign): Uint8Array
  /** @throws {InvalidBbs} for what is no key or signature. */
  verify(given: ToVerify): boolean
  /** 272 bytes and 32 for each hidden message. @throws {InvalidBbs} */
  proofGen(given: ToDisclose): Uint8Array
  /** @throws {InvalidBbs} for what is no key or proof. */
  proofVerify(given: Disclosed): boolean
}

export function createBbs(groups: Bls12381Groups, ciphersuite: CiphersuiteName, random: Random): Bbs {
  const scheme = createScheme(groups, ciphersuite)
  return {
    keyGen: (material) => keyGen(scheme, material),
    skToPk: (secretKey) => skToPk(scheme, secretKey),
    sign: (given) => sign(scheme, given),
    verify: (given) => verify(scheme, given),
    proofGen: (given) => proofGen(scheme, random, given),
    proofVerify: (given) => proofVerify(scheme, given),
  }
}
