/**
 * k·G for secret k, with the same operations and memory accesses for every k.
 *
 * With E = (k - b + 2^260 - 1)/2 mod n and E = Σ e_i·32^i, k - b = Σ (2·e_i - 31)·32^i: 52 digits, each odd and between
 * -31 and 31, never zero. The table holds 1, 3, …, 31 times 32^i·G for each i. The sum starts at b·G, the blinding. A
 * look-up reads all sixteen entries, and the addition formula is complete.
 */
import { FIELD_ONE, fieldAdd, fieldFreeze, fieldMul, GENERATOR_X, GENERATOR_Y } from '../../generated/secp256k1/field'
import { completeAddAffine, jacobianDouble } from '../../generated/secp256k1/points'
import { R_HALF } from '../../generated/secp256k1/scalar'
import { advanceBlinding, OFFSET, START, startBlinding } from './blinding'
import { copyElement, fieldInvert, toWords } from './field'
import { SECRET_WORK } from './memory'
import { jacobianToAffine, oddMultiplesAffine } from './points'
import { multiplyFrozen } from './scalar'
import { ENTRIES, fiveBits, lookUp } from './select'

const WINDOWS: usize = 52
const TABLE: usize = memory.data(66560, 16) // 52 · 16 · 80, public

const DIGITS: usize = SECRET_WORK + 48 // 40 bytes: E as little-endian words, zero above
const ENTRY: usize = SECRET_WORK + 88
const SUM: usize = SECRET_WORK + 168
const SCALAR: usize = SECRET_WORK + 288

/** Computes the table. Public values only. */
export function prepareComb(): void {
  startBlinding()
  copyElement(SUM, GENERATOR_X)
  copyElement(SUM + 40, GENERATOR_Y)
  for (let i: usize = 0; i < WINDOWS; i++) {
    oddMultiplesAffine(TABLE + i * ENTRIES * 80, ENTRIES, SUM)
    copyElement(SUM + 80, FIELD_ONE)
    for (let j = 0; j < 5; j++) jacobianDouble(SUM, SUM)
    jacobianToAffine(SUM, SUM)
  }
}

/** out = k·G as affine, frozen x and y, for frozen k in 1..n-1. */
export function combMultiply(out: usize, k: usize): void {
  fieldAdd(SCALAR, k, OFFSET)
  multiplyFrozen(SCALAR, SCALAR, R_HALF)
  toWords(DIGITS, SCALAR)
  store<u64>(DIGITS, 0, 32)
  memory.copy(SUM, START, 120)
  for (let i: usize = 0; i < WINDOWS; i++) {
    lookUp(ENTRY, TABLE + i * ENTRIES * 80, fiveBits(DIGITS, 5 * i))
    completeAddAffine(SUM, SUM, ENTRY)
  }
  toAffine(out, SUM)
  advanceBlinding()
}

/** out = (X/Z, Y/Z), frozen: a homogeneous point made affine. */
export function toAffine(out: usize, p: usize): void {
  fieldInvert(SCALAR, p + 80)
  fieldMul(out, p, SCALAR)
  fieldMul(out + 40, p + 40, SCALAR)
  fieldFreeze(out, out)
  fieldFreeze(out + 40, out + 40)
}
