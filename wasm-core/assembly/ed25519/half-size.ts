/**
 * Halves a challenge: for k below L, numbers a ≥ 0 and b ≠ 0 of half the length with a = b·k mod L (Antipa et al. 2005;
 * Pornin 2020). Then b·(S·B - R - k·A) = (b·S)·B - b·R - a·A takes half the doublings; it is in the same subgroup of
 * order 8 or not, because b is invertible modulo L and the cofactor clears the rest. Variable time, public numbers.
 *
 * Euclid's algorithm on L and k, stopped in the middle: each remainder r belongs to a t with r = ±t·k mod L, and the
 * product of one remainder with the next t never exceeds L. Signs alternate, so only sizes are kept.
 */
import { ORDER } from '../../generated/ed25519/scalar'
import { VERIFYING } from './memory'

/** Bits of a and b. */
export const HALF: i32 = 127

/** Two numbers of four u64 and two of two, each with 32 bytes of zeros in front, from which shifted reads take zeros. */
const WORK: usize = VERIFYING + 768
const PAIR_BYTES: usize = 128
const T: usize = 64

/** Writes a and the size of b as 32 bytes each. @returns whether b is negative. */
export function halve(outA: usize, outB: usize, k: usize): bool {
  memory.fill(WORK, 0, 2 * PAIR_BYTES)
  let large = WORK + 32
  let small = large + PAIR_BYTES
  memory.copy(large, ORDER, 32)
  memory.copy(small, k, 32)
  store<u64>(small + T, 1)
  let negative = false
  while (lengthOf(small) >= HALF) {
    divide(large, small)
    const next = large
    large = small
    small = next
    negative = !negative
  }
  memory.copy(outA, small, 32)
  memory.fill(outB, 0, 32)
  memory.copy(outB, small + T, 16)
  return negative
}

/** large = large mod small, and the same combination, without signs, of what belongs to them. */
function divide(large: usize, small: usize): void {
  const length = lengthOf(small)
  while (true) {
    let shift = lengthOf(large) - length
    if (shift < 0) return
    if (!subtractShifted(large, small, shift)) {
      if (shift == 0) return
      subtractShifted(large, small, --shift)
    }
    addShifted(large + T, small + T, shift)
  }
}

/** a -= b·2^shift on four u64. Nothing and false when that is negative. */
function subtractShifted(a: usize, b: usize, shift: i32): bool {
  const from = b - 8 * (<usize>shift >> 6)
  const bits = <u64>shift & 63
  const b0 = shiftedLimb(from, bits)
  const b1 = shiftedLimb(from + 8, bits)
  const b2 = shiftedLimb(from + 16, bits)
  const b3 = shiftedLimb(from + 24, bits)
  const a0 = load<u64>(a)
  const a1 = load<u64>(a, 8)
  const a2 = load<u64>(a, 16)
  const a3 = load<u64>(a, 24)
  const borrow0 = <u64>(a0 < b0)
  const borrow1 = <u64>(a1 < b1) | (<u64>(a1 == b1) & borrow0)
  const borrow2 = <u64>(a2 < b2) | (<u64>(a2 == b2) & borrow1)
  if (a3 < b3 || (a3 == b3 && borrow2 != 0)) return false
  store<u64>(a, a0 - b0)
  store<u64>(a, a1 - b1 - borrow0, 8)
  store<u64>(a, a2 - b2 - borrow1, 16)
  store<u64>(a, a3 - b3 - borrow2, 24)
  return true
}

/** a += b·2^shift on two u64, where it fits. */
function addShifted(a: usize, b: usize, shift: i32): void {
  const from = b - 8 * (<usize>shift >> 6)
  const bits = <u64>shift & 63
  const low = shiftedLimb(from, bits)
  const sum = load<u64>(a) + low
  store<u64>(a, sum)
  store<u64>(a, load<u64>(a, 8) + shiftedLimb(from + 8, bits) + <u64>(sum < low), 8)
}

function shiftedLimb(at: usize, bits: u64): u64 {
  return (load<u64>(at) << bits) | ((load<u64>(at - 8) >> 1) >> (63 - bits))
}

/** Bits of a number of four u64. */
function lengthOf(a: usize): i32 {
  for (let i: i32 = 3; i >= 0; i--) {
    const limb = load<u64>(a + 8 * <usize>i)
    if (limb != 0) return 64 * i + 64 - <i32>clz(limb)
  }
  return 0
}
