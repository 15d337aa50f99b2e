/**
 * Straight-line programs over pairs (Fp2 or two Fp), written once as formulas and printed as calls of the field
 * kernels. While a formula is written down, the bound of every intermediate result is tracked: the multiple of p that
 * keeps a difference positive is chosen here, and a step whose operands its kernel could not take is refused.
 *
 * A function takes addresses. Its outputs may be the same memory as its inputs (exactly, not shifted): the printer
 * checks that no input slot is read after an output slot of the same index was written.
 * @module
 */
import {
  type Bound,
  BoundExceeded,
  CARRIED_LIMB,
  MASK,
  multipleAbove,
  reducedValue,
  refuseUnless,
} from './bls12381-bounds.ts'
import { printFunction } from './bls12381-layout.ts'
import { checkCarry, DIFFERENCE_LIFT, type MULTIPLES, REDUCE_MULTIPLES, REDUCED_VALUE } from './bls12381-linear.ts'
import { checkTop, mulValue, type ProductLimits } from './bls12381-products.ts'

/** One pair with what is known about it. */
export interface Value {
  readonly bound: Bound
  place: Place | undefined
}

type Place = { readonly base: string; readonly slot: number }

/** Consecutive pairs: a parameter, or the result of a call. */
export type Values = readonly Value[]

/** One call of a kernel or a function. */
export interface Step {
  readonly print: (address: (value: Value) => string) => string
  readonly reads: Values
  readonly writes: Values
  /** Values the callee expects side by side in memory. */
  readonly groups: readonly Values[]
}

interface Signature {
  readonly inputs: Record<string, readonly Bound[]>
  readonly output: readonly Bound[]
  readonly level: number
}

export interface Library {
  readonly limits: ProductLimits
  readonly signatures: Map<string, Signature>
  readonly printed: string[]
  /** Multiples of p that the printed differences use. */
  readonly multiples: Set<number>
  /** Bytes of scratch memory each level needs. Functions of one level never call each other and share it. */
  readonly scratch: number[]
}

export function newLibrary(limits: ProductLimits): Library {
  return { limits, signatures: new Map(), printed: [], multiples: new Set(), scratch: [] }
}

/** What a stored value is: carried limbs, below `value`·p. */
export function stored(value: number): Bound {
  return { limb: CARRIED_LIMB, value }
}

export const REDUCED: Bound = stored(REDUCED_VALUE)
const CANONICAL_LIMB = MASK

export interface Formula {
  mul(a: Value, b: Value): Value
  mulLanes(a: Value, b: Value): Value
  /** a·b + c·d lane by lane, with one reduction. */
  mulLanesSum(a: Value, b: Value, c: Value, d: Value): Value
  sqr(a: Value): Value
  sqrLanes(a: Value): Value
  /** Not carried: one operand more for a product, but not for a square or an output. */
  add(a: Value, b: Value): Value
  sum(a: Value, b: Value): Value
  sub(a: Value, b: Value): Value
  /** a − b − c. */
  subTwo(a: Value, b: Value, c: Value): Value
  neg(a: Value): Value
  conj(a: Value): Value
  times(n: (typeof MULTIPLES)[number], a: Value): Value
  /** a·(1 + u). */
  xi(a: Value): Value
  swap(a: Value): Value
  reduce(a: Value): Value
  /** A constant stored at `address`, an expression of the printed program. */
  constant(address: string): Value
  call(name: string, ...inputs: Values[]): Values
}

/**
 * Defines and prints one function. `inputs` gives the bounds of each parameter slot by slot; `formula` returns the
 * output slots. Parameters named in `apart` are never the same memory as the output.
 */
export function define(
  library: Library,
  name: string,
  inputs: Record<string, readonly Bound[]>,
  formula: (f: Formula, ...parameters: Values[]) => Values,
  apart: readonly string[] = [],
): void {
  try {
    const steps: Step[] = []
    const parameters = Object.entries(inputs).map(([base, bounds]) =>
      bounds.map((bound, slot): Value => ({ bound, place: { base, slot } })),
    )
    const level = { value: 0 }
    const results = formula(recorder(library, steps, level), ...parameters)
    printFunction(library, name, inputs, apart, steps, results, level.value)
  } catch (error) {
    if (error instanceof BoundExceeded) throw new BoundExceeded(`${name}: ${error.message}`)
    throw error
  }
}

