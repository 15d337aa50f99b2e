/** The groups of BLS12-381, on both engines and against each other. */
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { describe, expect, test, vi } from 'vitest'
import { edges, generator, mutate, strangersG1, strangersG2 } from '../test/bls12381.ts'
import { fromHex, toHex } from '../test/vectors.ts'
import { InvalidArgument, InvalidPoint, MissingArtefact } from './errors.ts'
import { loadBls12381Groups } from './load-bls12381-groups.ts'
import { nobleBls12381Groups } from './noble/bls12381-groups.ts'
import type { Bls12381Groups, G1Point, G2Point } from './slots.ts'

const wasm = await loadBls12381Groups()
const noble = nobleBls12381Groups
const engines: [string, Bls12381Groups][] = [
  ['wasm', wasm],
  ['noble', noble],
]

const R = bls12_381.fields.Fr.ORDER
const X_SQUARED = 0xd201000000010000n ** 2n
const text = (value: string) => new TextEncoder().encode(value)
const DOMAIN = text('glowworm tests')
const IDENTITY_G1 = `c0${'00'.repeat(47)}`
const IDENTITY_G2 = `c0${'00'.repeat(95)}`
const scalar = (value: bigint) => fromHex(value.toString(16).padStart(64, '0'))
/** Where halves, digits and carries change. */
const EDGES = [
  ...[0n, 1n, 2n, 7n, 8n, 9n, 15n, 16n, 17n, 0x88n, R - 1n, R - 2n, R - 8n, R >> 1n, (R >> 1n) + 1n, 1n << 254n],
  ...[-1n, 0n, 1n].flatMap((d) => [
    X_SQUARED + d,
    2n * X_SQUARED + d,
    (X_SQUARED - 1n) * X_SQUARED + d,
    (1n << 128n) + d,
  ]),
  ...[0x8888888888888888888888888888888888888888888888888888888888888888n, (7n << 252n) - 1n],
].map((k) => scalar(k % R))

const random = generator(41)
const randomBytes = (length: number) => Uint8Array.from({ length }, () => Math.floor(random() * 256))
const randomScalar = () => noble.scalars.reduce(randomBytes(64))

/** Points by how they come about, as compressed bytes. */
const g = bls12_381.G1.Point.BASE
const P = [1n, 2n, 3n, 5n, R - 1n, 12345678901234567890n].map((k) => g.multiply(k).toBytes(true))
const [ONE, TWO, THREE, FIVE, MINUS_ONE, OTHER] = P as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
  Uint8Array,
  Uint8Array,
  Uint8Array,
]

