/** The parts of `bls12381.wasm` against BigInt, noble's towers, RFC 9380 and EIP-2537. */
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { describe, expect, test } from 'vitest'
import { generator } from '../../test/bls12381.ts'
import { describeVectors, vectorJson } from '../../test/vectors.ts'
import { readWasmFile } from '../infrastructure/wasm-files.ts'
import { type BlsExports, instantiateBls } from './bls12381-module.ts'

type Unary = (out: number, a: number) => void
type Binary = (out: number, a: number, b: number) => void

/** What the module exports for tests only. */
interface Kernels extends BlsExports {
  readonly WORK: WebAssembly.Global<'i32'>
  readonly f2mul: Binary
  readonly f2mulLanes: Binary
  readonly f2mulLanesSum: (out: number, a: number, b: number, c: number, d: number) => void
  readonly f2sqr: Unary
  readonly f2sqrLanes: Unary
  readonly f2reduce: Unary
  readonly fp12mul: Binary
  readonly fp12sqr: Unary
  readonly fp12cyclotomicSqr: Unary
  readonly fp12frobenius: Unary
  readonly fp12inverse: Unary
  readonly finalExponentiation: Unary
  readonly multiplyLines: Binary
  readonly fp12mulByLines: Binary
  testHash(domainLength: number): void
  testMap(): void
  testPairing(): number
  testRoot(): void
}

const module = await instantiateBls(await readWasmFile('bls12381'))
const kernel = module.kernel as Kernels
const { view, input, output } = module
const words = new Uint32Array(kernel.memory.buffer)

const { Fp, Fp2, Fp12 } = bls12_381.fields
type Element2 = typeof Fp2.ONE
type Element12 = typeof Fp12.ONE
const G1 = bls12_381.G1.Point
const G2 = bls12_381.G2.Point
const P = Fp.ORDER
const R = 1n << 392n
const MASK = (1n << 28n) - 1n
const SLOT = 112

type Pair = readonly [bigint, bigint]

describe('products and reduction, against BigInt', () => {
  const inverseR = Fp.inv(R % P)
  const reduced = (...values: bigint[]) => values.map((value) => Fp.create(value * inverseR))

  test.each(['canonical limbs', 'un-carried limbs, up to 2^29'])('%s', (kind) => {
    const random = generator(3)
    const loose = kind !== 'canonical limbs'
    for (let i = 0; i < 2000; i++) {
      const [a, b] = [operand(random), operand(random)]
      put(0, a, loose)
      put(1, b, loose)
      kernel.f2mul(slot(2), slot(0), slot(1))
      expectResult(2, reduced(a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]), 3n)
      kernel.f2mulLanes(slot(2), slot(0), slot(1))
      expectResult(2, reduced(a[0] * b[0], a[1] * b[1]), 3n)
      kernel.f2sqrLanes(slot(2), slot(0))
      expectResult(2, reduced(a[0] * a[0], a[1] * a[1]), 3n)
      kernel.f2reduce(slot(2), slot(0))
      expectResult(
        2,
        a.map((value) => Fp.create(value)),
        3n,
      )
    }
  })

  test('squares of Fp2', () => {
    const random = generator(4)
    for (let i = 0; i < 2000; i++) {
      const a = operand(random, 20n)
      put(0, a, false)
      kernel.f2sqr(slot(1), slot(0))
      expectResult(1, reduced(a[0] * a[0] - a[1] * a[1], 2n * a[0] * a[1]), 3n)
      kernel.f2sqr(slot(0), slot(0)) // in place
      expect(get(0)).toEqual(get(1))
    }
  })

  test('the largest operands the contract allows', () => {
    const top = 40n * P - 1n
    for (const a of [top, top - MASK, 40n * P - (1n << 300n)]) {
      put(0, [a, a], true)
      put(1, [top, top], true)
      kernel.f2mul(slot(2), slot(0), slot(1))
      expectResult(2, reduced(0n, 2n * a * top), 3n)
      kernel.f2mulLanes(slot(2), slot(0), slot(1))
      expectResult(2, reduced(a * top, a * top), 3n)
    }
  })

  test('sums of two products, at random and as large as the contract allows', () => {
    const random = generator(7)
    const top = 40n * P - 1n
    for (let i = 0; i < 2000; i++) {
      const operands = Array.from({ length: 4 }, () => (i < 4 ? ([top, top] as const) : operand(random)))
      const [a, b, c, d] = operands as [Pair, Pair, Pair, Pair]
      for (const [at, pair] of operands.entries()) put(at, pair, i % 2 === 0)
      const expected = reduced(a[0] * b[0] + c[0] * d[0], a[1] * b[1] + c[1] * d[1])
      kernel.f2mulLanesSum(slot(4), slot(0), slot(1), slot(2), slot(3))
      expectResult(4, expected, 3n)
      kernel.f2mulLanesSum(slot(i % 4), slot(0), slot(1), slot(2), slot(3))
      expectResult(i % 4, expected, 3n)
    }
  })

  test('results may replace operands', () => {
    const [a, b] = [operand(generator(5)), operand(generator(6))]
    for (const target of [0, 1]) {
      put(0, a, false)
      put(1, b, false)
      kernel.f2mul(slot(target), slot(0), slot(1))
      expectResult(target, reduced(a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]), 3n)
    }
  })
})

