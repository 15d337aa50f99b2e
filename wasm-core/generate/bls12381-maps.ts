/**
 * Square roots and the map to G2: the straight-line parts of `assembly/bls12381/roots.ts` and `hash-to-g2.ts`.
 * @module
 */
import { define, type Library, stored, type Value } from './bls12381-program.ts'

/** Square roots, two at a time; see roots.ts for the method. All of these work lane by lane. */
export function defineRoots(library: Library): void {
  const lanes = [stored(8)]
  // nu·nv³, to be raised to (p − 3)/4
  define(library, 'ratioBase', { nu: lanes, nv: lanes }, (f, [nu], [nv]) => [
    f.mulLanes(f.mulLanes(nu!, nv!), f.sqrLanes(nv!)),
  ])
  // s = nu·nv·e; s²·nv − nu; nu·nv²·e²
  define(
    library,
    'ratioRoot',
    { nu: lanes, nv: lanes, e: lanes },
    (f, [nu], [nv], [e]) => {
      const ve = f.mulLanes(nv!, e!)
      const s = f.mulLanes(nu!, ve)
      return [s, f.sub(f.mulLanes(f.sqrLanes(s), nv!), nu!), f.mulLanes(nu!, f.sqrLanes(ve))]
    },
    ['nu', 'nv', 'e'],
  )
  define(library, 'rootBase', { a: lanes, n: lanes }, (f, [a], [n]) => [
    f.mulLanes(f.add(a!, n!), f.constant('HALF_LANES')),
  ])
  // r = t·w; b·w/2; r² − t
  define(
    library,
    'rootParts',
    { t: lanes, w: lanes, b: lanes },
    (f, [t], [w], [b]) => {
      const r = f.mulLanes(t!, w!)
      return [r, f.mulLanes(f.mulLanes(b!, w!), f.constant('HALF_LANES')), f.sub(f.sqrLanes(r), t!)]
    },
    ['t', 'w', 'b'],
  )
  define(library, 'rightSideLanes', { x: lanes }, (f, [x]) => [
    f.sum(f.mulLanes(f.sqrLanes(x!), x!), f.constant('FOUR_LANES')),
  ])
  define(library, 'rightSideG2', { x: lanes }, (f, [x]) => [f.sum(f.mul(f.sqr(x!), x!), f.constant('B_G2'))])
}

/** Simplified SWU to the isogenous curve and the 3-isogeny back (RFC 9380 §6.6.2, appendix E.3). */
export function defineMap(library: Library): void {
  const element = [stored(8)]
  // Z·u², B·(t + 1), −A·t with t = Z²u⁴ + Zu²
  define(library, 'sswuTerms', { u: element }, (f, [u]) => {
    const zu2 = f.mul(f.sqr(u!), f.constant('SSWU_Z'))
    const t = f.sum(f.sqr(zu2), zu2)
    const numerator = f.mul(f.sum(t, f.constant('ONE')), f.constant('SSWU_B'))
    return [f.reduce(zu2), numerator, f.neg(f.mul(t, f.constant('SSWU_A')))]
  })
  // For x = n/d: g(x)·d³, d³, n·d²
  define(
    library,
    'sswuCurve',
    { n: element, d: element },
    (f, [n], [d]) => {
      const dd = f.sqr(d!)
      const ddd = f.mul(dd, d!)
      const ndd = f.mul(n!, dd)
      const cubic = f.mul(f.sqr(n!), n!)
      const rest = f.sum(f.mul(ndd, f.constant('SSWU_A')), f.mul(ddd, f.constant('SSWU_B')))
      return [f.sum(cubic, rest), f.reduce(ddd), f.reduce(ndd)]
    },
    ['n', 'd'],
  )
  define(
    library,
    'isogeny',
    { x: element, y: element },
    (f, [x], [y]) => {
      const horner = (name: string, degree: number, monic: boolean): Value => {
        const k = (i: number) => f.constant(i === 0 ? `ISOGENY_${name}` : `ISOGENY_${name} + ${i * 112}`)
        let value = monic ? f.sum(x!, k(degree - 1)) : f.sum(f.mul(k(degree), x!), k(degree - 1))
        for (let i = degree - 2; i >= 0; i--) value = f.sum(f.mul(value, x!), k(i))
        return value
      }
      const xn = horner('X_NUMERATOR', 3, false)
      const xd = horner('X_DENOMINATOR', 2, true)
      const yn = horner('Y_NUMERATOR', 3, false)
      const yd = horner('Y_DENOMINATOR', 3, true)
      return [f.mul(xn, yd), f.mul(f.mul(y!, yn), xd), f.mul(xd, yd)]
    },
    ['x', 'y'],
  )
}

/** The same for G1, both maps of a hash at once, one per lane (RFC 9380 §6.6.2, appendix E.2). */
export function defineMapG1(library: Library): void {
  const lanes = [stored(8)]
  // Z·u², B·(t + 1), −A·t with t = Z²u⁴ + Zu²
  define(library, 'sswuTermsG1', { u: lanes }, (f, [u]) => {
    const zu2 = f.mulLanes(f.sqrLanes(u!), f.constant('SSWU_G1_Z'))
    const t = f.sum(f.sqrLanes(zu2), zu2)
    const numerator = f.mulLanes(f.sum(t, f.constant('ONE_LANES')), f.constant('SSWU_G1_B'))
    return [f.reduce(zu2), numerator, f.mulLanes(f.neg(t), f.constant('SSWU_G1_A'))]
  })
  // For x = n/d: g(x)·d³, d³, n·d²
  define(
    library,
    'sswuCurveG1',
    { n: lanes, d: lanes },
    (f, [n], [d]) => {
      const dd = f.sqrLanes(d!)
      const ddd = f.mulLanes(dd, d!)
      const ndd = f.mulLanes(n!, dd)
      const cubic = f.mulLanes(f.sqrLanes(n!), n!)
      const rest = f.mulLanesSum(ndd, f.constant('SSWU_G1_A'), ddd, f.constant('SSWU_G1_B'))
      return [f.sum(cubic, rest), f.reduce(ddd), f.reduce(ndd)]
    },
    ['n', 'd'],
  )
  define(
    library,
    'isogenyG1',
    { x: lanes, y: lanes },
    (f, [x], [y]) => {
      const horner = (name: string, degree: number, monic: boolean): Value => {
        const k = (i: number) => f.constant(i === 0 ? `ISOGENY_G1_${name}` : `ISOGENY_G1_${name} + ${i * 112}`)
        let value = monic ? f.sum(x!, k(degree - 1)) : f.sum(f.mulLanes(k(degree), x!), k(degree - 1))
        for (let i = degree - 2; i >= 0; i--) value = f.sum(f.mulLanes(value, x!), k(i))
        return value
      }
      const xn = horner('X_NUMERATOR', 11, false)
      const xd = horner('X_DENOMINATOR', 10, true)
      const yn = horner('Y_NUMERATOR', 15, false)
      const yd = horner('Y_DENOMINATOR', 15, true)
      return [f.mulLanes(xn, yd), f.mulLanes(f.mulLanes(y!, yn), xd), f.mulLanes(xd, yd)]
    },
    ['x', 'y'],
  )
}
