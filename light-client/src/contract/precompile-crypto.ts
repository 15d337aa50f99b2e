/** Cryptography that the EVM needs, from our engines where they have it. @module */
import type { CustomCrypto } from '@ethereumjs/common'
import type { Engines } from '@glowworm/wasm-core'
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { fromHex } from '../data/hex.ts'

export function precompileCrypto({ hashes, secp256k1 }: Engines): CustomCrypto {
  return {
    keccak256: hashes.keccak256,
    sha256: hashes.sha256,
    ecrecover(digest, v, r, s) {
      const signature = new Uint8Array(65)
      signature.set(r, 32 - r.length)
      signature.set(s, 64 - s.length)
      signature[64] = Number(v) - 27
      return secp256k1.recover(signature, digest).subarray(1)
    },
    kzg: {
      verifyProof: verifyKzgProof,
      blobToKzgCommitment: notInTheEvm,
      computeBlobProof: notInTheEvm,
      verifyBlobProofBatch: notInTheEvm,
      computeCells: notInTheEvm,
      computeCellsAndProofs: notInTheEvm,
      recoverCellsAndProofs: notInTheEvm,
      verifyCellKzgProofBatch: notInTheEvm,
    },
  }
}

const { G1, G2, fields, pairingBatch } = bls12_381

/** τ·G2 of the KZG ceremony (consensus-specs, trusted_setup_4096.json, `g2_monomial[1]`). */
const TAU_G2 =
  'b5bfd7dd8cdeb128843bc287230af38926187075cbfbefa81009a2ce615ac53d2914e5870cb452d2afaaab24f3499f72' +
  '185cbfee53492714734429b7b38608e23926c911cceceac9a36851477ba4c60b087041de621000edc98edada20c1def2'

/**
 * `verify_kzg_proof` of EIP-4844's point evaluation: the committed polynomial has the value `y` at `z`,
 * e(commitment − y·G1, −G2) · e(proof, (τ − z)·G2) = 1. All arguments are hex.
 * @throws {Error} whose message names C_KZG_BADARGS, as the EVM's precompile expects it, for malformed arguments
 */
export function verifyKzgProof(commitment: string, z: string, y: string, proof: string): boolean {
  const at = scalar(z)
  const value = scalar(y)
  const claimed = G1.Point.BASE.multiplyUnsafe(value)
  const left = point(commitment).subtract(claimed)
  const right = G2.Point.fromHex(TAU_G2).subtract(G2.Point.BASE.multiplyUnsafe(at))
  const pairs = [
    { g1: left, g2: G2.Point.BASE.negate() },
    { g1: point(proof), g2: right },
  ].filter(({ g1, g2 }) => !g1.is0() && !g2.is0()) // the pairing with the point at infinity is one
  return pairs.length === 0 || fields.Fp12.eql(pairingBatch(pairs), fields.Fp12.ONE)
}

function scalar(hex: string): bigint {
  const value = BigInt(hex)
  if (value >= fields.Fr.ORDER) throw new Error('C_KZG_BADARGS: a field element is not canonical')
  return value
}

function point(hex: string): InstanceType<typeof G1.Point> {
  try {
    const decoded = G1.Point.fromBytes(fromHex(hex, 'point', 48))
    if (!decoded.is0()) decoded.assertValidity()
    return decoded
  } catch {
    throw new Error('C_KZG_BADARGS: not a point of the subgroup')
  }
}

function notInTheEvm(): never {
  throw new Error('the EVM evaluates KZG proofs and does nothing else with blobs')
}
