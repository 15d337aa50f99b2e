import { describe, expect, test } from 'vitest'
import { generate } from './bls12381.ts'
import { BoundExceeded, CARRIED_LIMB, liftedMultiple, limbsOf, MASK, multipleAbove, P } from './bls12381-bounds.ts'
import { checkReduction, columnsAbove, defineFp6Products } from './bls12381-fp6.ts'
import { checkCarry, minusMultiples, REDUCE_MULTIPLES } from './bls12381-linear.ts'
import { checkMul, checkSqrLanes, printProducts } from './bls12381-products.ts'
import { define, newLibrary, REDUCED, stored } from './bls12381-program.ts'
import { defineSteady } from './bls12381-steady.ts'

const value = (limbs: readonly bigint[]) => limbs.reduce((sum, limb, i) => sum + (limb << (28n * BigInt(i))), 0n)
const limits = { a: { limb: 2n * CARRIED_LIMB, value: 40 }, b: { limb: 2n * CARRIED_LIMB, value: 40 }, lifted: 42 }

describe('a product is refused', () => {
  test('when a column could pass 64 bits', () => {
    checkMul(limits)
    expect(() => checkMul({ ...limits, a: { limb: 4n * CARRIED_LIMB, value: 40 } })).toThrow(
      /^mul: column \d+ can reach 0x1[0-9a-f]{16} ≥ 2\^64$/,
    )
  })

  test('when the sum of two limbs could pass 32 bits', () => {
    expect(() => checkMul({ ...limits, a: { limb: 8n * CARRIED_LIMB, value: 40 } })).toThrow(/limbs 0 and 7 can sum to/)
    expect(() => checkSqrLanes({ limb: 8n * CARRIED_LIMB, value: 40 })).toThrow(BoundExceeded)
  })

  test('before anything is printed', () => {
    const factor = { limb: 4n * CARRIED_LIMB, value: 42 }
    expect(printProducts(limits, factor)).toContain('export function f2mul(')
    expect(() => printProducts(limits, { ...factor, limb: 8n * CARRIED_LIMB })).toThrow(/^mulLanes: /)
  })

  test('when b1 could exceed what it is subtracted from', () => {
    expect(() => checkMul({ ...limits, lifted: 39 })).toThrow('mul: limb 13 of b can exceed that of 39p')
    expect(() => checkMul({ ...limits, b: { limb: 4n * CARRIED_LIMB, value: 40 } })).toThrow(/limb 0 of b can exceed/)
  })
})

