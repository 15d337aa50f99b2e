/**
 * Points and the line functions of the pairing. Points are homogeneous (X : Y : Z), three pairs, x = X/Z and y = Y/Z;
 * the identity is (0 : 1 : 0). G1 points travel two at a time, one per lane.
 * @module
 */
import type { Bound } from './bls12381-bounds.ts'
import { define, type Formula, type Library, REDUCED, stored, type Value, type Values } from './bls12381-program.ts'
import { reduceAll } from './bls12381-towers.ts'

const three = (bound: Bound): Bound[] => [bound, bound, bound]
/** Coordinates of points between operations. */
const COORDINATE = stored(8)
const POINT = three(COORDINATE)
/** Sparse line functions: coefficients of 1, v and vw. */
const LINE = three(stored(8))

/** Complete formulas for y² = x³ + b (Renes–Costello–Batina 2016, algorithms 7 and 9): no exceptional cases. */
export function definePoints(library: Library): void {
  const curves = [
    { suffix: 'Lanes', mul: 'mulLanes', sqr: 'sqrLanes', b3: (f: Formula, x: Value) => f.times(12, x) },
    { suffix: 'G2', mul: 'mul', sqr: 'sqr', b3: (f: Formula, x: Value) => f.xi(f.reduce(f.times(12, x))) },
  ] as const
  for (const { suffix, mul, sqr, b3 } of curves) {
    define(library, `add${suffix}`, { a: POINT, b: POINT }, (f, p, q) => {
      const [x1, y1, z1] = p as [Value, Value, Value]
      const [x2, y2, z2] = q as [Value, Value, Value]
      const xx = f[mul](x1, x2)
      const yy = f[mul](y1, y2)
      const zz = f[mul](z1, z2)
      const xy = f.subTwo(f[mul](f.add(x1, y1), f.add(x2, y2)), xx, yy) // x1·y2 + x2·y1
      const yz = difference(f, f[mul](f.add(y1, z1), f.add(y2, z2)), yy, zz)
      const xz = f.subTwo(f[mul](f.add(x1, z1), f.add(x2, z2)), xx, zz)
      return addition(f, mul, { xx, yy, zz, xy, yz, xz })
    })
    if (suffix === 'Lanes') {
      // The same with Z2 = 1, so the second point is not the identity; the first is a sum so far.
      define(
        library,
        'addMixedLanes',
        { a: three(REDUCED), b: [REDUCED, REDUCED] },
        (f, p, [x2, y2]) => {
          const [x1, y1, z1] = p as [Value, Value, Value]
          const xx = f.mulLanes(x1, x2!)
          const yy = f.mulLanes(y1, y2!)
          const xy = f.subTwo(f.mulLanes(f.add(x1, y1), f.add(x2!, y2!)), xx, yy)
          const yz2 = f.sum(f.mulLanes(y2!, z1), y1)
          const xz = f.sum(f.mulLanes(x2!, z1), x1)
          return addition(f, 'mulLanes', { xx, yy, zz: z1, xy, yz: { plus: yz2, minus: f.neg(yz2) }, xz })
        },
        ['b'],
      )
    }
    // With B = Y², E = 3b·Z² (F = 3E), H = 2YZ: X' = 2XY(B − F), Y' = (B + F)² − 12E², Z' = 4BH.
    define(library, `double${suffix}`, { a: POINT }, (f, p) => doubling(f, p, mul, sqr, b3).point)
  }
  // For the hand-written parts, which know no bounds beyond "a coordinate".
  define(library, 'negate', { a: [COORDINATE] }, (f, [a]) => [f.reduce(f.neg(a!))])
  define(library, 'conjugate', { a: [COORDINATE] }, (f, [a]) => [f.reduce(f.conj(a!))])
  define(library, 'difference', { a: [COORDINATE], b: [COORDINATE] }, (f, [a], [b]) => [f.reduce(f.sub(a!, b!))])
  define(library, 'negG2', { a: POINT }, (f, [x, y, z]) => [f.reduce(x!), f.reduce(f.neg(y!)), f.reduce(z!)])
  // ψ = twist ∘ Frobenius ∘ untwist, the endomorphism that acts on G2 as multiplication by p.
  define(library, 'psi', { a: POINT }, (f, [x, y, z]) => [
    f.mul(f.conj(x!), f.constant('PSI_X')),
    f.mul(f.conj(y!), f.constant('PSI_Y')),
    f.reduce(f.conj(z!)),
  ])
  // Zero where a = b, if a is not the identity.
  define(library, 'defectG2', { a: POINT, b: POINT }, (f, a, b) => [
    f.sub(f.mul(a[0]!, b[2]!), f.mul(b[0]!, a[2]!)),
    f.sub(f.mul(a[1]!, b[2]!), f.mul(b[1]!, a[2]!)),
  ])
}