describe('square roots in Fp2', () => {
  test('of random squares, of squares in Fp, of squares of multiples of u', () => {
    const random = generator(8)
    for (let i = 0; i < 60; i++) {
      const { c0, c1 } = element2(random)
      for (const root of [
        { c0, c1 },
        { c0, c1: 0n },
        { c0: 0n, c1 },
      ]) {
        const square = Fp2.sqr(root)
        view.set(Fp.toBytes(square.c0), input)
        view.set(Fp.toBytes(square.c1), input + 48)
        kernel.testRoot()
        const [r0, r1] = [0, 48].map((at) => Fp.fromBytes(view.slice(output + at, output + at + 48)))
        expect(Fp2.sqr({ c0: r0!, c1: r1! })).toEqual(square)
      }
    }
  })
})

describe('Fp12, against noble', () => {
  const random = generator(7)

  test('mul, sqr, inverse, Frobenius', () => {
    for (let i = 0; i < 60; i++) {
      const [a, b] = [element12(random), element12(random)]
      put12(0, a)
      put12(6, b)
      kernel.fp12mul(slot(12), slot(0), slot(6))
      expect(get12(12)).toEqual(Fp12.mul(a, b))
      kernel.fp12sqr(slot(12), slot(0))
      expect(get12(12)).toEqual(Fp12.sqr(a))
      kernel.fp12inverse(slot(12), slot(0))
      expect(get12(12)).toEqual(Fp12.inv(a))
      kernel.fp12frobenius(slot(12), slot(0))
      expect(get12(12)).toEqual(Fp12.frobeniusMap(a, 1))
      kernel.fp12mul(slot(0), slot(0), slot(0)) // all in place
      expect(get12(0)).toEqual(Fp12.sqr(a))
    }
  })

  test('squares in the cyclotomic subgroup', () => {
    for (let i = 0; i < 20; i++) {
      const f = element12(random)
      const unitary = Fp12.div(Fp12.conjugate(f), f)
      const a = Fp12.mul(Fp12.frobeniusMap(unitary, 2), unitary)
      put12(0, a)
      kernel.fp12cyclotomicSqr(slot(0), slot(0))
      expect(get12(0)).toEqual(Fp12.sqr(a))
    }
  })

  test('final exponentiation, where compression fails too', () => {
    const inFp6 = { c0: element12(random).c0, c1: Fp12.ZERO.c1 }
    const inW = { c0: Fp12.ZERO.c0, c1: element12(random).c0 }
    const inFp4 = element12From([5n, 7n, 0n, 0n, 0n, 0n, 0n, 0n, 11n, 13n, 0n, 0n]) // 1 and v·w
    for (const a of [Fp12.ONE, inFp6, inW, inFp4, element12(random), element12(random)]) {
      put12(0, a)
      kernel.finalExponentiation(slot(6), slot(0))
      expect(get12(6)).toEqual(Fp12.finalExponentiate(a))
    }
  })

  test('products with two lines', () => {
    for (let i = 0; i < 20; i++) {
      const f = element12(random)
      const lines = [0, 1].map(() => [0, 1, 2].map(() => element2(random)) as [Element2, Element2, Element2])
      put12(0, f)
      for (const [n, line] of lines.entries()) for (const [j, value] of line.entries()) put2(6 + 3 * n + j, value)
      kernel.multiplyLines(slot(12), slot(6), slot(9))
      kernel.fp12mulByLines(slot(18), slot(0), slot(12))
      const dense = lines.map(([c0, c1, c4]) => ({
        c0: { c0, c1, c2: Fp2.ZERO },
        c1: { c0: Fp2.ZERO, c1: c4, c2: Fp2.ZERO },
      }))
      expect(get12(18)).toEqual(Fp12.mul(f, Fp12.mul(dense[0]!, dense[1]!)))
    }
  })
})

