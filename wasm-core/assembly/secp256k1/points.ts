import { FIELD_ONE, fieldFreeze, fieldMul, fieldSqr } from '../../generated/secp256k1/field'
import { jacobianAddAffine, jacobianDouble, RATIO } from '../../generated/secp256k1/points'
import { copyElement, fieldInvert } from './field'
import { PUBLIC_WORK } from './memory'

// Scratch for public points only.
const SUM: usize = PUBLIC_WORK
const STEP: usize = PUBLIC_WORK + 120
const FACTOR: usize = PUBLIC_WORK + 240
const SQUARE: usize = PUBLIC_WORK + 280
const CUBE: usize = PUBLIC_WORK + 320
/** What the Z of the points printed last must be multiplied by to be the true one. */
export const UNIT: usize = PUBLIC_WORK + 360
/** Ratios of consecutive Z; as many as the largest table has entries. */
const RATIOS: usize = memory.data(64 * 40, 16)

/** SQUARE = z², CUBE = z³. */
function powersOf(z: usize): void {
  fieldSqr(SQUARE, z)
  fieldMul(CUBE, SQUARE, z)
}

function rescale(point: usize): void {
  fieldMul(point, point, SQUARE)
  fieldMul(point + 40, point + 40, CUBE)
}

/**
 * Fills `table` with p, 3p, 5p, … (`count` affine points of 80 bytes) without a single inversion: on the isomorphic
 * curve (x, y) -> (x·u², y·u³) with u the Z of 2p, the step 2p is affine, and afterwards all entries are brought to the
 * Z of the last one. UNIT is what relates that curve to the true one.
 */
export function oddMultiples(table: usize, count: usize, p: usize): void {
  memory.copy(SUM, p, 80)
  copyElement(SUM + 80, FIELD_ONE)
  jacobianDouble(STEP, SUM)
  powersOf(STEP + 80)
  rescale(SUM)
  memory.copy(table, SUM, 80)
  for (let i: usize = 1; i < count; i++) {
    jacobianAddAffine(SUM, SUM, STEP) // never ±STEP: the points are odd multiples of a point of prime order
    copyElement(RATIOS + 40 * i, RATIO)
    memory.copy(table + 80 * i, SUM, 80)
  }
  fieldMul(UNIT, SUM + 80, STEP + 80)
  copyElement(FACTOR, RATIOS + 40 * (count - 1))
  for (let i = count - 1; i-- > 0; ) {
    powersOf(FACTOR)
    rescale(table + 80 * i)
    if (i > 0) fieldMul(FACTOR, FACTOR, RATIOS + 40 * i)
  }
}

/** The same, as true affine points with frozen coordinates. */
export function oddMultiplesAffine(table: usize, count: usize, p: usize): void {
  oddMultiples(table, count, p)
  fieldInvert(FACTOR, UNIT)
  powersOf(FACTOR)
  for (let i: usize = 0; i < count; i++) {
    const entry = table + 80 * i
    rescale(entry)
    fieldFreeze(entry, entry)
    fieldFreeze(entry + 40, entry + 40)
  }
}

/** out = (X/Z², Y/Z³), frozen: a Jacobian point made affine. out may be p. */
export function jacobianToAffine(out: usize, p: usize): void {
  fieldInvert(FACTOR, p + 80)
  powersOf(FACTOR)
  memory.copy(out, p, 80)
  rescale(out)
  fieldFreeze(out, out)
  fieldFreeze(out + 40, out + 40)
}
