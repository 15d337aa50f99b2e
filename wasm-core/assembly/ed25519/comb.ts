/**
 * k·B for secret k, with the same operations and memory accesses for every k: 64 signed digits of four bits, between -8
 * and 8. The table holds 1…8 times 256^i·B for each i: the odd digits are added first, then come four doublings, then
 * the even ones (Bernstein, Duif, Lange, Schwabe, Yang 2011, §4). A look-up reads all eight entries and keeps one, or
 * the identity, by masks; the sign is applied by a mask; addition is complete.
 */
import { BASE, IDENTITY, IDENTITY_CACHED, negateCached } from '../../generated/ed25519/field'
import { COMB_WORK } from './memory'
import { copyPoint, POINT_BYTES, pointAdd, pointCache, pointDouble } from './points'

const WINDOWS: usize = 32
const ENTRIES: usize = 8
const TABLE: usize = memory.data(36864, 16) // 32 · 8 · 144, public

const DIGITS: usize = COMB_WORK // 64 signed bytes
const ENTRY: usize = COMB_WORK + 64
const NEGATED: usize = COMB_WORK + 208
const SUM: usize = COMB_WORK + 352

/** Computes the table. Public values only. */
export function prepareComb(): void {
  copyPoint(SUM, BASE)
  for (let i: usize = 0; i < WINDOWS; i++) {
    const window = TABLE + i * ENTRIES * POINT_BYTES
    pointCache(window, SUM)
    copyPoint(ENTRY, SUM)
    for (let j: usize = 1; j < ENTRIES; j++) {
      pointAdd(ENTRY, ENTRY, window)
      pointCache(window + j * POINT_BYTES, ENTRY)
    }
    for (let j = 0; j < 8; j++) pointDouble(SUM, SUM)
  }
}

/** out = k·B as X, Y, Z, T, for k below L. */
export function combMultiply(out: usize, k: usize): void {
  recode(k)
  copyPoint(SUM, IDENTITY)
  for (let i: usize = 1; i < 64; i += 2) addDigit(i)
  for (let j: usize = 0; j < 4; j++) pointDouble(SUM, SUM)
  for (let i: usize = 0; i < 64; i += 2) addDigit(i)
  copyPoint(out, SUM)
}

/** Sixty-four digits from -8 to 8: what is 8 or more becomes negative and carries one. */
function recode(k: usize): void {
  let carry: i32 = 0
  for (let i: usize = 0; i < 32; i++) {
    const byte = <i32>load<u8>(k + i)
    const low = (byte & 15) + carry
    carry = (low + 8) >> 4
    store<i8>(DIGITS + 2 * i, <i8>(low - (carry << 4)))
    const high = (byte >> 4) + carry
    carry = (high + 8) >> 4
    store<i8>(DIGITS + 2 * i + 1, <i8>(high - (carry << 4)))
  }
}

function addDigit(i: usize): void {
  const digit = <i32>load<i8>(DIGITS + i)
  const sign = digit >> 31
  lookUp(TABLE + (i >> 1) * ENTRIES * POINT_BYTES, <u32>((digit ^ sign) - sign))
  negateCached(NEGATED, ENTRY)
  const negative = i32x4.splat(sign)
  for (let at: usize = 0; at < POINT_BYTES; at += 16)
    v128.store(ENTRY + at, v128.bitselect(v128.load(NEGATED + at), v128.load(ENTRY + at), negative))
  pointAdd(SUM, SUM, ENTRY)
}

/** Ones when a = b, for numbers below 2^31. */
function maskWhereEqual(a: u32, b: u32): v128 {
  return i32x4.splat(0 - (((a ^ b) - 1) >> 31))
}

/** ENTRY = `wanted` (0…8) times the window's base. */
function lookUp(window: usize, wanted: u32): void {
  const none = maskWhereEqual(0, wanted)
  for (let at: usize = 0; at < POINT_BYTES; at += 48) {
    let r0 = v128.and(none, v128.load(IDENTITY_CACHED + at))
    let r1 = v128.and(none, v128.load(IDENTITY_CACHED + at, 16))
    let r2 = v128.and(none, v128.load(IDENTITY_CACHED + at, 32))
    for (let j: u32 = 0; j < 8; j++) {
      const entry = window + POINT_BYTES * <usize>j + at
      const mask = maskWhereEqual(j + 1, wanted)
      r0 = v128.or(r0, v128.and(mask, v128.load(entry)))
      r1 = v128.or(r1, v128.and(mask, v128.load(entry, 16)))
      r2 = v128.or(r2, v128.and(mask, v128.load(entry, 32)))
    }
    v128.store(ENTRY + at, r0)
    v128.store(ENTRY + at, r1, 16)
    v128.store(ENTRY + at, r2, 32)
  }
}
