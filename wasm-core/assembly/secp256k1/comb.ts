/**
 * k·G for secret k, with the same operations and memory accesses for every k.
 *
 * With E = (k + 2^260 - 1)/2 mod n and E = Σ e_i·32^i, k = Σ (2·e_i - 31)·32^i: 52 digits, each odd and between -31 and
 * 31, never zero. The table holds 1, 3, …, 31 times 32^i·G for each i. A look-up reads all sixteen entries and keeps
 * one by masks, the sign is applied by a mask, and the addition formula is complete.
 */
import { FIELD_ONE, FIELD_ZERO, fieldAdd, fieldFreeze, fieldMul, GENERATOR_X, GENERATOR_Y } from '../../generated/secp256k1/field'
import { completeAddAffine, jacobianDouble } from '../../generated/secp256k1/points'
import { COMB_OFFSET, R_HALF } from '../../generated/secp256k1/scalar'
import { assignMasked, copyElement, fieldInvert, fieldNegate, toWords } from './field'
import { COMB_WORK } from './memory'
import { jacobianToAffine, oddMultiplesAffine } from './points'
import { multiplyFrozen } from './scalar'

const WINDOWS: usize = 52
const ENTRIES: usize = 16
const TABLE: usize = memory.data(66560, 16) // 52 · 16 · 80, public

const DIGITS: usize = COMB_WORK // 40 bytes: E as little-endian words, zero above
const ENTRY: usize = COMB_WORK + 40 // 80 bytes, then 8 to make it a multiple of 16
const NEGATED: usize = COMB_WORK + 128
const SUM: usize = COMB_WORK + 168
const SCALAR: usize = COMB_WORK + 288

/** Computes the table. Public values only. */
export function prepareComb(): void {
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
  fieldAdd(SCALAR, k, COMB_OFFSET)
  multiplyFrozen(SCALAR, SCALAR, R_HALF)
  toWords(DIGITS, SCALAR)
  store<u64>(DIGITS, 0, 32)
  copyElement(SUM, FIELD_ZERO)
  copyElement(SUM + 40, FIELD_ONE)
  copyElement(SUM + 80, FIELD_ZERO)
  for (let i: usize = 0; i < WINDOWS; i++) {
    const bit = 5 * i
    const digit = (load<u32>(DIGITS + (bit >> 3)) >> <u32>(bit & 7)) & 31
    lookUp(TABLE + i * ENTRIES * 80, digit)
    completeAddAffine(SUM, SUM, ENTRY)
  }
  fieldInvert(SCALAR, SUM + 80)
  fieldMul(out, SUM, SCALAR)
  fieldMul(out + 40, SUM + 40, SCALAR)
  fieldFreeze(out, out)
  fieldFreeze(out + 40, out + 40)
}

/** ENTRY = (2·digit - 31) times the window's base. */
function lookUp(window: usize, digit: u32): void {
  const negative = (digit >> 4) - 1 // all ones below 16
  const wanted = (digit ^ negative) & 15
  let r0 = i64x2.splat(0)
  let r1 = r0
  let r2 = r0
  let r3 = r0
  let r4 = r0
  for (let j: u32 = 0; j < 16; j++) {
    const entry = window + 80 * j
    const mask = i32x4.splat(0 - (((j ^ wanted) - 1) >> 31)) // all ones where j = wanted
    r0 = v128.or(r0, v128.and(mask, v128.load(entry)))
    r1 = v128.or(r1, v128.and(mask, v128.load(entry, 16)))
    r2 = v128.or(r2, v128.and(mask, v128.load(entry, 32)))
    r3 = v128.or(r3, v128.and(mask, v128.load(entry, 48)))
    r4 = v128.or(r4, v128.and(mask, v128.load(entry, 64)))
  }
  v128.store(ENTRY, r0)
  v128.store(ENTRY, r1, 16)
  v128.store(ENTRY, r2, 32)
  v128.store(ENTRY, r3, 48)
  v128.store(ENTRY, r4, 64)
  fieldNegate(NEGATED, ENTRY + 40)
  assignMasked(ENTRY + 40, NEGATED, <u64>negative | (<u64>negative << 32))
}
