/**
 * What pairs need beyond arithmetic: moving lanes, canonical form, comparisons, bytes, and powers of Fp.
 * A "pair" is 112 bytes: 14 limbs of 28 bits for each of two lanes (c0, c1 of Fp2, or two independent elements of Fp).
 */
import {
  CHAIN,
  CHAIN_END,
  f2copy,
  f2mulLanes,
  f2sqrLanes,
  HALF_P_WORDS,
  P_WORDS,
  RAW_ONE,
  RAW_R2,
} from '../../generated/bls12381/field'
import { invertLimbs } from './inverse'

export const PAIR: usize = 112
export const POINT: usize = 3 * PAIR
const LIMBS: usize = 14
const LIMB_MASK: u32 = 0xfffffff

/** Canonical limbs, out of Montgomery form, of the pair looked at last. */
const CANONICAL: usize = memory.data(112, 16)
const POWERS: usize = memory.data(16 * 112, 16)
const SQUARE: usize = memory.data(112, 16)
const BASE: usize = memory.data(112, 16)

/** out = (lane `la` of a, lane `lb` of b). */
export function pick(out: usize, a: usize, la: usize, b: usize, lb: usize): void {
  for (let i: usize = 0; i < 8 * LIMBS; i += 8) {
    const low = load<u32>(a + i + 4 * la)
    const high = load<u32>(b + i + 4 * lb)
    store<u32>(out + i, low)
    store<u32>(out + i, high, 4)
  }
}

export function copyPoint(out: usize, a: usize): void {
  memory.copy(out, a, POINT)
}

/** Takes both lanes out of Montgomery form, below p, into CANONICAL. */
function canonicalise(a: usize): void {
  f2mulLanes(CANONICAL, a, RAW_ONE) // at most p, and p only for a multiple of p
  for (let lane: usize = 0; lane < 8; lane += 4) {
    if (compare(CANONICAL + lane, 8, P_WORDS, 4) >= 0) {
      for (let i: usize = 0; i < 8 * LIMBS; i += 8) store<u32>(CANONICAL + lane + i, 0)
    }
  }
}

/** −1, 0 or 1: compares canonical numbers whose limbs are `sa` and `sb` bytes apart. */
function compare(a: usize, sa: usize, b: usize, sb: usize): i32 {
  for (let i: usize = LIMBS; i-- > 0; ) {
    const x = load<u32>(a + i * sa)
    const y = load<u32>(b + i * sb)
    if (x != y) return x < y ? -1 : 1
  }
  return 0
}

/** Bit 0: lane 0 is zero; bit 1: lane 1 is zero. */
export function zeroLanes(a: usize): i32 {
  canonicalise(a)
  let low: u32 = 0
  let high: u32 = 0
  for (let i: usize = 0; i < 8 * LIMBS; i += 8) {
    low |= load<u32>(CANONICAL + i)
    high |= load<u32>(CANONICAL + i, 4)
  }
  return i32(low == 0) | (i32(high == 0) << 1)
}

/** For each lane, as bits: is it larger than (p − 1)/2, the sign the encoding of points stores? */
export function largerLanes(a: usize): i32 {
  canonicalise(a)
  return i32(compare(CANONICAL, 8, HALF_P_WORDS, 4) > 0) | (i32(compare(CANONICAL + 4, 8, HALF_P_WORDS, 4) > 0) << 1)
}

/** For each lane, as bits: is it odd? */
export function oddLanes(a: usize): i32 {
  canonicalise(a)
  return (load<u32>(CANONICAL) & 1) | ((load<u32>(CANONICAL, 4) & 1) << 1)
}

/**
 * Reads the 48 big-endian bytes at `from`, the top `flags` bits of the first byte cleared, into one lane, not yet in
 * Montgomery form. False if the number is not below p.
 */
export function readLane(out: usize, lane: usize, from: usize, flags: i32): bool {
  let acc: u64 = 0
  let bits = 0
  let limb: usize = 0
  const to = out + 4 * lane
  for (let i: usize = 48; i-- > 0; ) {
    let byte = <u64>load<u8>(from + i)
    if (i == 0) byte &= 0xff >> flags
    acc |= byte << bits
    bits += 8
    if (bits >= 28) {
      store<u32>(to + 8 * limb++, <u32>acc & LIMB_MASK)
      acc >>= 28
      bits -= 28
    }
  }
  store<u32>(to + 8 * limb, <u32>acc)
  return compare(to, 8, P_WORDS, 4) < 0
}

/** Writes one lane as 48 big-endian bytes. */
export function writeLane(to: usize, a: usize, lane: usize): void {
  canonicalise(a)
  let acc: u64 = 0
  let bits = 0
  let limb: usize = 0
  for (let i: usize = 48; i-- > 0; ) {
    if (bits < 8) {
      acc |= <u64>load<u32>(CANONICAL + 4 * lane + 8 * limb++) << bits
      bits += 28
    }
    store<u8>(to + i, <u8>acc)
    acc >>= 8
    bits -= 8
  }
}

/** Takes what `readLane` read into Montgomery form, both lanes. */
export function enterMontgomery(a: usize): void {
  f2mulLanes(a, a, RAW_R2)
}

/** out = a^((p − 3)/4) in each lane. For a ≠ 0: out² · a is 1 if a is a square and −1 if not. */
export function powChain(out: usize, a: usize): void {
  f2copy(BASE, a)
  f2sqrLanes(SQUARE, BASE)
  f2copy(POWERS, BASE) // slot (n − 1) / 2 holds the n-th power, n odd
  for (let i: usize = 1; i < 16; i++) f2mulLanes(POWERS + i * PAIR, POWERS + (i - 1) * PAIR, SQUARE)
  let started = false
  for (let step: usize = CHAIN; step < CHAIN_END; step += 2) {
    const power: usize = load<u8>(step, 1)
    const factor = POWERS + (power >> 1) * PAIR
    if (!started) {
      f2copy(out, factor)
      started = true
      continue
    }
    for (let n = load<u8>(step); n > 0; n--) f2sqrLanes(out, out)
    if (power != 0) f2mulLanes(out, out, factor)
  }
}

/** out = 1/a in each lane; 0 for 0. */
export function inverseLanes(out: usize, a: usize): void {
  canonicalise(a)
  invertLimbs(CANONICAL, 8)
  invertLimbs(CANONICAL + 4, 8)
  f2mulLanes(out, CANONICAL, RAW_R2)
}

/** out = 1/(lane 0 of a) in both lanes. */
export function inverseSplat(out: usize, a: usize): void {
  canonicalise(a)
  invertLimbs(CANONICAL, 8)
  pick(CANONICAL, CANONICAL, 0, CANONICAL, 0)
  f2mulLanes(out, CANONICAL, RAW_R2)
}
