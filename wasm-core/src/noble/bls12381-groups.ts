import { bls12_381 } from '@noble/curves/bls12-381.js'
import {
  checkDomain,
  checkLength,
  checkSameCount,
  checkScalarLengths,
  checkWide,
  isZero,
  refuseUnreduced,
  refuseZero,
  SCALAR_BYTES,
  UNIFORM_BYTES,
} from '../bls12381-groups-arguments.ts'
import { InvalidPoint } from '../errors.ts'
import { guardedBls12381Groups } from '../guarded.ts'
import { SealedContents } from '../sealed.ts'
import type { Bls12381Groups, G1Point, G2Point } from '../slots.ts'

const G1 = bls12_381.G1.Point
const G2 = bls12_381.G2.Point
const { Fp, Fr, Fp12 } = bls12_381.fields
type NobleG1 = InstanceType<typeof G1>
type NobleG2 = InstanceType<typeof G2>

/** For G1, noble takes one number and gives a point in the subgroup; its types tell of G2. */
const mapToG1 = bls12_381.G1.mapToCurve as unknown as (element: bigint) => NobleG1

const pointsOfG1 = new SealedContents<G1Point, NobleG1>('a point of G1')
const pointsOfG2 = new SealedContents<G2Point, NobleG2>('a point of G2')

/** BigInt throughout: the same answers, but nothing here is constant-time, and secrets cannot be wiped. */
export const nobleBls12381Groups: Bls12381Groups = guardedBls12381Groups({
  g1: {
    generator: pointsOfG1.seal(G1.BASE),
    decode: (encoded) => pointsOfG1.seal(decodeWith(encoded, 48, (bytes) => G1.fromBytes(bytes))),
    encode: (point) => encodeTo(48, pointsOfG1.open('point', point)),
    isIdentity: (point) => pointsOfG1.open('point', point).is0(),
    negate: (point) => pointsOfG1.seal(pointsOfG1.open('point', point).negate()),
    sum: (points) => pointsOfG1.seal(openAll(points).reduce((sum, point) => sum.add(point), G1.ZERO)),
    secretSumOfMultiples: sumOfMultiples,
    sumOfMultiples,
    hash(message, domain) {
      checkDomain(domain)
      return pointsOfG1.seal(bls12_381.G1.hashToCurve(message, { DST: domain }) as NobleG1)
    },
    mapUniform(uniform) {
      checkLength('uniform', uniform, UNIFORM_BYTES)
      const [first, second] = [uniform.subarray(0, 64), uniform.subarray(64)].map((half) =>
        mapToG1(Fp.create(numberOf(half))),
      )
      return pointsOfG1.seal(first!.add(second!))
    },
  },
  g2: {
    generator: pointsOfG2.seal(G2.BASE),
    decode: (encoded) => pointsOfG2.seal(decodeWith(encoded, 96, (bytes) => G2.fromBytes(bytes))),
    encode: (point) => encodeTo(96, pointsOfG2.open('point', point)),
    isIdentity: (point) => pointsOfG2.open('point', point).is0(),
    secretMultipleOfGenerator(scalar) {
      checkLength('scalar', scalar, SCALAR_BYTES)
      const value = scalarOf('scalar', scalar)
      if (value === 0n) refuseZero('scalar')
      return pointsOfG2.seal(G2.BASE.multiply(value))
    },
    hash(message, domain) {
      checkDomain(domain)
      return pointsOfG2.seal(bls12_381.G2.hashToCurve(message, { DST: domain }) as NobleG2)
    },
  },
  scalars: {
    add: (a, b) => bytesOf(Fr.add(...scalarsOf({ a, b }))),
    multiply: (a, b) => bytesOf(Fr.mul(...scalarsOf({ a, b }))),
    negate(a) {
      checkLength('a', a, SCALAR_BYTES)
      return bytesOf(Fr.neg(scalarOf('a', a)))
    },
    invert(a) {
      checkLength('a', a, SCALAR_BYTES)
      if (isZero(a)) refuseZero('a')
      return bytesOf(Fr.inv(scalarOf('a', a)))
    },
    reduce(wide) {
      checkWide(wide)
      return bytesOf(Fr.create(numberOf(wide)))
    },
  },
  pairingProductIsOne(pairs) {
    const opened = pairs.map((pair, i) => ({
      g1: pointsOfG1.open(`pairs[${i}].g1`, pair.g1),
      g2: pointsOfG2.open(`pairs[${i}].g2`, pair.g2),
    }))
    const proper = opened.filter(({ g1, g2 }) => !g1.is0() && !g2.is0()) // noble pairs no identity
    return Fp12.eql(bls12_381.pairingBatch(proper), Fp12.ONE)
  },
})

function sumOfMultiples(points: readonly G1Point[], scalars: readonly Uint8Array[]): G1Point {
  checkSameCount(points, scalars)
  const opened = openAll(points)
  checkScalarLengths('scalars', scalars)
  const values = scalars.map((scalar, i) => scalarOf(`scalars[${i}]`, scalar))
  return pointsOfG1.seal(opened.reduce((sum, point, i) => sum.add(point.multiplyUnsafe(values[i]!)), G1.ZERO))
}

function openAll(points: readonly G1Point[]): NobleG1[] {
  return points.map((point, i) => pointsOfG1.open(`points[${i}]`, point))
}

function decodeWith<Point extends { assertValidity(): void; is0(): boolean }>(
  encoded: Uint8Array,
  length: number,
  parse: (bytes: Uint8Array) => Point,
): Point {
  try {
    if (encoded.length !== length) throw new Error(`expected ${length} bytes, got ${encoded.length}`)
    const point = parse(encoded)
    if (!point.is0()) point.assertValidity() // on the curve and in the subgroup
    return point
  } catch (cause) {
    throw new InvalidPoint('encoded', (cause as Error).message)
  }
}

/** noble does not encode the identity. */
function encodeTo(length: number, point: NobleG1 | NobleG2): Uint8Array {
  return point.is0() ? new Uint8Array(length).with(0, 0xc0) : point.toBytes(true)
}

function numberOf(bytes: Uint8Array): bigint {
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n)
}

function scalarOf(argument: string, bytes: Uint8Array): bigint {
  const value = numberOf(bytes)
  if (value >= Fr.ORDER) refuseUnreduced(argument)
  return value
}

function scalarsOf({ a, b }: { a: Uint8Array; b: Uint8Array }): [bigint, bigint] {
  checkLength('a', a, SCALAR_BYTES)
  checkLength('b', b, SCALAR_BYTES)
  return [scalarOf('a', a), scalarOf('b', b)]
}

function bytesOf(value: bigint): Uint8Array {
  return Fr.toBytes(value)
}
