/**
 * Inversion modulo p by Bernstein–Yang division steps (eprint 2019/266), 30 at a time, variable time: everything
 * here is public. Numbers are 13 signed digits of 30 bits, only the top one ever negative.
 */
import { P_DIGITS, P_INVERSE_30 } from '../../generated/bls12381/field'

const DIGITS: usize = 13
const BYTES: usize = 4 * DIGITS
const TOP: usize = BYTES - 4
const MASK: i64 = 0x3fffffff

const F: usize = memory.data(52, 16)
const G: usize = memory.data(52, 16)
const D: usize = memory.data(52, 16)
const E: usize = memory.data(52, 16)

// The transition matrix of the last 30 steps: 2^30·(f', g') = (u·f + v·g, q·f + r·g).
let u: i64 = 0
let v: i64 = 0
let q: i64 = 0
let r: i64 = 0

/** Replaces the canonical number of 14 limbs of 28 bits, `stride` bytes apart, by its inverse modulo p; 0 stays 0. */
export function invertLimbs(limbs: usize, stride: usize): void {
  memory.copy(F, P_DIGITS, BYTES)
  repack(G, 30, 4, DIGITS, limbs, 28, stride, 14)
  memory.fill(D, 0, BYTES)
  memory.fill(E, 0, BYTES)
  store<i32>(E, 1)
  let eta = -1
  while (!isZero(G)) {
    eta = steps(eta, load<u32>(F), load<u32>(G))
    updateDE()
    updateFG()
  }
  // Now f = ±gcd = ±1 and d·x = f modulo p, with −2p < d < p.
  if (load<i32>(D, TOP) < 0) addP()
  if (load<i32>(F, TOP) < 0) negateD()
  if (load<i32>(D, TOP) < 0) addP()
  repack(limbs, 28, stride, 14, D, 30, 4, DIGITS)
}

/** 30 division steps on the low bits of f and g; eta = −δ. Leaves the matrix in u, v, q, r. */
function steps(start: i32, f0: u32, g0: u32): i32 {
  let eta = start
  let f = f0
  let g = g0
  let a: i32 = 1
  let b: i32 = 0
  let c: i32 = 0
  let d: i32 = 1
  let left = 30
  for (;;) {
    const zeros = ctz<u32>(g | (<u32>-1 << left))
    g >>= zeros
    a <<= zeros
    b <<= zeros
    eta -= zeros
    left -= zeros
    if (left == 0) break
    if (eta < 0) {
      eta = -eta
      const oldF = f
      f = g
      g = -oldF
      const oldA = a
      a = c
      c = -oldA
      const oldB = b
      b = d
      d = -oldB
    }
    // Cancel up to six low bits of g at once: −1/f = f·(f² − 2) mod 64.
    const limit = min<i32>(min<i32>(eta + 1, left), 6)
    const w = (f * g * (f * f - 2)) & ((1 << limit) - 1)
    g += f * w
    c += a * w
    d += b * w
  }
  u = a
  v = b
  q = c
  r = d
  return eta
}

/** (d, e) = (u·d + v·e, q·d + r·e) / 2^30 modulo p; both stay within (−2p, p). */
function updateDE(): void {
  const signD = <i64>(load<i32>(D, TOP) >> 31)
  const signE = <i64>(load<i32>(E, TOP) >> 31)
  let md = (u & signD) + (v & signE)
  let me = (q & signD) + (r & signE)
  const d0 = <i64>load<i32>(D)
  const e0 = <i64>load<i32>(E)
  let cd = u * d0 + v * e0
  let ce = q * d0 + r * e0
  md -= (<i64>P_INVERSE_30 * (cd & MASK) + md) & MASK
  me -= (<i64>P_INVERSE_30 * (ce & MASK) + me) & MASK
  const p0 = <i64>load<i32>(P_DIGITS)
  cd = (cd + p0 * md) >> 30
  ce = (ce + p0 * me) >> 30
  for (let i: usize = 4; i < BYTES; i += 4) {
    const di = <i64>load<i32>(D + i)
    const ei = <i64>load<i32>(E + i)
    const pi = <i64>load<i32>(P_DIGITS + i)
    cd += u * di + v * ei + pi * md
    ce += q * di + r * ei + pi * me
    store<i32>(D + i - 4, <i32>(cd & MASK))
    store<i32>(E + i - 4, <i32>(ce & MASK))
    cd >>= 30
    ce >>= 30
  }
  store<i32>(D, <i32>cd, TOP)
  store<i32>(E, <i32>ce, TOP)
}

/** (f, g) = (u·f + v·g, q·f + r·g) / 2^30, exactly. */
function updateFG(): void {
  const f0 = <i64>load<i32>(F)
  const g0 = <i64>load<i32>(G)
  let cf = (u * f0 + v * g0) >> 30
  let cg = (q * f0 + r * g0) >> 30
  for (let i: usize = 4; i < BYTES; i += 4) {
    const fi = <i64>load<i32>(F + i)
    const gi = <i64>load<i32>(G + i)
    cf += u * fi + v * gi
    cg += q * fi + r * gi
    store<i32>(F + i - 4, <i32>(cf & MASK))
    store<i32>(G + i - 4, <i32>(cg & MASK))
    cf >>= 30
    cg >>= 30
  }
  store<i32>(F, <i32>cf, TOP)
  store<i32>(G, <i32>cg, TOP)
}

function isZero(a: usize): bool {
  let any: u32 = 0
  for (let i: usize = 0; i < BYTES; i += 4) any |= load<u32>(a + i)
  return any == 0
}

function addP(): void {
  let carry: i32 = 0
  for (let i: usize = 0; i < BYTES; i += 4) {
    carry += load<i32>(D + i) + load<i32>(P_DIGITS + i)
    store<i32>(D + i, i == TOP ? carry : carry & <i32>MASK)
    carry >>= 30
  }
}

function negateD(): void {
  let carry: i32 = 0
  for (let i: usize = 0; i < BYTES; i += 4) {
    carry -= load<i32>(D + i)
    store<i32>(D + i, i == TOP ? carry : carry & <i32>MASK)
    carry >>= 30
  }
}

/** Non-negative numbers from digits of one size to digits of another; strides in bytes. */
function repack(
  to: usize, toBits: i32, toStride: usize, toCount: usize, from: usize, fromBits: i32, fromStride: usize, fromCount: usize,
): void {
  let acc: u64 = 0
  let bits = 0
  const end = from + fromCount * fromStride
  for (let i: usize = 0; i < toCount; i++) {
    while (bits < toBits && from < end) {
      acc |= <u64>load<u32>(from) << bits
      bits += fromBits
      from += fromStride
    }
    store<u32>(to, <u32>acc & ((1 << toBits) - 1))
    to += toStride
    acc >>= toBits
    bits -= toBits
  }
}