describe('pairing, against noble', () => {
  test.each([
    [1n, 1n],
    [2n, 3n],
    [0x123456789n, 5n ** 60n],
    [G1.Fn.ORDER - 1n, 7n],
  ])('e([%d]g1, [%d]g2)', (a, b) => {
    const [p, q] = [G1.BASE.multiply(a), G2.BASE.multiply(b)]
    view.set(p.toBytes(true), input)
    view.set(q.toBytes(true), input + 48)
    expect(kernel.testPairing()).toBe(1)
    const bytes = Buffer.from(view.subarray(output, output + 576)).toString('hex')
    const coefficients = bytes.match(/.{96}/g)!.map((text) => BigInt(`0x${text}`))
    expect(element12From(coefficients)).toEqual(bls12_381.pairing(p, q))
  })
})

describe('hash to G2', () => {
  test('against noble, every length around the block size', () => {
    for (let length = 0; length < 140; length++) {
      const message = Uint8Array.from({ length }, (_, i) => i + length)
      expect(hash(message, 'GLOWWORM-TEST')).toEqual(
        bls12_381.G2.hashToCurve(message, { DST: 'GLOWWORM-TEST' }).toBytes(true),
      )
    }
  })

  test('the exceptional inputs of the map: u = 0, and small u', () => {
    for (const u of [
      [0n, 0n],
      [1n, 0n],
      [0n, 1n],
      [P - 1n, 0n],
      [0n, P - 1n],
      [P - 1n, P - 1n],
    ] as const) {
      const { x, y } = bls12_381.G2.mapToCurve([...u])
      expect(map(u)).toEqual(G2.fromAffine({ x, y }).toBytes(true))
    }
  })
})

describeVectors('public vectors', () => {
  test('RFC 9380 BLS12381G2_XMD:SHA-256_SSWU_RO_', () => {
    const { dst, vectors } = vectorJson<{
      dst: string
      vectors: { msg: string; P: { x: string; y: string } }[]
    }>('hash-to-curve/BLS12381G2_XMD:SHA-256_SSWU_RO_.json')
    expect(vectors.length).toBe(5)
    for (const { msg, P: point } of vectors) {
      const [x, y] = [point.x, point.y].map((text) => {
        const [c0, c1] = text.split(',').map(BigInt) as [bigint, bigint]
        return { c0, c1 }
      }) as [Element2, Element2]
      expect(hash(new TextEncoder().encode(msg), dst)).toEqual(G2.fromAffine({ x, y }).toBytes(true))
    }
  })

  test('Wycheproof hash to G2', () => {
    const { testGroups } = vectorJson<{
      testGroups: { dst: string; tests: { msg: string; expected: string }[] }[]
    }>('wycheproof/bls_hash_to_g2_test.json')
    let count = 0
    for (const { dst, tests } of testGroups) {
      for (const { msg, expected } of tests) {
        expect(Buffer.from(hash(Buffer.from(msg, 'hex'), dst)).toString('hex')).toBe(expected)
        count++
      }
    }
    expect(count).toBe(34)
  })

  test('EIP-2537 map_fp2_to_G2', () => {
    const cases = vectorJson<{ Input: string; Expected: string }[]>('bls/eip-2537/map_fp2_to_G2_bls.json')
    expect(cases.length).toBe(5)
    for (const { Input, Expected } of cases) {
      const [u0, u1] = numbers(Input)
      const [x0, x1, y0, y1] = numbers(Expected) as [bigint, bigint, bigint, bigint]
      const expected = G2.fromAffine({ x: { c0: x0, c1: x1 }, y: { c0: y0, c1: y1 } }).toBytes(true)
      expect(map([u0!, u1!])).toEqual(expected)
    }
  })
})

