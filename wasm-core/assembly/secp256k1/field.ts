import { FIELD_INVERSION_MODULUS, FIELD_ZERO, fieldFreeze, fieldMul, fieldSqr, fieldSub } from '../../generated/secp256k1/field'
import { invert } from './inverse'
import { POWERS } from './memory'

const LIMB: u64 = 0x1fffffff

const T: usize = POWERS
const X2: usize = POWERS + 40
const X3: usize = POWERS + 80
const X22: usize = POWERS + 120
const X44: usize = POWERS + 160
const X88: usize = POWERS + 200

export function copyElement(out: usize, a: usize): void {
  memory.copy(out, a, 40)
}

/** Reads 32 big-endian bytes as nine limbs; the number is not reduced. Serves field and scalars alike. */
export function fromBytes(out: usize, bytes: usize): void {
  const w0 = bswap<u64>(load<u64>(bytes, 24))
  const w1 = bswap<u64>(load<u64>(bytes, 16))
  const w2 = bswap<u64>(load<u64>(bytes, 8))
  const w3 = bswap<u64>(load<u64>(bytes))
  store<u32>(out, <u32>(w0 & LIMB))
  store<u32>(out, <u32>((w0 >> 29) & LIMB), 4)
  store<u32>(out, <u32>(((w0 >> 58) | (w1 << 6)) & LIMB), 8)
  store<u32>(out, <u32>((w1 >> 23) & LIMB), 12)
  store<u32>(out, <u32>(((w1 >> 52) | (w2 << 12)) & LIMB), 16)
  store<u32>(out, <u32>((w2 >> 17) & LIMB), 20)
  store<u32>(out, <u32>(((w2 >> 46) | (w3 << 18)) & LIMB), 24)
  store<u32>(out, <u32>((w3 >> 11) & LIMB), 28)
  store<u32>(out, <u32>(w3 >> 40), 32)
}

/** Writes the four little-endian 64-bit words of a frozen number. */
export function toWords(out: usize, a: usize): void {
  const l2 = <u64>load<u32>(a, 8)
  const l4 = <u64>load<u32>(a, 16)
  const l6 = <u64>load<u32>(a, 24)
  store<u64>(out, <u64>load<u32>(a) | (<u64>load<u32>(a, 4) << 29) | (l2 << 58))
  store<u64>(out, (l2 >> 6) | (<u64>load<u32>(a, 12) << 23) | (l4 << 52), 8)
  store<u64>(out, (l4 >> 12) | (<u64>load<u32>(a, 20) << 17) | (l6 << 46), 16)
  store<u64>(out, (l6 >> 18) | (<u64>load<u32>(a, 28) << 11) | (<u64>load<u32>(a, 32) << 40), 24)
}

/** Writes a frozen number as 32 big-endian bytes. */
export function toBytes(out: usize, a: usize): void {
  toWords(T, a)
  store<u64>(out, bswap<u64>(load<u64>(T, 24)))
  store<u64>(out, bswap<u64>(load<u64>(T, 16)), 8)
  store<u64>(out, bswap<u64>(load<u64>(T, 8)), 16)
  store<u64>(out, bswap<u64>(load<u64>(T)), 24)
}

/** Whether a frozen number is zero. */
export function isZero(a: usize): bool {
  return (load<u64>(a) | load<u64>(a, 8) | load<u64>(a, 16) | load<u64>(a, 24) | <u64>load<u32>(a, 32)) == 0
}

/** 1 when a < b, else 0, for carried limbs; the same operations whatever the values. */
export function isBelow(a: usize, b: usize): u64 {
  let t: i64 = 0
  for (let i: usize = 0; i < 36; i += 4) t = (t >> 29) + <i64>load<u32>(a + i) - <i64>load<u32>(b + i)
  return <u64>t >> 63
}

/** out = a - b for carried limbs with a ≥ b. */
export function subtractLimbs(out: usize, a: usize, b: usize): void {
  let t: i64 = 0
  for (let i: usize = 0; i < 36; i += 4) {
    t = (t >> 29) + <i64>load<u32>(a + i) - <i64>load<u32>(b + i)
    store<u32>(out + i, <u32>t & 0x1fffffff)
  }
}

/** a = b where the mask is all ones, a where it is zero. Reads and writes 40 bytes either way. */
export function assignMasked(a: usize, b: usize, mask: u64): void {
  for (let i: usize = 0; i < 40; i += 8) {
    const x = load<u64>(a + i)
    store<u64>(a + i, x ^ (mask & (x ^ load<u64>(b + i))))
  }
}

/**
 * Whether a tight number is 0 modulo p. Variable time: for public values only. It can be 0, p or 2p, whose low limbs
 * are 0, -977 and -1954 modulo 2^29, so almost every other number is told by its lowest limb alone.
 */
export function fieldIsZero(a: usize): bool {
  if (((0 - load<u32>(a)) & 0x1fffffff) > 4 * 977) return false
  fieldFreeze(T, a)
  return isZero(T)
}

export function fieldNegate(out: usize, a: usize): void {
  fieldSub(out, FIELD_ZERO, a)
}

function squareTimes(out: usize, a: usize, times: i32): void {
  fieldSqr(out, a)
  for (let i = 1; i < times; i++) fieldSqr(out, out)
}

/** T = a^(2^223 - 1), by an addition chain on runs of ones: 2, 3, 6, 9, 11, 22, 44, 88, 176, 220, 223. */
function power223(a: usize): void {
  squareTimes(T, a, 1)
  fieldMul(X2, T, a)
  squareTimes(T, X2, 1)
  fieldMul(X3, T, a)
  squareTimes(T, X3, 3)
  fieldMul(T, T, X3) // 6
  squareTimes(T, T, 3)
  fieldMul(T, T, X3) // 9
  squareTimes(T, T, 2)
  fieldMul(X22, T, X2) // 11
  squareTimes(T, X22, 11)
  fieldMul(X22, T, X22) // 22
  squareTimes(T, X22, 22)
  fieldMul(X44, T, X22) // 44
  squareTimes(T, X44, 44)
  fieldMul(X88, T, X44) // 88
  squareTimes(T, X88, 88)
  fieldMul(T, T, X88) // 176
  squareTimes(T, T, 44)
  fieldMul(T, T, X44) // 220
  squareTimes(T, T, 3)
  fieldMul(T, T, X3) // 223
}

/** out = 1/a for a tight number, frozen; 0 for 0. */
export function fieldInvert(out: usize, a: usize): void {
  fieldFreeze(T, a)
  invert(out, T, FIELD_INVERSION_MODULUS)
}

/** out = a^((p+1)/4), a square root of a if there is one. (p + 1)/4 is 223 ones, 0, 22 ones, 00001100. */
export function fieldSquareRoot(out: usize, a: usize): void {
  power223(a)
  squareTimes(T, T, 23)
  fieldMul(T, T, X22)
  squareTimes(T, T, 6)
  fieldMul(T, T, X2)
  squareTimes(out, T, 2)
}