/**
 * Jacobian coordinates, x = X/Z² and y = Y/Z³, for the long chain of the subgroup check of G1: a doubling takes an eighth
 * less than the complete one. Wherever `addJacobianLanes` would need another formula (equal or opposite points, the
 * identity) it gives Z = 0, and from then on Z stays 0.
 */
export function defineJacobian(library: Library): void {
  const point = [stored(11), stored(3), stored(3)]
  // 4XY² = 4m: X' = 9X⁴ − 8m, Y' = 3X²(4m − X') − 8Y⁴, Z' = 2YZ
  define(library, 'doubleJacobianLanes', { a: point }, (f, a) => {
    const [x, y, z] = a as [Value, Value, Value]
    const yy = f.sqrLanes(y)
    const m = f.mulLanes(x, yy)
    const e = f.times(3, f.sqrLanes(x))
    const ee = f.sqrLanes(e)
    const z3 = f.mulLanes(f.add(y, y), z)
    const x3 = f.sub(ee, f.times(8, m))
    return [x3, f.mulLanesSum(e, f.sub(f.times(12, m), ee), yy, f.neg(f.times(8, yy))), z3]
  })
  // H = x2·Z² − X, R = y2·Z³ − Y: X' = R² − H³ − 2XH², Y' = R(XH² − X') − Y·H³, Z' = ZH
  define(
    library,
    'addJacobianLanes',
    { a: point, b: [REDUCED, REDUCED] },
    (f, a, [x2, y2]) => {
      const [x, y, z] = a as [Value, Value, Value]
      const zz = f.sqrLanes(z)
      const h = f.sub(f.mulLanes(x2!, zz), x)
      const r = f.sub(f.mulLanes(y2!, f.mulLanes(z, zz)), y)
      const hh = f.sqrLanes(h)
      const hhh = f.mulLanes(h, hh)
      const v = f.mulLanes(x, hh)
      const z3 = f.mulLanes(z, h)
      const x3 = f.subTwo(f.sqrLanes(r), hhh, f.add(v, v))
      return [x3, f.mulLanesSum(r, f.sub(v, x3), hhh, f.neg(y)), z3]
    },
    ['b'],
  )
  // Zero in both slots of a lane where q = −(βx, y), unless Z = 0: is φ(P) = −[x²]P?
  define(
    library,
    'defectG1',
    { q: point, x: [REDUCED], y: [REDUCED] },
    (f, q, [x], [y]) => {
      const zz = f.sqrLanes(q[2]!)
      const zzz = f.mulLanes(zz, q[2]!)
      return [
        f.reduce(f.sub(f.mulLanes(f.mulLanes(x!, f.constant('BETA_LANES')), zz), q[0]!)),
        f.sum(f.mulLanes(y!, zzz), q[1]!),
      ]
    },
    ['x', 'y'],
  )
}

interface Crossed {
  /** x1·x2, y1·y2, z1·z2. */
  readonly xx: Value
  readonly yy: Value
  readonly zz: Value
  /** x1·y2 + x2·y1, and so on; yz with its negative. */
  readonly xy: Value
  readonly yz: Opposites
  readonly xz: Value
}

type Opposites = { readonly plus: Value; readonly minus: Value }

/** a − b − c and its negative. */
function difference(f: Formula, a: Value, b: Value, c: Value): Opposites {
  return { plus: f.subTwo(a, b, c), minus: f.sub(f.add(b, c), a) }
}

/**
 * The end of a complete addition. 3b = 12 (in G2 times ξ) is spread over both factors of what it multiplies, so that
 * nothing has to be reduced in between: no addition looks anything up, which those with secrets must not.
 */
function addition(f: Formula, mul: 'mul' | 'mulLanes', { xx, yy, zz, xy, yz, xz }: Crossed): Values {
  const twist = (value: Value): Value => (mul === 'mul' ? f.xi(value) : value)
  const bzz = twist(f.times(12, zz))
  const xz4 = twist(f.times(4, xz))
  const plus = f.sum(yy, bzz)
  const minus = f.sub(yy, bzz)
  const xx3 = f.times(3, xx)
  return [
    sumOfProducts(f, mul, xy, minus, xz4, f.times(3, yz.minus)),
    sumOfProducts(f, mul, plus, minus, xz4, f.times(3, xx3)),
    sumOfProducts(f, mul, yz.plus, plus, xy, xx3),
  ]
}

