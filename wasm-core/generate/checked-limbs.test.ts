import { describe, expect, it } from 'vitest'
import { BITS, KernelOverflow, LIMBS, limbsOf, literal, product, shiftLeft, sum, times } from './checked-limbs.ts'
import { biasFor, MINUEND, multiply, P, SUBTRAHEND, square, subtract, TIGHT } from './secp256k1-field.ts'

describe('generators refuse to print kernels that overflow', () => {
  const loose = (factor: number) => times(TIGHT, factor)

  it('multiplies sums of up to six products of tight numbers, and not of eight', () => {
    expect(() => multiply(loose(2), loose(3))).not.toThrow()
    expect(() => multiply(loose(2), loose(4))).toThrow(KernelOverflow)
    expect(() => square(loose(2))).not.toThrow()
    expect(() => square(loose(3))).toThrow(KernelOverflow)
  })

  it('checks single operations', () => {
    const big = { text: 'x', max: (1n << 63n) - 1n }
    expect(() => sum([big, big])).not.toThrow()
    expect(() => sum([big, big, big])).toThrow(KernelOverflow)
    expect(() => shiftLeft(big, 2)).toThrow(KernelOverflow)
    expect(() => product(big, literal(3n))).toThrow(KernelOverflow)
  })

  it('subtracts only what the bias covers', () => {
    expect(() => subtract(MINUEND, SUBTRAHEND)).not.toThrow()
    expect(() => subtract(MINUEND, times(SUBTRAHEND, 2))).toThrow(KernelOverflow)
    const bias = biasFor(SUBTRAHEND)
    const value = bias.reduce((total, limb, i) => total + (limb << BigInt(BITS * i)), 0n)
    expect(value % P).toBe(0n)
    expect(bias.every((limb, i) => limb >= SUBTRAHEND[i]!)).toBe(true)
  })

  it('prints the same text whatever the bounds it proves', () => {
    expect(multiply(loose(2), loose(3)).body.lines).toEqual(multiply(TIGHT, TIGHT).body.lines)
    expect(limbsOf(P)).toHaveLength(LIMBS)
  })
})
