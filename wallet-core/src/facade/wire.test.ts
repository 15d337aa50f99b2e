import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromWire, NotPlainData, toWire } from './wire.ts'

const plain = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (Object.is(n, -0) ? 0 : n)),
    fc.bigInt({ min: -(2n ** 256n), max: 2n ** 256n }),
    fc.uint8Array(),
    fc.array(tie('value')),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('$', 'v', '__proto__', 'constructor')), tie('value')),
  ),
})).value

/** The same with ordinary prototypes: fast-check makes objects without one, too. */
function ordinary(value: unknown): unknown {
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(ordinary)
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, ordinary(item)]))
}

describe('wire', () => {
  test('everything plain survives JSON', () => {
    fc.assert(
      fc.property(plain, (value) => {
        expect(fromWire(JSON.parse(JSON.stringify(toWire(value))))).toEqual(ordinary(value))
      }),
    )
  })

  test('nothing else passes', () => {
    for (const value of [() => 1, Symbol('x'), Number.NaN, Number.POSITIVE_INFINITY, new Map(), new Date(), /x/])
      expect(() => toWire(value)).toThrow(NotPlainData)
    const marks = [
      { $: 'n', v: '01' },
      { $: 'n', v: '1e3' },
      { $: 'b', v: '?' },
      { $: 'x' },
      { $: 'o', v: [] },
      { $: 1 },
    ]
    for (const wire of marks) expect(() => fromWire(wire)).toThrow(NotPlainData)
  })

  test('a member named __proto__ stays a member', () => {
    const back = fromWire(JSON.parse('{"__proto__": {"polluted": true}}'))
    expect(Object.getPrototypeOf(back)).toBe(Object.prototype)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})
