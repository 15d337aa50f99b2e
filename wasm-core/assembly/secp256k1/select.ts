/** Reading tables at secret places, and signs. */
import { assignMasked, fieldNegate } from './field'
import { SECRET_WORK } from './memory'
import { scalarNegate } from './scalar'

/** Points of a window, affine, 80 bytes each. */
export const ENTRIES: usize = 16
const NEGATED: usize = SECRET_WORK

/**
 * out = (2·digit - 31) times a point, for a digit below 32. The window holds 1, 3, …, 31 times the point: all sixteen
 * entries are read and one is kept by masks; the sign is applied by a mask. 80 bytes are written.
 */
export function lookUp(out: usize, window: usize, digit: u32): void {
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
  v128.store(out, r0)
  v128.store(out, r1, 16)
  v128.store(out, r2, 32)
  v128.store(out, r3, 48)
  v128.store(out, r4, 64)
  fieldNegate(NEGATED, out + 40)
  store<u32>(NEGATED, 0, 36)
  assignMasked(out + 40, NEGATED, <u64>negative | (<u64>negative << 32))
}

/** Five bits at `bit` of a number in memory, of which at least 16 bits from there on can be read. */
export function fiveBits(words: usize, bit: usize): u32 {
  return (load<u32>(words + (bit >> 3)) >> <u32>(bit & 7)) & 31
}

/** scalar = n - scalar when y of the frozen affine point is odd. */
export function negateIfOdd(scalar: usize, point: usize): void {
  scalarNegate(NEGATED, scalar)
  store<u32>(NEGATED, 0, 36)
  assignMasked(scalar, NEGATED, 0 - (<u64>load<u32>(point, 40) & 1))
}
