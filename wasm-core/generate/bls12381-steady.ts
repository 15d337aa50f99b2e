/**
 * Formulas for secrets, without the weak reduction: its table look-up depends on the value. Where something must
 * shrink it is multiplied by one, which is a Montgomery reduction.
 * @module
 */
import { refuseUnless } from './bls12381-bounds.ts'
import { doubling } from './bls12381-points.ts'
import { define, type Formula, type Library, stored, type Value } from './bls12381-program.ts'

const COORDINATE = stored(8)
const POINT = [COORDINATE, COORDINATE, COORDINATE]
/** Coordinates of sums, which is what tables of multiples hold. */
const OF_SUM = stored(4)

export function defineSteady(library: Library): void {
  const one = (f: Formula, value: Value): Value => f.mulLanes(value, f.constant('ONE_LANES'))

  for (const sum of ['addLanes', 'addG2']) {
    const large = library.signatures.get(sum)?.output.find(({ value }) => value > OF_SUM.value)
    refuseUnless(large === undefined, () => `${sum} leaves ${large?.value}·p, negateSum takes ${OF_SUM.value}·p`)
  }
  define(library, 'negateSum', { y: [OF_SUM] }, (f, [y]) => [f.neg(y!)])
  define(library, 'negateSteady', { a: [COORDINATE] }, (f, [a]) => [one(f, f.neg(a!))])
  define(library, 'conjugateSteady', { a: [COORDINATE] }, (f, [a]) => [one(f, f.conj(a!))])
  define(library, 'doubleG2Steady', { a: POINT }, (f, p) => {
    const twist = (g: Formula, value: Value) => g.xi(one(g, g.times(12, value)))
    return doubling(f, p, 'mul', 'sqr', twist).point
  })

  // (P, −φ(P)) of the same point in both lanes; [x²]P = −φ(P).
  define(library, 'endomorphismLanes', { a: POINT }, (f, [x, y, z]) => [
    f.mulLanes(x!, f.constant('ONE_AND_BETA')),
    f.mulLanes(y!, f.constant('ONE_AND_MINUS_ONE')),
    one(f, z!),
  ])

  // Z = 1, or (0 : 1 : 0) for the identity, whose Z and inverse are 0: Y becomes Y/Z + 1 − Z/Z.
  for (const [suffix, mul] of [
    ['Lanes', 'mulLanes'],
    ['G2', 'mul'],
  ] as const) {
    const unit = suffix === 'G2' ? 'ONE' : 'ONE_LANES'
    define(library, `normalise${suffix}`, { a: POINT, inverse: [COORDINATE] }, (f, [x, y, z], [inverse]) => {
      const z1 = f[mul](z!, inverse!)
      const y1 = f.sub(f.sum(f[mul](y!, inverse!), f.constant(unit)), z1)
      return [f[mul](x!, inverse!), one(f, y1), z1]
    })
  }
}
