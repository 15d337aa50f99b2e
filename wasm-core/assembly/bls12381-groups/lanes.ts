/** Lanes for secrets: like `bls12381/lanes.ts`, but with the same operations whatever the values. */
import { f2mulLanes, f2sqrLanes } from '../../generated/bls12381/field'
import { PAIR, POINT, powChain } from '../bls12381/lanes'
import { LANE_POINT } from './windows'

const POWER: usize = memory.data(112, 16)

/** out = 1/a = a^(p − 2) in each lane, by Fermat; 0 for 0. `out` must not be `a`. */
export function inverseSteady(out: usize, a: usize): void {
  powChain(POWER, a) // (p − 3)/4
  f2sqrLanes(POWER, POWER)
  f2sqrLanes(POWER, POWER)
  f2mulLanes(out, POWER, a)
}

/** Both lanes of `out` = the one-lane point at `from`. */
export function splatPoint(out: usize, from: usize): void {
  for (let i: usize = 0; i < LANE_POINT; i += 4) {
    const limb = load<u32>(from + i)
    store<u32>(out + 2 * i, limb)
    store<u32>(out + 2 * i, limb, 4)
  }
}

/** Lane 0 of `from` as a one-lane point. */
export function takePoint(to: usize, from: usize): void {
  for (let i: usize = 0; i < LANE_POINT; i += 4) store<u32>(to + i, load<u32>(from + 2 * i))
}

/** Ones when a = b, for numbers below 2^31. */
export function onesWhereEqual(a: u32, b: u32): u32 {
  return 0 - (((a ^ b) - 1) >> 31)
}

/**
 * out = in each lane the entry `first` or `second` of the `count` points at `table`. All of them are read, and masks
 * keep what is wanted.
 */
export function lookUp(out: usize, table: usize, count: u32, first: u32, second: u32): void {
  for (let at: usize = 0; at < POINT; at += 48) {
    let r0 = i32x4.splat(0)
    let r1 = r0
    let r2 = r0
    for (let j: u32 = 0; j < count; j++) {
      const entry = table + POINT * <usize>j + at
      const a = onesWhereEqual(j, first)
      const b = onesWhereEqual(j, second)
      const mask = i64x2.splat(<u64>a | (<u64>b << 32))
      r0 = v128.or(r0, v128.and(mask, v128.load(entry)))
      r1 = v128.or(r1, v128.and(mask, v128.load(entry, 16)))
      r2 = v128.or(r2, v128.and(mask, v128.load(entry, 32)))
    }
    v128.store(out + at, r0)
    v128.store(out + at, r1, 16)
    v128.store(out + at, r2, 32)
  }
}

/** out = in each lane b where the sign of that lane is −1, a where it is 0. */
export function choose(out: usize, a: usize, b: usize, first: i32, second: i32): void {
  const mask = i64x2.splat(<u64><u32>first | (<u64><u32>second << 32))
  for (let i: usize = 0; i < PAIR; i += 16)
    v128.store(out + i, v128.bitselect(v128.load(b + i), v128.load(a + i), mask))
}
