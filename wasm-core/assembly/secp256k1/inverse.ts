/**
 * Inversion modulo p and modulo n by the "safegcd" of Bernstein and Yang (eprint 2019/266), in the variant with
 * half-delta and 30-bit steps that Wuille describes: 20 rounds of 30 division steps bring any g below 2^256 to zero
 * (590 would do). Every round does the same: 30 steps on the low words alone, which give a 2×2 matrix, which is then
 * applied to f and g (exactly) and to d and e (modulo the modulus). The same operations whatever the number; 0 gives 0.
 *
 * Numbers here have nine signed limbs of 30 bits, one more bit than elsewhere: the matrix shifts by 30.
 */
import { POWERS } from './memory'

const D: usize = POWERS + 240
const E: usize = POWERS + 280
const F: usize = POWERS + 320
const G: usize = POWERS + 360
/** The matrix of a round, u v / q r, times 2^30. */
const MATRIX: usize = POWERS + 400

const M29: i32 = 0x1fffffff
const M30: i32 = 0x3fffffff

/** out = 1/a for frozen a. `modulus`: nine limbs of 30 bits, then its inverse modulo 2^30. */
export function invert(out: usize, a: usize, modulus: usize): void {
  memory.fill(D, 0, 80)
  store<i32>(E, 1)
  memory.copy(F, modulus, 36)
  for (let i: usize = 0; i < 8; i++) {
    const low = load<u32>(a + 4 * i) >> <u32>i
    store<i32>(G + 4 * i, <i32>(low | (load<u32>(a + 4 * i, 4) << <u32>(29 - i))) & M30)
  }
  store<u32>(G, load<u32>(a, 32) >> 8, 32)
  let zeta: i32 = -1
  for (let round = 0; round < 20; round++) {
    zeta = divisionSteps(zeta)
    updateDE(modulus)
    updateFG()
  }
  normalize(modulus)
  store<i32>(out, load<i32>(D) & M29)
  for (let i: usize = 1; i < 9; i++) {
    const low = <u32>load<i32>(D + 4 * i - 4) >> <u32>(30 - i)
    store<u32>(out + 4 * i, (low | (load<u32>(D + 4 * i) << <u32>i)) & 0x1fffffff)
  }
}

/** 30 steps on the low words of f and g. zeta is -(delta + 1/2). */
function divisionSteps(zeta: i32): i32 {
  let u: i32 = 1
  let v: i32 = 0
  let q: i32 = 0
  let r: i32 = 1
  let f = load<i32>(F)
  let g = load<i32>(G)
  for (let i = 0; i < 30; i++) {
    const negative = zeta >> 31
    const odd = -(g & 1)
    g += ((f ^ negative) - negative) & odd
    q += ((u ^ negative) - negative) & odd
    r += ((v ^ negative) - negative) & odd
    const swap = negative & odd
    zeta = (zeta ^ swap) - 1
    f += g & swap
    u += q & swap
    v += r & swap
    g = <i32>(<u32>g >> 1)
    u <<= 1
    v <<= 1
  }
  store<i32>(MATRIX, u)
  store<i32>(MATRIX, v, 4)
  store<i32>(MATRIX, q, 8)
  store<i32>(MATRIX, r, 12)
  return zeta
}

/** (d, e) = matrix · (d, e) / 2^30 modulo the modulus, both staying between -2·modulus and modulus. */
function updateDE(modulus: usize): void {
  const u: i64 = load<i32>(MATRIX)
  const v: i64 = load<i32>(MATRIX, 4)
  const q: i64 = load<i32>(MATRIX, 8)
  const r: i64 = load<i32>(MATRIX, 12)
  const inverse = load<u32>(modulus, 36)
  const signD: i64 = load<i32>(D, 32) >> 31
  const signE: i64 = load<i32>(E, 32) >> 31
  let md = <i32>((u & signD) + (v & signE))
  let me = <i32>((q & signD) + (r & signE))
  let cd = u * <i64>load<i32>(D) + v * <i64>load<i32>(E)
  let ce = q * <i64>load<i32>(D) + r * <i64>load<i32>(E)
  md -= <i32>(inverse * <u32>cd + <u32>md) & M30
  me -= <i32>(inverse * <u32>ce + <u32>me) & M30
  cd += <i64>load<i32>(modulus) * <i64>md
  ce += <i64>load<i32>(modulus) * <i64>me
  cd >>= 30
  ce >>= 30
  for (let i: usize = 4; i < 36; i += 4) {
    const d: i64 = load<i32>(D + i)
    const e: i64 = load<i32>(E + i)
    const m: i64 = load<i32>(modulus + i)
    cd += u * d + v * e + m * <i64>md
    ce += q * d + r * e + m * <i64>me
    store<i32>(D + i - 4, <i32>cd & M30)
    store<i32>(E + i - 4, <i32>ce & M30)
    cd >>= 30
    ce >>= 30
  }
  store<i32>(D, <i32>cd, 32)
  store<i32>(E, <i32>ce, 32)
}

/** (f, g) = matrix · (f, g) / 2^30, exactly. */
function updateFG(): void {
  const u: i64 = load<i32>(MATRIX)
  const v: i64 = load<i32>(MATRIX, 4)
  const q: i64 = load<i32>(MATRIX, 8)
  const r: i64 = load<i32>(MATRIX, 12)
  let cf = (u * <i64>load<i32>(F) + v * <i64>load<i32>(G)) >> 30
  let cg = (q * <i64>load<i32>(F) + r * <i64>load<i32>(G)) >> 30
  for (let i: usize = 4; i < 36; i += 4) {
    const f: i64 = load<i32>(F + i)
    const g: i64 = load<i32>(G + i)
    cf += u * f + v * g
    cg += q * f + r * g
    store<i32>(F + i - 4, <i32>cf & M30)
    store<i32>(G + i - 4, <i32>cg & M30)
    cf >>= 30
    cg >>= 30
  }
  store<i32>(F, <i32>cf, 32)
  store<i32>(G, <i32>cg, 32)
}

/** D = ±D (negative when f ended as -1) in 0..modulus-1. */
function normalize(modulus: usize): void {
  addModulusIfNegative(modulus)
  const negate = load<i32>(F, 32) >> 31
  for (let i: usize = 0; i < 36; i += 4) store<i32>(D + i, (load<i32>(D + i) ^ negate) - negate)
  carry()
  addModulusIfNegative(modulus)
  carry()
}

function addModulusIfNegative(modulus: usize): void {
  const negative = load<i32>(D, 32) >> 31
  for (let i: usize = 0; i < 36; i += 4) store<i32>(D + i, load<i32>(D + i) + (load<i32>(modulus + i) & negative))
}

function carry(): void {
  let over: i32 = 0
  for (let i: usize = 0; i < 32; i += 4) {
    over += load<i32>(D + i)
    store<i32>(D + i, over & M30)
    over >>= 30
  }
  store<i32>(D, load<i32>(D, 32) + over, 32)
}