function hash(message: Uint8Array, domain: string): Uint8Array {
  kernel.messageStart()
  for (let at = 0; at < message.length; at += 1000) {
    const piece = message.subarray(at, at + 1000)
    view.set(piece, input)
    kernel.messageAdd(piece.length)
  }
  view.set(new TextEncoder().encode(domain), input)
  kernel.testHash(domain.length)
  return view.slice(output, output + 96)
}

function map(u: readonly [bigint, bigint]): Uint8Array {
  view.set(Fp.toBytes(u[0]), input)
  view.set(Fp.toBytes(u[1]), input + 48)
  kernel.testMap()
  return view.slice(output, output + 96)
}

function numbers(fields: string): bigint[] {
  return fields.match(/.{128}/g)!.map((field) => BigInt(`0x${field}`))
}

function slot(n: number): number {
  return kernel.WORK.value + SLOT * n
}

/** `loose` adds 2^28 to every limb that its upper neighbour can pay for: the un-carried form sums have. */
function put(n: number, pair: Pair, loose: boolean): void {
  for (const [lane, value] of pair.entries()) {
    const limbs = Array.from({ length: 14 }, (_, i) =>
      i === 13 ? value >> (28n * 13n) : (value >> (28n * BigInt(i))) & MASK,
    )
    if (loose) {
      for (let i = 12; i >= 0; i--) {
        if (limbs[i + 1]! < 1n) continue
        limbs[i]! += 1n << 28n
        limbs[i + 1]! -= 1n
      }
    }
    for (const [i, limb] of limbs.entries()) words[slot(n) / 4 + 2 * i + lane] = Number(limb)
  }
}

function get(n: number): [bigint, bigint] {
  const lane = (which: number) =>
    Array.from({ length: 14 }, (_, i) => BigInt(words[slot(n) / 4 + 2 * i + which]!) << (28n * BigInt(i))).reduce(
      (sum, limb) => sum + limb,
    )
  return [lane(0), lane(1)]
}

/** Slot `n` holds the residues given, as values below `multiple`·p. */
function expectResult(n: number, residues: bigint[], multiple: bigint): void {
  const got = get(n)
  expect(got.map((value) => Fp.create(value))).toEqual(residues)
  for (const value of got) expect(value < multiple * P).toBe(true)
}

function put2(n: number, { c0, c1 }: Element2): void {
  put(n, [Fp.create(c0 * R), Fp.create(c1 * R)], false)
}

function put12(n: number, a: Element12): void {
  const list = [a.c0.c0, a.c0.c1, a.c0.c2, a.c1.c0, a.c1.c1, a.c1.c2]
  for (const [i, value] of list.entries()) put2(n + i, value)
}

function get12(n: number): Element12 {
  const inverse = Fp.inv(R % P)
  return element12From(Array.from({ length: 12 }, (_, i) => Fp.create(get(n + (i >> 1))[i & 1]! * inverse)))
}

function element12From(c: bigint[]): Element12 {
  const two = (i: number) => ({ c0: c[2 * i]!, c1: c[2 * i + 1]! })
  return { c0: { c0: two(0), c1: two(1), c2: two(2) }, c1: { c0: two(3), c1: two(4), c2: two(5) } }
}

/** Edge values and random ones, up to `multiple`·p. */
function operand(random: () => number, multiple = 39n): Pair {
  const edges = [0n, 1n, P - 1n, P, P + 1n, 2n * P, MASK, 1n << 28n, (1n << 364n) - 1n, multiple * P - 1n]
  const one = () => (random() < 0.3 ? edges[Math.floor(random() * edges.length)]! : wide(random) % (multiple * P))
  return [one(), one()]
}

function element2(random: () => number): Element2 {
  return { c0: Fp.create(wide(random)), c1: Fp.create(wide(random)) }
}

function element12(random: () => number): Element12 {
  return element12From(Array.from({ length: 12 }, () => (random() < 0.1 ? 0n : Fp.create(wide(random)))))
}

function wide(random: () => number): bigint {
  let value = 0n
  for (let i = 0; i < 14; i++) value = (value << 32n) | BigInt(Math.floor(random() * 2 ** 32))
  return value
}
