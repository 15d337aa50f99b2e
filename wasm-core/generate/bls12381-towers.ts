/**
 * The towers. Fp2 = Fp[u]/(u² + 1), Fp6 = Fp2[v]/(v³ − ξ) with ξ = 1 + u, Fp12 = Fp6[w]/(w² − v). An Fp12 is six
 * pairs: the coefficients of 1, v, v², w, vw, v²w. Written as algebra; `define` chooses the multiples of p and refuses
 * what could overflow.
 * @module
 */
import type { Bound } from './bls12381-bounds.ts'
import { defineFp6Products } from './bls12381-fp6.ts'
import { define, type Formula, type Library, REDUCED, stored, type Value, type Values } from './bls12381-program.ts'

/** Operands of Fp6: sums of two elements of Fp12 halves, one of them multiplied by v. */
const FP6_OPERAND = stored(12)
const three = (bound: Bound): Bound[] => [bound, bound, bound]
const six = (bound: Bound): Bound[] => [...three(bound), ...three(bound)]

export function defineTowers(library: Library): void {
  defineFp6(library)
  defineFp12(library)
  defineCyclotomic(library)
  defineFrobenius(library)
}

function defineFp6(library: Library): void {
  defineFp6Products(library, FP6_OPERAND)
  // The adjoint and the norm: a · adjoint = norm, in Fp2. out = adjoint (3), norm.
  define(library, 'fp6adjoint', { a: three(stored(24)) }, (f, a) => {
    const [a0, a1, a2] = a.map((value) => f.reduce(value)) as [Value, Value, Value]
    const c0 = f.reduce(f.sub(f.sqr(a0), f.xi(f.mul(a1, a2))))
    const c1 = f.reduce(f.sub(f.xi(f.sqr(a2)), f.mul(a0, a1)))
    const c2 = f.reduce(f.sub(f.sqr(a1), f.mul(a0, a2)))
    const cross = f.sum(f.mul(a2, c1), f.mul(a1, c2))
    return [c0, c1, c2, f.sum(f.mul(a0, c0), f.xi(cross))]
  })
}

function add6(f: Formula, a: Values, b: Values): Values {
  return a.map((value, i) => f.sum(value, b[i]!))
}

/** a·v: (ξ·a2, a0, a1). */
function timesV(f: Formula, a: Values): Values {
  return [f.xi(a[2]!), a[0]!, a[1]!]
}

export function reduceAll(f: Formula, a: Values): Values {
  return a.map((value) => f.reduce(value))
}

function defineFp12(library: Library): void {
  const element = six(REDUCED)
  define(library, 'fp12mul', { a: element, b: element }, (f, a, b) => {
    const v0 = f.call('fp6mul', a.slice(0, 3), b.slice(0, 3))
    const v1 = f.call('fp6mul', a.slice(3), b.slice(3))
    const m = f.call('fp6mul', add6(f, a.slice(0, 3), a.slice(3)), add6(f, b.slice(0, 3), b.slice(3)))
    const high = m.map((value, i) => f.reduce(f.subTwo(value, v0[i]!, v1[i]!)))
    return [...reduceAll(f, add6(f, v0, timesV(f, v1))), ...high]
  })
  // Complex squaring: (a + bw)² = (a + b)(a + vb) − ab − v·ab + 2ab·w
  define(library, 'fp12sqr', { a: element }, (f, x) => {
    const a = x.slice(0, 3)
    const b = x.slice(3)
    const ab = f.call('fp6mul', a, b)
    const m = f.call('fp6mul', add6(f, a, b), add6(f, a, timesV(f, b)))
    const low = timesV(f, ab).map((value, i) => f.reduce(f.subTwo(m[i]!, ab[i]!, value)))
    return [...low, ...ab.map((value) => f.reduce(f.times(2, value)))]
  })
  // b is a product of two lines: it has no coefficient at w. b = 1, v, v², vw, v²w.
  define(library, 'fp12mulByLines', { a: element, b: [...three(REDUCED), REDUCED, REDUCED] }, (f, a, b) => {
    const v0 = f.call('fp6mul', a.slice(0, 3), b.slice(0, 3))
    const v1 = f.call('fp6mulBy12', a.slice(3), b.slice(3))
    const sums = [f.reduce(b[0]!), f.sum(b[1]!, b[3]!), f.sum(b[2]!, b[4]!)]
    const m = f.call('fp6mul', add6(f, a.slice(0, 3), a.slice(3)), sums)
    const high = m.map((value, i) => f.reduce(f.subTwo(value, v0[i]!, v1[i]!)))
    return [...reduceAll(f, add6(f, v0, timesV(f, v1))), ...high]
  })
  define(library, 'fp12conj', { a: element }, (f, a) => a.map((value, i) => f.reduce(i < 3 ? value : f.neg(value))))
  // a0² − v·a1²: the norm to Fp6, to be inverted.
  define(library, 'fp12norm', { a: element }, (f, a) => {
    const s0 = f.call('fp6mul', a.slice(0, 3), a.slice(0, 3))
    const s1 = f.call('fp6mul', a.slice(3), a.slice(3))
    return reduceAll(
      f,
      timesV(f, s1).map((value, i) => f.sub(s0[i]!, value)),
    )
  })
  // conj(a) · s for s in Fp6
  define(library, 'fp12conjScale', { a: element, s: three(FP6_OPERAND) }, (f, a, s) => {
    const low = f.call('fp6mul', a.slice(0, 3), s)
    const high = f.call('fp6mul', a.slice(3), s)
    return [...reduceAll(f, low), ...high.map((value) => f.reduce(f.neg(value)))]
  })
}