/** a·b + c·d; with one reduction where there is a kernel for it. */
function sumOfProducts(f: Formula, mul: 'mul' | 'mulLanes', a: Value, b: Value, c: Value, d: Value): Value {
  return mul === 'mulLanes' ? f.mulLanesSum(a, b, c, d) : f.sum(f.mul(a, b), f.mul(c, d))
}

/** Doubles a point; also what the line functions need. */
export function doubling(
  f: Formula,
  [x, y, z]: Values,
  mul: 'mul' | 'mulLanes',
  sqr: 'sqr' | 'sqrLanes',
  b3: (f: Formula, value: Value) => Value,
): { point: Values; b: Value; e: Value; h: Value } {
  const b = f[sqr](y!)
  const zz = f[sqr](z!)
  const e = b3(f, zz)
  const h = f.subTwo(f[sqr](f.sum(y!, z!)), b, zz)
  const triple = f.times(3, e)
  const xy2 = f.times(2, f[mul](x!, y!))
  const ee12 = f.times(3, f[sqr](f.times(2, e)))
  const point = [f[mul](xy2, f.sub(b, triple)), f.sub(f[sqr](f.sum(b, triple)), ee12), f[mul](f.times(4, b), h)]
  return { point, b, e, h }
}

/**
 * Line functions of the Miller loop, evaluated at P (given as 3·xP, xP, −yP and yP in both lanes), with the untwist
 * (x, y) → (x/w², y/w³). A line has coefficients at 1, v and vw; factors from Fp2 are killed by the final
 * exponentiation.
 */
export function defineLines(library: Library): void {
  const affine = three(stored(4)) // 3xP, −xP, yP
  // out = T' (3 pairs), line (3): E − B, 3X²·xP, −H·yP
  define(
    library,
    'doubleWithLine',
    { t: POINT, p: affine },
    (f, t, p) => {
      const twist = (g: Formula, value: Value) => g.xi(g.reduce(g.times(12, value)))
      const { point, b, e, h } = doubling(f, t, 'mul', 'sqr', twist)
      const xx = f.sqr(t[0]!)
      const line = [f.sub(e, b), f.mulLanes(xx, p[0]!), f.neg(f.mulLanes(h, p[2]!))]
      return [...point, ...line]
    },
    ['p'],
  )
  // T + Q for affine Q: θ = Y − yQ·Z, λ = X − xQ·Z; line: θ·xQ − λ·yQ, −θ·xP, λ·yP
  define(
    library,
    'addWithLine',
    { t: POINT, q: [stored(4), stored(4)], p: affine },
    (f, t, q, p) => {
      const [x, y, z] = t as [Value, Value, Value]
      const theta = f.sub(y, f.mul(q[1]!, z))
      const lambda = f.sub(x, f.mul(q[0]!, z))
      const d = f.sqr(f.reduce(lambda))
      const e = f.mul(lambda, d)
      const ff = f.mul(z, f.sqr(f.reduce(theta)))
      const g = f.mul(x, d)
      const h = f.subTwo(f.sum(e, ff), g, g)
      const y3 = f.sub(f.mul(theta, f.sub(g, h)), f.mul(e, y))
      const line = [
        f.sub(f.mul(theta, q[0]!), f.mul(lambda, q[1]!)),
        f.mulLanes(theta, p[1]!),
        f.mulLanes(lambda, p[2]!),
      ]
      return [f.mul(lambda, h), y3, f.mul(z, e), ...line]
    },
    ['p', 'q'],
  )
  // (a0 + a1·v + a4·vw)(b0 + b1·v + b4·vw): 1, v, v², vw, v²w
  define(library, 'multiplyLines', { a: LINE, b: LINE }, (f, a, b) => {
    const [a0, a1, a4] = a as [Value, Value, Value]
    const [b0, b1, b4] = b as [Value, Value, Value]
    const v0 = f.mul(a0, b0)
    const v1 = f.mul(a1, b1)
    const v4 = f.mul(a4, b4)
    const m01 = f.subTwo(f.mul(f.add(a0, a1), f.add(b0, b1)), v0, v1)
    const m04 = f.subTwo(f.mul(f.add(a0, a4), f.add(b0, b4)), v0, v4)
    const m14 = f.subTwo(f.mul(f.add(a1, a4), f.add(b1, b4)), v1, v4)
    return reduceAll(f, [f.sum(v0, f.xi(v4)), m01, v1, m04, m14])
  })
}
