import type { CommitteeSignature } from '@glowworm/wasm-core'
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { randomBytes } from './inputs.ts'

const DST = 'BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_'
export const SEATS = 512
export const UPDATES = 60

export interface BlsInputs {
  /** The domain separation tag of Ethereum's signatures. */
  readonly domain: string
  readonly message: Uint8Array
  /** Compressed keys, and their sum. */
  readonly committee: readonly Uint8Array[]
  readonly aggregate: Uint8Array
  /** Of the message, by the whole committee. */
  readonly signature: Uint8Array
  readonly updates: readonly CommitteeSignature[]
}

/** A committee with the secret keys 1, 2, 3 …, whose sum is known without adding. */
export function blsInputs(): BlsInputs {
  const message = randomBytes(32)
  const total = (BigInt(SEATS) * BigInt(SEATS + 1)) / 2n
  const aggregate = keyOf(total)
  return {
    domain: DST,
    message,
    committee: Array.from({ length: SEATS }, (_, i) => keyOf(BigInt(i + 1))),
    aggregate,
    signature: signatureOf(total, message),
    updates: Array.from({ length: UPDATES }, () => {
      const text = randomBytes(32)
      return { aggregate, absent: [], message: text, signature: signatureOf(total, text) }
    }),
  }
}

function keyOf(secret: bigint): Uint8Array {
  return bls12_381.G1.Point.BASE.multiply(secret).toBytes(true)
}

function signatureOf(secret: bigint, message: Uint8Array): Uint8Array {
  const point = bls12_381.G2.hashToCurve(message, { DST }) as InstanceType<typeof bls12_381.G2.Point>
  return point.multiply(secret).toBytes(true)
}
