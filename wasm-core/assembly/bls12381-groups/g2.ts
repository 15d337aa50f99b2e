/** k·g in G2 for a secret k: the key that belongs to it. The same operations and addresses for every k. */
import { f2addCarried, f2copy, f2mulLanes, f2sqrLanes, ONE } from '../../generated/bls12381/field'
import { conjugateSteady, doubleG2Steady, G2_X, G2_Y, negateSum, normaliseG2 } from '../../generated/bls12381/groups'
import { addG2 } from '../../generated/bls12381/points'
import { PAIR, POINT, pick } from '../bls12381/lanes'
import { setIdentity } from '../bls12381/points'
import { recode } from './halves'
import { choose, inverseSteady, lookUp } from './lanes'
import { readScalar } from './scalar'
import { RESULT, SCALARS } from './windows'

const PLACES: usize = 65
/** 0 to 8 times the generator. */
const ENTRIES: u32 = 9
const TABLE: usize = memory.data(9 * 3 * 112, 16)
const SCALAR: usize = memory.data(32, 16)
const PLACE_DIGITS: usize = memory.data(65, 16)
const SUM: usize = memory.data(3 * 112, 16)
const TERM: usize = memory.data(3 * 112, 16)
const MINUS_Y: usize = memory.data(112, 16)
const NORM: usize = memory.data(112, 16)
const OTHER: usize = memory.data(112, 16)
const INVERSE: usize = memory.data(112, 16)

/** RESULT = X ‖ Y of the first scalar in the window, which must not be 0, times the generator of G2. */
export function multiplyGeneratorG2(): void {
  setIdentity(TABLE, ONE)
  f2copy(TABLE + POINT, G2_X)
  f2copy(TABLE + POINT + PAIR, G2_Y)
  f2copy(TABLE + POINT + 2 * PAIR, ONE)
  for (let n: usize = 2; n < <usize>ENTRIES; n++) addG2(TABLE + n * POINT, TABLE + (n - 1) * POINT, TABLE + POINT)
  readScalar(SCALAR, SCALARS)
  recode(PLACE_DIGITS, SCALAR, 32)
  setIdentity(SUM, ONE)
  for (let step: usize = 0; step < PLACES; step++) {
    for (let i = 0; i < 4; i++) doubleG2Steady(SUM, SUM)
    const digit = <i32>load<i8>(PLACE_DIGITS + PLACES - 1 - step)
    const sign = digit >> 31
    const size: u32 = (digit ^ sign) - sign
    lookUp(TERM, TABLE, ENTRIES, size, size)
    negateSum(MINUS_Y, TERM + PAIR)
    choose(TERM + PAIR, TERM + PAIR, MINUS_Y, sign, sign)
    addG2(SUM, SUM, TERM)
  }
  inverseFp2Steady(INVERSE, SUM + 2 * PAIR)
  normaliseG2(SUM, SUM, INVERSE)
  memory.copy(RESULT, SUM, 2 * PAIR)
}

/** out = 1/a = conj(a)/N(a). */
function inverseFp2Steady(out: usize, a: usize): void {
  f2sqrLanes(NORM, a)
  pick(OTHER, NORM, 1, NORM, 0)
  f2addCarried(NORM, NORM, OTHER)
  inverseSteady(OTHER, NORM)
  conjugateSteady(NORM, a)
  f2mulLanes(out, NORM, OTHER)
}