describe('a formula is refused', () => {
  const library = () => newLibrary(limits)
  const one = [REDUCED]

  test('when an operand of a product has limbs beyond the contract', () => {
    expect(() => define(library(), 'sums', { a: one }, (f, [a]) => [f.mul(f.add(f.add(a!, a!), a!), a!)])).toThrow(
      /^sums: a of mul has limbs up to 0x3000002a; carry it first$/,
    )
    define(library(), 'sums', { a: one }, (f, [a]) => [f.mul(f.sum(f.add(a!, a!), a!), a!)])
  })

  test('when a value grows beyond the contract', () => {
    expect(() => define(library(), 'grows', { a: one }, (f, [a]) => [f.mul(f.times(12, f.times(2, a!)), a!)])).toThrow(
      /^grows: a of mul can reach 48\.02\d*·p, the kernel takes 40·p$/,
    )
  })

  test('when an operand of a sum of products has limbs beyond the contract', () => {
    const formula = (library_: ReturnType<typeof library>, loose: boolean) =>
      define(library_, 'two', { a: one }, (f, [a]) => {
        const large = loose ? f.add(f.add(a!, a!), a!) : f.add(a!, a!)
        return [f.mulLanesSum(a!, large, large, a!)]
      })
    formula(library(), false)
    expect(() => formula(library(), true)).toThrow(/^two: b of mulLanesSum has limbs up to 0x3000002a; carry it first$/)
  })

  test('when sums for secrets would be larger than what negates them takes', () => {
    const known = newLibrary(limits)
    known.signatures.set('addLanes', { inputs: {}, output: [stored(5)], level: 0 })
    expect(() => defineSteady(known)).toThrow('addLanes leaves 5·p, negateSum takes 4·p')
  })

  test('when a square or an output is not carried', () => {
    expect(() => define(library(), 'square', { a: one }, (f, [a]) => [f.sqr(f.add(a!, a!))])).toThrow(/carry it first/)
    expect(() => define(library(), 'output', { a: one }, (f, [a]) => [f.add(a!, a!)])).toThrow(
      'output: output 0 is not carried',
    )
  })

  test('when a callee would get more than it takes', () => {
    const both = library()
    define(both, 'callee', { a: one }, (f, [a]) => [f.sqr(a!)])
    expect(() =>
      define(both, 'caller', { a: one }, (f, [a]) => [f.sqr(f.call('callee', [f.sum(a!, a!)])[0]!)]),
    ).toThrow(/^caller: a\[0\] of callee can reach 4\.002·p/)
  })

  test('when it reads an input it has overwritten', () => {
    expect(() =>
      define(library(), 'clobbers', { a: [REDUCED, REDUCED] }, (f, [a, b]) => [f.sqr(b!), f.mul(a!, b!)]),
    ).toThrow(/clobbers: reads a\[0\] after writing out\[0\]/)
  })
})

test('a carry pass that would not suffice is refused', () => {
  checkCarry('sum', 15n << 28n)
  expect(() => checkCarry('sum', 1n << 32n)).toThrow(/≥ 2\^32/)
})

describe('multiples of p', () => {
  test('lifted limbs still denote the multiple, and no limb borrows', () => {
    for (const multiple of [2, 5, 21, 42]) {
      const limbs = liftedMultiple(multiple, 3n)
      expect(value(limbs)).toBe(P * BigInt(multiple))
      for (const limb of limbs.slice(0, 13)) expect(limb >= 2n * CARRIED_LIMB).toBe(true)
    }
    expect(multipleAbove(stored(3.5), 4n)).toBe(4)
    expect(() => multipleAbove(stored(65), 4n)).toThrow(BoundExceeded)
    expect(() => multipleAbove({ limb: 8n * MASK, value: 1 }, 4n)).toThrow(BoundExceeded)
  })

  test('the table of the weak reduction', () => {
    const table = minusMultiples()
    expect(table.length).toBe(REDUCE_MULTIPLES + 1)
    for (const [q, limbs] of table.entries()) {
      const low = value(limbs.slice(0, 13))
      expect(low + (BigInt.asIntN(32, limbs[13]!) << 364n)).toBe(P * BigInt(1 - q))
    }
    expect(value(limbsOf(P))).toBe(P)
  })
})

describe('products in Fp6', () => {
  test('operands whose combined columns could pass 64 bits are refused', () => {
    defineFp6Products(newLibrary(limits), stored(12))
    expect(() => defineFp6Products(newLibrary(limits), { limb: 2n * CARRIED_LIMB, value: 12 })).toThrow(
      /^fp6mul c0: column \d+ can reach 0x1[0-9a-f]{16} ≥ 2\^64$/,
    )
    expect(() => checkReduction('one', Array(27).fill((1n << 64n) - 1n))).toThrow(BoundExceeded)
  })

  test('what keeps columns positive is a multiple of p, barely above what is asked', () => {
    const least = Array.from({ length: 27 }, (_, k) => 1n << BigInt(30 + k))
    const columns = columnsAbove(least)
    expect(value(columns) % P).toBe(0n)
    for (const [k, column] of columns.entries()) {
      expect(column >= least[k]! && column - least[k]! <= MASK).toBe(true)
    }
  })
})

test('printing is deterministic', () => {
  expect(generate()).toEqual(generate())
})