/** Granger–Scott squaring in the cyclotomic subgroup: three squarings in Fp4 = Fp2[s]/(s² − ξ). */
function defineCyclotomic(library: Library): void {
  define(library, 'fp12cyclotomicSqr', { a: six(REDUCED) }, (f, a) => {
    const [z0, z4, z3, z2, z1, z5] = a as [Value, Value, Value, Value, Value, Value]
    const [t0, t1] = fp4sqr(f, z0, z1)
    const [t2, t3] = fp4sqr(f, z2, z3)
    const [t4, t5] = fp4sqr(f, z4, z5)
    // 3t − 2z and 3t + 2z
    const minus = (t: Value, z: Value) => f.reduce(f.sub(f.times(3, t), f.times(2, z)))
    const plus = (t: Value, z: Value) => f.reduce(f.sum(f.times(3, t), f.times(2, z)))
    return [minus(t0, z0), minus(t2, z4), minus(t4, z3), plus(f.xi(t5), z2), plus(t1, z1), plus(t3, z5)]
  })
  // Karabina's compression: the four coefficients g2, g3, g4, g5 (of w, v², v, v²w) determine the other two.
  const four = [REDUCED, REDUCED, REDUCED, REDUCED]
  define(library, 'compressedSqr', { g: four }, (f, g) => {
    const [g2, g3, g4, g5] = g as [Value, Value, Value, Value]
    const [t2, t3] = fp4sqr(f, g2, g3)
    const [t4, t5] = fp4sqr(f, g4, g5)
    const minus = (t: Value, z: Value) => f.reduce(f.sub(f.times(3, t), f.times(2, z)))
    const plus = (t: Value, z: Value) => f.reduce(f.sum(f.times(3, t), f.times(2, z)))
    return [plus(f.xi(t5), g2), minus(t4, g3), minus(t2, g4), plus(t3, g5)]
  })
  // g1 = (ξ·g5² + 3·g4² − 2·g3) / 4·g2, as numerator and denominator.
  define(
    library,
    'compressedRatio',
    { g: four },
    (f, g) => {
      const [g2, g3, g4, g5] = g as [Value, Value, Value, Value]
      const squares = f.sum(f.xi(f.sqr(g5)), f.times(3, f.sqr(g4)))
      return [f.reduce(f.sub(squares, f.times(2, g3))), f.reduce(f.times(4, g2))]
    },
    ['g'],
  )
  // g0 = ξ·(2·g1² + g2·g5 − 3·g3·g4) + 1; out in the order of Fp12.
  define(
    library,
    'decompress',
    { g: four, g1: [REDUCED] },
    (f, g, [g1]) => {
      const [g2, g3, g4, g5] = g as [Value, Value, Value, Value]
      const t = f.sub(f.sum(f.times(2, f.sqr(g1!)), f.mul(g2, g5)), f.times(3, f.mul(g3, g4)))
      const g0 = f.reduce(f.sum(f.xi(t), f.constant('ONE')))
      return [g0, ...[g4, g3, g2, g1!, g5].map((value) => f.reduce(value))]
    },
    ['g', 'g1'],
  )
}

/** (a + bs)² = (a + b)(a + ξb) − ab − ξab + 2ab·s */
function fp4sqr(f: Formula, a: Value, b: Value): [Value, Value] {
  const ab = f.mul(a, b)
  const m = f.mul(f.add(a, b), f.add(a, f.xi(b)))
  return [f.subTwo(m, ab, f.xi(ab)), f.times(2, ab)]
}

/** Frobenius maps: conjugate (for p, not for p²) and multiply the coefficient of wⁱ by ξ^(i(p^n−1)/6). */
function defineFrobenius(library: Library): void {
  const powers = [0, 2, 4, 1, 3, 5] // the power of w each slot stands for
  define(library, 'fp12frobenius', { a: six(REDUCED) }, (f, a) =>
    a.map((value, i) => {
      const conjugate = f.conj(value)
      return i === 0 ? f.reduce(conjugate) : f.mul(conjugate, f.constant(`FROBENIUS_${powers[i]}`))
    }),
  )
  define(library, 'fp12frobenius2', { a: six(REDUCED) }, (f, a) =>
    a.map((value, i) => (i === 0 ? f.reduce(value) : f.mulLanes(value, f.constant(`FROBENIUS2_${powers[i]}`)))),
  )
}
