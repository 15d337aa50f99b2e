import { bls12_381 } from '@noble/curves/bls12-381.js'
import { naming, verifyTogether } from '../bls12381-batch.ts'
import { checkSeats } from '../bls12381-committee.ts'
import { InvalidPoint } from '../errors.ts'
import { guardedBls12381 } from '../guarded.ts'
import { SealedContents } from '../sealed.ts'
import type { Bls12381, Committee, CommitteeSignature, ParsedKeys } from '../slots.ts'

const DST = 'BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_'
const G1 = bls12_381.G1.Point
const G2 = bls12_381.G2.Point
const { Fp12 } = bls12_381.fields
type G1Point = InstanceType<typeof G1>
type G2Point = InstanceType<typeof G2>

export const nobleBls: Bls12381 = guardedBls12381({
  validatePublicKey(publicKey) {
    parsePublicKey('publicKey', publicKey)
  },
  aggregatePublicKeys(publicKeys) {
    const sum = sumOf('publicKeys', publicKeys)
    refuseIdentity('publicKeys', sum)
    return sum.toBytes(true)
  },
  parsePublicKeys(publicKeys) {
    if (publicKeys.length === 0) throw new InvalidPoint('publicKeys', 'expected at least one key')
    const keys = publicKeys.map((key, i) => parsePublicKey(`publicKeys[${i}]`, key))
    return parsedKeys.seal(keys, { size: keys.length })
  },
  formCommittee(parsed) {
    const keys = parsedKeys.open('keys', parsed)
    const sum = keys.reduce((total, key) => total.add(key), G1.ZERO)
    refuseIdentity('keys', sum)
    return committees.seal({ keys, sum }, { size: keys.length })
  },
  aggregatePresent(committee, absent) {
    return presentIn(committee, absent).toBytes(true)
  },
  verifyPresent(committee, absent, message, signature) {
    return check(presentIn(committee, absent), message, signature)
  },
  fastAggregateVerify(publicKeys, message, signature) {
    if (!isList(publicKeys)) {
      const keys = parsedKeys.open('publicKeys', publicKeys)
      return check(
        keys.reduce((sum, key) => sum.add(key), G1.ZERO),
        message,
        signature,
      )
    }
    if (publicKeys.length === 0) throw new InvalidPoint('publicKeys', 'expected at least one key')
    return check(sumOf('publicKeys', publicKeys), message, signature)
  },
  verifyWithoutAbsent(aggregate, absent, message, signature) {
    return check(presentOf(aggregate, absent), message, signature)
  },
  verifyBatch(items, random) {
    return verifyTogether(nobleBls, items, random, (coefficients) => combinationHolds(items, coefficients))
  },
  verify(publicKey, message, signature) {
    return check(parsePublicKey('publicKey', publicKey), message, signature)
  },
})

const parsedKeys = new SealedContents<ParsedKeys, readonly G1Point[]>('parsed keys')
const committees = new SealedContents<Committee, { readonly keys: readonly G1Point[]; readonly sum: G1Point }>(
  'a committee',
)

function isList(publicKeys: readonly Uint8Array[] | ParsedKeys): publicKeys is readonly Uint8Array[] {
  return Array.isArray(publicKeys)
}

/** The key of a committee without the seats `absent`. */
function presentIn(committee: Committee, absent: readonly number[]): G1Point {
  const { keys, sum } = committees.open('committee', committee)
  checkSeats(absent, keys.length)
  const present = absent.reduce((rest, seat) => rest.subtract(keys[seat]!), sum)
  refuseIdentity('committee', present)
  return present
}

/** e(key, H(m)) = e(g1, signature), as one product of two pairings. */
function check(key: G1Point, message: Uint8Array, signature: Uint8Array): boolean {
  const point = parseSignature(signature)
  if (key.is0() || point.is0()) return false
  const product = bls12_381.pairingBatch([
    { g1: key, g2: hash(message) },
    { g1: G1.BASE.negate(), g2: point },
  ])
  return Fp12.eql(product, Fp12.ONE)
}

/** Pairs whose Miller loops noble runs together; they share the squarings. */
const WINDOW = 16

/** Does Π e(rᵢ·keyᵢ, H(messageᵢ)) = e(g1, Σ rᵢ·signatureᵢ)? All items are parsed, whatever the first ones come to. */
function combinationHolds(items: readonly CommitteeSignature[], coefficients: readonly Uint8Array[]): boolean {
  const pairs: { g1: G1Point; g2: G2Point }[] = []
  let product = Fp12.ONE
  let sum = G2.ZERO
  let signed = true
  for (const [i, { aggregate, absent, message, signature }] of items.entries()) {
    const [key, point] = naming(i, () => [presentOf(aggregate, absent), parseSignature(signature)] as const)
    if (point.is0()) signed = false
    if (!signed) continue
    const r = coefficients[i]!.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n)
    pairs.push({ g1: key.multiplyUnsafe(r), g2: hash(message) })
    sum = sum.add(point.multiplyUnsafe(r))
    if (pairs.length === WINDOW) product = Fp12.mul(product, bls12_381.pairingBatch(pairs.splice(0), false))
  }
  if (!signed) return false
  // Signatures that cancel leave e(g1, 0) = 1, for which noble takes no pair.
  if (!sum.is0()) pairs.push({ g1: G1.BASE.negate(), g2: sum })
  product = Fp12.mul(product, bls12_381.pairingBatch(pairs, false))
  return Fp12.eql(Fp12.finalExponentiate(product), Fp12.ONE)
}

function hash(message: Uint8Array): G2Point {
  return bls12_381.G2.hashToCurve(message, { DST }) as G2Point
}

function parseSignature(bytes: Uint8Array): G2Point {
  try {
    if (bytes.length !== 96) throw new Error(`expected 96 bytes, got ${bytes.length}`)
    const point = G2.fromBytes(bytes)
    point.assertValidity()
    return point
  } catch (cause) {
    throw new InvalidPoint('signature', (cause as Error).message)
  }
}

/** The key of those present. */
function presentOf(aggregate: Uint8Array, absent: readonly Uint8Array[]): G1Point {
  const present = parsePublicKey('aggregate', aggregate).subtract(sumOf('absent', absent))
  refuseIdentity('aggregate', present)
  return present
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