function recorder(library: Library, steps: Step[], level: { value: number }): Formula {
  const { limits } = library
  const result = (bound: Bound): Value => ({ bound, place: undefined })

  function step(bound: Bound, kernel: string, reads: Values, ...rest: string[]): Value {
    checkTop(kernel, bound.value)
    const out = result(bound)
    const print = (address: (value: Value) => string) =>
      `${kernel}(${[address(out), ...reads.map(address), ...rest].join(', ')})`
    steps.push({ print, reads, writes: [out], groups: [] })
    return out
  }
  function product(kernel: string, value: number, reads: Values): Value {
    return step({ limb: CANONICAL_LIMB, value: reducedValue(value) }, kernel, reads)
  }
  function accept(role: string, given: Bound, limit: Bound): void {
    refuseUnless(given.limb <= limit.limb, () => `${role} has limbs up to 0x${given.limb.toString(16)}; carry it first`)
    refuseUnless(
      given.value <= limit.value,
      () => `${role} can reach ${given.value}·p, the kernel takes ${limit.value}·p`,
    )
  }
  function lifted(bound: Bound): { multiple: number; address: string; limb: bigint } {
    const multiple = multipleAbove(bound, DIFFERENCE_LIFT)
    library.multiples.add(multiple)
    return { multiple, address: liftName(multiple), limb: MASK + (DIFFERENCE_LIFT << 28n) }
  }
  function carriedSum(kernel: string, limb: bigint, value: number, reads: Values, ...rest: string[]): Value {
    checkCarry(kernel, limb)
    return step({ limb: MASK + (limb >> 28n), value }, kernel, reads, ...rest)
  }

  return {
    mul(a, b) {
      accept('a of mul', a.bound, limits.a)
      accept('b of mul', b.bound, limits.b)
      return product('f2mul', mulValue(a.bound.value, b.bound.value, limits.lifted), [a, b])
    },
    mulLanes(a, b) {
      accept('a of mulLanes', a.bound, limits.a)
      accept('b of mulLanes', b.bound, limits.b)
      return product('f2mulLanes', a.bound.value * b.bound.value, [a, b])
    },
    mulLanesSum(a, b, c, d) {
      for (const [role, value] of Object.entries({ a, b, c, d }))
        accept(`${role} of mulLanesSum`, value.bound, limits.b)
      const value = a.bound.value * b.bound.value + c.bound.value * d.bound.value
      return product('f2mulLanesSum', value, [a, b, c, d])
    },
    sqr(a) {
      accept('operand of sqr', a.bound, { limb: CARRIED_LIMB, value: limits.lifted / 2 - 1 })
      return product('f2sqr', 2 * a.bound.value * (a.bound.value + limits.lifted / 2), [a])
    },
    sqrLanes(a) {
      accept('operand of sqrLanes', a.bound, limits.a)
      return product('f2sqrLanes', a.bound.value ** 2, [a])
    },
    add(a, b) {
      const limb = a.bound.limb + b.bound.limb
      refuseUnless(limb < 1n << 32n, () => `a sum has limbs up to 0x${limb.toString(16)}`)
      return step({ limb, value: a.bound.value + b.bound.value }, 'f2add', [a, b])
    },
    sum(a, b) {
      return carriedSum('f2addCarried', a.bound.limb + b.bound.limb, a.bound.value + b.bound.value, [a, b])
    },
    sub(a, b) {
      const lift = lifted(b.bound)
      return carriedSum('f2sub', a.bound.limb + lift.limb, a.bound.value + lift.multiple, [a, b], lift.address)
    },
    subTwo(a, b, c) {
      const lift = lifted({ limb: b.bound.limb + c.bound.limb, value: b.bound.value + c.bound.value })
      return carriedSum('f2subTwo', a.bound.limb + lift.limb, a.bound.value + lift.multiple, [a, b, c], lift.address)
    },
    neg(a) {
      const lift = lifted(a.bound)
      return carriedSum('f2neg', lift.limb, lift.multiple, [a], lift.address)
    },
    conj(a) {
      const lift = lifted(a.bound)
      return carriedSum('f2conj', lift.limb, Math.max(lift.multiple, a.bound.value), [a], lift.address)
    },
    times(n, a) {
      return carriedSum(`f2times${n}`, a.bound.limb * BigInt(n), a.bound.value * n, [a])
    },
    xi(a) {
      const lift = lifted(a.bound)
      const value = a.bound.value + Math.max(lift.multiple, a.bound.value)
      return carriedSum('f2timesXi', a.bound.limb + lift.limb, value, [a], lift.address)
    },
    swap(a) {
      return step(a.bound, 'f2swap', [a])
    },
    reduce(a) {
      accept('operand of reduce', a.bound, { limb: 1n << 30n, value: REDUCE_MULTIPLES })
      return step(REDUCED, 'f2reduce', [a])
    },
    constant(address) {
      return { bound: { limb: MASK, value: 1 }, place: { base: address, slot: 0 } }
    },
    call(name, ...inputs) {
      const signature = library.signatures.get(name)
      if (!signature) throw new Error(`no function ${name} is defined yet`)
      Object.entries(signature.inputs).forEach(([parameter, bounds], n) => {
        const given = inputs[n]
        if (given?.length !== bounds.length) throw new Error(`${name}: ${parameter} takes ${bounds.length} pairs`)
        bounds.forEach((bound, i) => {
          accept(`${parameter}[${i}] of ${name}`, given[i]!.bound, bound)
        })
      })
      level.value = Math.max(level.value, signature.level + 1)
      const out = signature.output.map(result)
      steps.push({
        print: (address) => `${name}(${[out, ...inputs].map((values) => address(values[0]!)).join(', ')})`,
        reads: inputs.flat(),
        writes: out,
        groups: [out, ...inputs].filter((values) => values.length > 1),
      })
      return out
    },
  }
}

export function liftName(multiple: number): string {
  return `LIFT_${multiple}`
}
