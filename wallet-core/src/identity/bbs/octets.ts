/** Reading keys, signatures and proofs, strictly: octets_to_… of draft-irtf-cfrg-bbs-signatures-08 §4.2.4. @module */
import type { Bls12381Groups, G1Point, G2Point } from '@glowworm/wasm-core'
import { InvalidPoint } from '@glowworm/wasm-core/errors'
import { hexToBytes } from '@noble/hashes/utils.js'
import { InvalidBbs } from './errors.ts'
import { MOST_MESSAGES } from './scheme.ts'

export const POINT_BYTES = 48
export const SCALAR_BYTES = 32
export const PUBLIC_KEY_BYTES = 96
export const SIGNATURE_BYTES = POINT_BYTES + SCALAR_BYTES
/** A proof that hides no message: three points, e^, r1^, r3^ and the challenge. */
export const LEAST_PROOF_BYTES = 3 * POINT_BYTES + 4 * SCALAR_BYTES

/** r, the order of the groups. */
const ORDER = hexToBytes('73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001')

export interface Signature {
  readonly A: G1Point
  /** Secret: it tells presentations of one signature apart. */
  readonly e: Uint8Array
}

export interface Proof {
  readonly Abar: G1Point
  readonly Bbar: G1Point
  readonly D: G1Point
  /** Abar ‖ Bbar ‖ D as they came. */
  readonly points: Uint8Array
  readonly eHat: Uint8Array
  readonly r1Hat: Uint8Array
  readonly r3Hat: Uint8Array
  /** m^_j, one for each hidden message. */
  readonly commitments: readonly Uint8Array[]
  readonly challenge: Uint8Array
}

export function octetsToPubkey({ g2 }: Bls12381Groups, octets: Uint8Array): G2Point {
  checkLength('publicKey', octets, PUBLIC_KEY_BYTES)
  const W = decoded('publicKey', () => g2.decode(octets))
  if (g2.isIdentity(W)) throw new InvalidBbs('publicKey', 'the identity is no key')
  return W
}

export function octetsToSignature({ g1 }: Bls12381Groups, octets: Uint8Array): Signature {
  checkLength('signature', octets, SIGNATURE_BYTES)
  return {
    A: properPoint(g1, 'signature', octets.subarray(0, POINT_BYTES)),
    e: properScalar('signature', octets.slice(POINT_BYTES)),
  }
}

export function octetsToProof({ g1 }: Bls12381Groups, octets: Uint8Array): Proof {
  const hidden = (octets.length - LEAST_PROOF_BYTES) / SCALAR_BYTES
  if (!Number.isInteger(hidden) || hidden < 0 || hidden > MOST_MESSAGES) {
    const expected = `${LEAST_PROOF_BYTES} bytes and ${SCALAR_BYTES} for each of up to ${MOST_MESSAGES} hidden messages`
    throw new InvalidBbs('proof', `expected ${expected}, got ${octets.length}`)
  }
  const points = octets.slice(0, 3 * POINT_BYTES)
  const [Abar, Bbar, D] = [0, 1, 2].map((i) =>
    properPoint(g1, 'proof', points.subarray(POINT_BYTES * i, POINT_BYTES * (i + 1))),
  )
  const scalars = Array.from({ length: 4 + hidden }, (_, i) => {
    const at = 3 * POINT_BYTES + SCALAR_BYTES * i
    return properScalar('proof', octets.slice(at, at + SCALAR_BYTES))
  })
  const [eHat, r1Hat, r3Hat] = scalars
  return {
    Abar: Abar!,
    Bbar: Bbar!,
    D: D!,
    points,
    eHat: eHat!,
    r1Hat: r1Hat!,
    r3Hat: r3Hat!,
    commitments: scalars.slice(3, -1),
    challenge: scalars.at(-1)!,
  }
}

export function checkLength(argument: string, octets: Uint8Array, length: number): void {
  if (octets.length !== length) throw new InvalidBbs(argument, `expected ${length} bytes, got ${octets.length}`)
}

function properPoint(g1: Bls12381Groups['g1'], argument: string, octets: Uint8Array): G1Point {
  const point = decoded(argument, () => g1.decode(octets))
  if (g1.isIdentity(point)) throw new InvalidBbs(argument, 'the identity may not stand in it')
  return point
}

function properScalar(argument: string, octets: Uint8Array): Uint8Array {
  if (octets.every((byte) => byte === 0) || !isBelow(octets, ORDER)) {
    throw new InvalidBbs(argument, 'a number in it is zero or not below the group order')
  }
  return octets
}

function isBelow(a: Uint8Array, b: Uint8Array): boolean {
  const differs = a.findIndex((byte, i) => byte !== b[i])
  return differs !== -1 && a[differs]! < b[differs]!
}

function decoded<Point>(argument: string, decode: () => Point): Point {
  try {
    return decode()
  } catch (error) {
    if (error instanceof InvalidPoint) throw new InvalidBbs(argument, error.reason, error)
    throw error
  }
}
