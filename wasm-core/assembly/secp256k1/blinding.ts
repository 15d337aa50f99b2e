/**
 * The blinding of secret scalars: a random b, and b·G. k·G is computed as b·G + (k - b)·G, so that what the machine does
 * for a key is masked by a number that nobody outside knows, and coordinates get random denominators. After each use b
 * is doubled; the host draws a new one from time to time. This state outlasts a call and is not wiped: by itself it
 * tells nothing about any key.
 */
import { FIELD_ONE, FIELD_ZERO, fieldAdd, fieldMul, fieldSqr } from '../../generated/secp256k1/field'
import { completeDouble } from '../../generated/secp256k1/points'
import { COMB_OFFSET, scalarFreeze } from '../../generated/secp256k1/scalar'
import { copyElement } from './field'
import { scalarNegate } from './scalar'

/** Where the state lies: for the test that looks for secrets everywhere else. */
export const BLINDING: usize = memory.data(240, 16)
export const BLINDING_BYTES: usize = 240

const B: usize = BLINDING
/** What the comb adds to a scalar: its own offset, less b. */
export const OFFSET: usize = BLINDING + 40
/** b·G, where the comb starts. Homogeneous. */
export const START: usize = BLINDING + 80
/** A number that is not zero, to write the identity as (0 : STRETCH : 0). */
export const STRETCH: usize = BLINDING + 200

/** b = 0, until the host gives randomness. */
export function startBlinding(): void {
  memory.fill(B, 0, 40)
  copyElement(START, FIELD_ZERO)
  copyElement(START + 40, FIELD_ONE)
  copyElement(START + 80, FIELD_ZERO)
  copyElement(STRETCH, FIELD_ONE)
  setOffset()
}

/** b and its affine point b·G, and any field element but zero. */
export function setBlinding(b: usize, point: usize, stretch: usize): void {
  copyElement(B, b)
  fieldMul(START, point, stretch)
  fieldMul(START + 40, point + 40, stretch)
  copyElement(START + 80, stretch)
  copyElement(STRETCH, stretch)
  setOffset()
}

/** Another blinding for the next use. */
export function advanceBlinding(): void {
  fieldAdd(B, B, B)
  scalarFreeze(B, B)
  completeDouble(START, START)
  fieldSqr(STRETCH, STRETCH)
  setOffset()
}

function setOffset(): void {
  scalarNegate(OFFSET, B)
  fieldAdd(OFFSET, OFFSET, COMB_OFFSET)
  scalarFreeze(OFFSET, OFFSET)
}
