/** The two ciphersuites of draft-irtf-cfrg-bbs-signatures-08 §7.2. @module */
import type { Bls12381Groups, G1Point } from '@glowworm/wasm-core'
import { type ExpandMessage, expandMessageXmd, expandMessageXof } from './expand-message.ts'

export type CiphersuiteName = 'BLS12-381-SHA-256' | 'BLS12-381-SHAKE-256'

export interface Ciphersuite {
  readonly id: string
  /** P1, compressed: a fixed point of G1 of which nobody knows the logarithm. */
  readonly p1: string
  readonly expandMessage: ExpandMessage
  /** hash_to_curve_g1. */
  hashToCurve(groups: Bls12381Groups, message: Uint8Array, dst: Uint8Array): G1Point
}

/** expand_len: bytes that are reduced to a scalar, or asked from the random source for one. */
export const EXPAND_LENGTH = 48

/** len_in_bytes of hash_to_field for two elements of the field. */
const UNIFORM_BYTES = 128

export const CIPHERSUITES: Readonly<Record<CiphersuiteName, Ciphersuite>> = {
  'BLS12-381-SHA-256': {
    id: 'BBS_BLS12381G1_XMD:SHA-256_SSWU_RO_',
    p1: 'a8ce256102840821a3e94ea9025e4662b205762f9776b3a766c872b948f1fd225e7c59698588e70d11406d161b4e28c9',
    expandMessage: expandMessageXmd,
    hashToCurve: (groups, message, dst) => groups.g1.hash(message, dst),
  },
  'BLS12-381-SHAKE-256': {
    id: 'BBS_BLS12381G1_XOF:SHAKE-256_SSWU_RO_',
    p1: '8929dfbc7e6642c4ed9cba0856e493f8b9d7d5fcb0c31ef8fdcd34d50648a56c795e106e9eada6e0bda386b414150755',
    expandMessage: expandMessageXof,
    hashToCurve: (groups, message, dst) => groups.g1.mapUniform(expandMessageXof([message], dst, UNIFORM_BYTES)),
  },
}
