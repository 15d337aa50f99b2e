import { bls12_381 } from '@noble/curves/bls12-381.js'
import { InvalidPoint } from '../errors.ts'
import type { Bls12381 } from '../slots.ts'

const DST = 'BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_'
const G1 = bls12_381.G1.Point
const G2 = bls12_381.G2.Point
type G1Point = InstanceType<typeof G1>

export const nobleBls: Bls12381 = {
  validatePublicKey(publicKey) {
    parsePublicKey('publicKey', publicKey)
  },
  aggregatePublicKeys(publicKeys) {
    const sum = sumOf('publicKeys', publicKeys)
    refuseIdentity('publicKeys', sum)
    return sum.toBytes(true)
  },
  fastAggregateVerify(publicKeys, message, signature) {
    if (publicKeys.length === 0) throw new InvalidPoint('publicKeys', 'expected at least one key')
    return check(sumOf('publicKeys', publicKeys), message, signature)
  },
  verifyWithoutAbsent(aggregate, absent, message, signature) {
    const present = parsePublicKey('aggregate', aggregate).subtract(sumOf('absent', absent))
    refuseIdentity('aggregate', present)
    return check(present, message, signature)
  },
  verify(publicKey, message, signature) {
    return check(parsePublicKey('publicKey', publicKey), message, signature)
  },
}

/** e(key, H(m)) = e(g1, signature), as one product of two pairings. */
function check(key: G1Point, message: Uint8Array, signature: Uint8Array): boolean {
  let point: InstanceType<typeof G2>
  try {
    if (signature.length !== 96) throw new Error(`expected 96 bytes, got ${signature.length}`)
    point = G2.fromBytes(signature)
    point.assertValidity()
  } catch (cause) {
    throw new InvalidPoint('signature', (cause as Error).message)
  }
  if (key.is0()) return false
  const hashed = bls12_381.G2.hashToCurve(message, { DST }) as InstanceType<typeof G2>
  if (point.is0()) return false
  const product = bls12_381.pairingBatch([
    { g1: key, g2: hashed },
    { g1: G1.BASE.negate(), g2: point },
  ])
  return bls12_381.fields.Fp12.eql(product, bls12_381.fields.Fp12.ONE)
}

function sumOf(argument: string, keys: readonly Uint8Array[]): G1Point {
  return keys.reduce((sum, key, i) => sum.add(parsePublicKey(`${argument}[${i}]`, key)), G1.ZERO)
}

function parsePublicKey(argument: string, bytes: Uint8Array): G1Point {
  let point: G1Point
  try {
    if (bytes.length !== 48) throw new Error(`expected 48 bytes, got ${bytes.length}`)
    point = G1.fromBytes(bytes)
    point.assertValidity() // on the curve and in the subgroup
  } catch (cause) {
    throw new InvalidPoint(argument, (cause as Error).message)
  }
  refuseIdentity(argument, point)
  return point
}

function refuseIdentity(argument: string, point: G1Point): void {
  if (point.is0()) throw new InvalidPoint(argument, 'the identity is not a key')
}