describe.each(engines)('%s', (name, groups) => {
  const { g1, g2, scalars } = groups
  const point = (bytes: Uint8Array) => g1.decode(bytes)
  const shown = (p: G1Point) => toHex(g1.encode(p))

  test('decoding gives back what was encoded, and the generators', () => {
    for (const bytes of P) expect(shown(point(bytes))).toBe(toHex(bytes))
    expect(shown(g1.generator)).toBe(toHex(ONE))
    expect(shown(point(fromHex(IDENTITY_G1)))).toBe(IDENTITY_G1)
    expect(toHex(g2.encode(g2.generator))).toBe(toHex(bls12_381.G2.Point.BASE.toBytes(true)))
    expect(toHex(g2.encode(g2.decode(fromHex(IDENTITY_G2))))).toBe(IDENTITY_G2)
  })

  test('only the identity is the identity', () => {
    expect(g1.isIdentity(point(fromHex(IDENTITY_G1)))).toBe(true)
    expect(g1.isIdentity(g1.sum([]))).toBe(true)
    expect(g1.isIdentity(g1.generator)).toBe(false)
    expect(g2.isIdentity(g2.decode(fromHex(IDENTITY_G2)))).toBe(true)
    expect(g2.isIdentity(g2.generator)).toBe(false)
  })

  test('sums: doubling, negatives, repeated points, the identity', () => {
    const [one, two, minus] = [point(ONE), point(TWO), point(MINUS_ONE)]
    const zero = g1.sum([])
    expect(shown(g1.sum([one, one]))).toBe(toHex(TWO))
    expect(shown(g1.sum([one, two]))).toBe(toHex(THREE))
    expect(shown(g1.sum([one, minus]))).toBe(IDENTITY_G1)
    expect(shown(g1.sum([zero, zero]))).toBe(IDENTITY_G1)
    expect(shown(g1.sum([zero, two, zero]))).toBe(toHex(TWO))
    expect(shown(g1.sum([two, one, two, minus, one]))).toBe(toHex(FIVE))
    expect(shown(g1.sum(Array(40).fill(one)))).toBe(toHex(g.multiply(40n).toBytes(true)))
    expect(shown(g1.negate(one))).toBe(toHex(MINUS_ONE))
    expect(shown(g1.negate(g1.negate(two)))).toBe(toHex(TWO))
    expect(shown(g1.negate(zero))).toBe(IDENTITY_G1)
    expect(shown(g1.sum([g1.negate(zero), one]))).toBe(toHex(ONE))
  })

  describe.each(['secretSumOfMultiples', 'sumOfMultiples'] as const)('%s', (method) => {
    test('of one point, at the edges of the scalars', () => {
      for (const k of EDGES) {
        const expected = g.multiplyUnsafe(BigInt(`0x${toHex(k)}`))
        const encoded = expected.is0() ? IDENTITY_G1 : toHex(expected.toBytes(true))
        expect(shown(g1[method]([g1.generator], [k])), toHex(k)).toBe(encoded)
      }
    })

    test('of repeated points, negatives, the identity, and none', () => {
      const [one, two, minus, zero] = [point(ONE), point(TWO), point(MINUS_ONE), g1.sum([])]
      const [k, m] = [scalar(3n), scalar(R - 3n)]
      expect(shown(g1[method]([], []))).toBe(IDENTITY_G1)
      expect(shown(g1[method]([zero], [k]))).toBe(IDENTITY_G1)
      expect(shown(g1[method]([one, one], [k, m]))).toBe(IDENTITY_G1)
      expect(shown(g1[method]([one, minus], [k, k]))).toBe(IDENTITY_G1)
      expect(shown(g1[method]([one, zero, two], [scalar(1n), k, scalar(1n)]))).toBe(toHex(THREE))
      expect(shown(g1[method]([two, two, minus], [scalar(1n), scalar(2n), scalar(1n)]))).toBe(toHex(FIVE))
    })

    const counts = name === 'wasm' ? [2, 15, 16, 17, 63, 64, 81] : [2, 9] // chunks of sixteen, buckets from 64 on
    test.each(counts)('of %i points, against noble one by one', (count) => {
      const factors = Array.from({ length: count }, (_, i) => BigInt(i) ** 5n + 2n)
      const ks = factors.map((_, i) => (i % 7 === 3 ? EDGES[i % EDGES.length]! : randomScalar()))
      const total = factors.reduce((sum, factor, i) => (sum + factor * BigInt(`0x${toHex(ks[i]!)}`)) % R, 0n)
      const points = factors.map((factor) => g1.sumOfMultiples([g1.generator], [scalar(factor)]))
      expect(shown(g1[method](points, ks))).toBe(toHex(g.multiplyUnsafe(total).toBytes(true)))
    })

    test('refuses scalars of r and more, wrong lengths and counts, naming them', () => {
      const good = scalar(1n)
      const call =
        (ks: Uint8Array[], count = ks.length) =>
        () =>
          g1[method](Array(count).fill(g1.generator), ks)
      for (const bad of [R, R + 1n, (1n << 256n) - 1n]) {
        expect(argumentOf(call([good, scalar(bad)]))).toBe('scalars[1]')
        expect(argumentOf(call([...Array(20).fill(good), scalar(bad)]))).toBe('scalars[20]')
      }
      expect(argumentOf(call([good, good.subarray(1)]))).toBe('scalars[1]')
      expect(argumentOf(call([good], 2))).toBe('scalars')
      expect(shown(g1[method]([g1.generator], [good]))).toBe(toHex(ONE))
    })
  })

  test('public keys in G2', () => {
    for (const k of [1n, 2n, 8n, 9n, 0x88888n, R - 1n, R >> 1n, (8n << 248n) - 1n]) {
      const expected = bls12_381.G2.Point.BASE.multiply(k).toBytes(true)
      expect(toHex(g2.encode(g2.secretMultipleOfGenerator(scalar(k)))), String(k)).toBe(toHex(expected))
    }
    for (const bad of [0n, R, (1n << 256n) - 1n]) {
      expect(argumentOf(() => g2.secretMultipleOfGenerator(scalar(bad)))).toBe('scalar')
    }
    expect(argumentOf(() => g2.secretMultipleOfGenerator(new Uint8Array(31)))).toBe('scalar')
  })

  test('scalars, against BigInt', () => {
    const value = (bytes: Uint8Array) => BigInt(`0x${toHex(bytes)}`)
    const samples = [...EDGES, ...Array.from({ length: 10 }, randomScalar)]
    for (const a of samples) {
      for (const b of samples) {
        expect(value(scalars.add(a, b))).toBe((value(a) + value(b)) % R)
        expect(value(scalars.multiply(a, b))).toBe((value(a) * value(b)) % R)
      }
      expect(value(scalars.negate(a))).toBe((R - value(a)) % R)
      if (value(a) !== 0n) expect((value(scalars.invert(a)) * value(a)) % R).toBe(1n)
    }
    for (let length = 1; length <= 64; length += 9) {
      for (const wide of [randomBytes(length), new Uint8Array(length).fill(255), new Uint8Array(length)]) {
        expect(value(scalars.reduce(wide))).toBe(value(wide) % R)
      }
    }
  })

  test('scalars that are not: named and refused', () => {
    const [one, r] = [scalar(1n), scalar(R)]
    expect(argumentOf(() => scalars.add(r, one))).toBe('a')
    expect(argumentOf(() => scalars.multiply(one, r))).toBe('b')
    expect(argumentOf(() => scalars.negate(r))).toBe('a')
    expect(argumentOf(() => scalars.invert(r))).toBe('a')
    expect(argumentOf(() => scalars.invert(scalar(0n)))).toBe('a')
    expect(argumentOf(() => scalars.add(one, one.subarray(1)))).toBe('b')
    expect(argumentOf(() => scalars.reduce(new Uint8Array(0)))).toBe('wide')
    expect(argumentOf(() => scalars.reduce(new Uint8Array(65)))).toBe('wide')
  })

  test('domains and uniform bytes of a wrong length are refused', () => {
    for (const bad of [new Uint8Array(0), new Uint8Array(256)]) {
      expect(argumentOf(() => g1.hash(DOMAIN, bad))).toBe('domain')
      expect(argumentOf(() => g2.hash(DOMAIN, bad))).toBe('domain')
    }
    expect(argumentOf(() => g1.mapUniform(new Uint8Array(127)))).toBe('uniform')
  })

  test('points off the curve, out of the subgroup, with wrong flags or coordinates are refused', () => {
    for (const bytes of strangersG1()) expect(() => g1.decode(bytes)).toThrow(InvalidPoint)
    for (const bytes of strangersG2()) expect(() => g2.decode(bytes)).toThrow(InvalidPoint)
    for (const garbage of [
      `e0${'00'.repeat(47)}`,
      `c0${'00'.repeat(46)}01`,
      `c1${'00'.repeat(47)}`,
      `40${'00'.repeat(47)}`,
    ]) {
      expect(() => g1.decode(fromHex(garbage)), garbage).toThrow(InvalidPoint)
      expect(() => g2.decode(fromHex(garbage + '00'.repeat(48))), garbage).toThrow(InvalidPoint)
    }
    expect(argumentOf(() => g1.decode(ONE.subarray(1)))).toBe('encoded')
    expect(argumentOf(() => g2.decode(ONE))).toBe('encoded')
    expect(shown(g1.generator)).toBe(toHex(ONE)) // the instance stays usable
  })

  test('products of pairings: bilinear, without identities, any number', () => {
    const [a, b] = [6n, 35n]
    const aP = point(g.multiply(a).toBytes(true))
    const abP = g1.negate(point(g.multiply(a * b).toBytes(true)))
    const bQ = g2.secretMultipleOfGenerator(scalar(b))
    const identities = { g1: g1.sum([]), g2: g2.decode(fromHex(IDENTITY_G2)) }
    const pair = { g1: aP, g2: bQ }
    const inverse = { g1: abP, g2: g2.generator }
    const holds = groups.pairingProductIsOne
    expect(holds([])).toBe(true)
    expect(holds([pair, inverse])).toBe(true)
    expect(holds([pair])).toBe(false)
    expect(holds([pair, pair])).toBe(false)
    expect(holds([{ g1: identities.g1, g2: bQ }, { g1: aP, g2: identities.g2 }, identities])).toBe(true)
    expect(holds([pair, identities, inverse, { g1: aP, g2: identities.g2 }])).toBe(true)
    expect(holds([identities, pair, { g1: identities.g1, g2: bQ }])).toBe(false)
    if (name === 'noble') return
    const many = Array.from({ length: 19 }, () => [pair, inverse]).flat() // windows of sixteen
    expect(holds(many)).toBe(true)
    expect(holds(many.slice(1))).toBe(false)
  })

  test('what another engine or nobody made is refused', () => {
    const [, strange] = engines.find(([other]) => other !== name)!
    const foreign = strange.g1.generator
    const forged = {} as G1Point
    for (const bad of [foreign, forged, null as unknown as G1Point, 7 as unknown as G1Point]) {
      expect(argumentOf(() => g1.encode(bad))).toBe('point')
      expect(argumentOf(() => g1.negate(bad))).toBe('point')
      expect(argumentOf(() => g1.isIdentity(bad))).toBe('point')
      expect(argumentOf(() => g1.sum([g1.generator, bad]))).toBe('points[1]')
      expect(argumentOf(() => g1.secretSumOfMultiples([bad], [scalar(1n)]))).toBe('points[0]')
      expect(argumentOf(() => groups.pairingProductIsOne([{ g1: bad, g2: g2.generator }]))).toBe('pairs[0].g1')
    }
    const asG2 = g1.generator as unknown as G2Point
    expect(argumentOf(() => g2.encode(asG2))).toBe('point')
    expect(argumentOf(() => groups.pairingProductIsOne([{ g1: g1.generator, g2: asG2 }]))).toBe('pairs[0].g2')
  })

  test('points are handles without contents that can be changed', () => {
    const kept = point(OTHER)
    expect(Object.keys(kept)).toEqual([])
    expect(Object.isFrozen(kept)).toBe(true)
    g1.encode(kept).fill(0)
    expect(shown(kept)).toBe(toHex(OTHER))
  })
})

describe('both engines agree', () => {
  test('on hashes of messages around every block and window, in every kind of domain', () => {
    const domains = [Uint8Array.of(0), DOMAIN, randomBytes(255)]
    for (const [i, length] of [0, 1, 55, 56, 63, 64, 119, 120, 3071, 3072, 3073, 7000].entries()) {
      const message = randomBytes(length)
      const domain = domains[i % 3]!
      expect(wasm.g1.encode(wasm.g1.hash(message, domain))).toEqual(noble.g1.encode(noble.g1.hash(message, domain)))
    }
    const message = randomBytes(100)
    expect(wasm.g2.encode(wasm.g2.hash(message, DOMAIN))).toEqual(noble.g2.encode(noble.g2.hash(message, DOMAIN)))
  })

  test('on maps of uniform bytes, 0, p and both halves alike among them', () => {
    const p = fromHex(bls12_381.fields.Fp.ORDER.toString(16).padStart(128, '0'))
    const half = randomBytes(64)
    const zero = new Uint8Array(64)
    const pairs = [
      [zero, zero],
      [p, zero],
      [zero, half],
      [half, half],
      [new Uint8Array(64).fill(255), half],
    ]
    for (let i = 0; i < 10; i++) pairs.push([randomBytes(64), randomBytes(64)])
    for (const [u0, u1] of pairs) {
      const uniform = Uint8Array.from([...u0!, ...u1!])
      expect(wasm.g1.encode(wasm.g1.mapUniform(uniform))).toEqual(noble.g1.encode(noble.g1.mapUniform(uniform)))
    }
  })

  test('on which encodings are points, mutated and at the edges', () => {
    const signature = bls12_381.G2.Point.BASE.multiply(77n).toBytes(true)
    const verdict = (groups: Bls12381Groups, kind: 'key' | 'signature', bytes: Uint8Array) => {
      try {
        return toHex(
          kind === 'key' ? groups.g1.encode(groups.g1.decode(bytes)) : groups.g2.encode(groups.g2.decode(bytes)),
        )
      } catch (error) {
        if (error instanceof InvalidPoint) return 'refused'
        throw error
      }
    }
    const cases = [...edges(OTHER, signature)]
    for (let i = 0; i < 120; i++) cases.push([mutate(OTHER, random), 'key'])
    for (let i = 0; i < 60; i++) cases.push([mutate(signature, random), 'signature'])
    for (const [bytes, kind] of cases)
      expect(verdict(wasm, kind, bytes), toHex(bytes)).toBe(verdict(noble, kind, bytes))
  })
})

describe('loadBls12381Groups', () => {
  test('gives noble where WebAssembly is absent or refused', async () => {
    vi.stubGlobal('WebAssembly', undefined)
    try {
      expect(await loadBls12381Groups()).toBe(noble)
    } finally {
      vi.unstubAllGlobals()
    }
    expect(await loadBls12381Groups(async () => Uint8Array.of(0, 0x61, 0x73, 0x6d, 9, 0, 0, 0))).toBe(noble)
  })

  test('says so when an artefact is missing', async () => {
    const missing = new MissingArtefact('bls12381-groups', new Error('no such file'))
    await expect(loadBls12381Groups(() => Promise.reject(missing))).rejects.toBe(missing)
  })
})

function argumentOf(run: () => unknown): string | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    if (error instanceof InvalidPoint || error instanceof InvalidArgument) return error.argument
    throw error
  }
}
