/** Points as 32 bytes (RFC 8032 §5.1.2, §5.1.3), two at a time: one in each of the first two lanes. */
import {
  addFour,
  CURVE_D,
  freezeFour,
  mulTwo,
  ONE,
  ROOT_OF_MINUS_ONE,
  sqrTwo,
  subFour,
  ZERO,
} from '../../generated/ed25519/field'
import { POWERS } from './memory'
import { POINT_BYTES } from './points'

const LIMB: u64 = 0x1fffffff

const X: usize = POWERS
const Y: usize = POWERS + 144
const U: usize = POWERS + 288
const V: usize = POWERS + 432
const T: usize = POWERS + 576
const T1: usize = POWERS + 720
const T2: usize = POWERS + 864
/** a^11, after `power250`. */
const ELEVEN: usize = POWERS + 1008
const RATIO: usize = POWERS + 1152
const PRODUCT: usize = POWERS + 1296

function squareTimes(out: usize, a: usize, times: i32): void {
  sqrTwo(out, a)
  for (let i = 1; i < times; i++) sqrTwo(out, out)
}

/** T = a^(2^250 - 1), by runs of ones: 5, 10, 20, 40, 50, 100, 200, 250. */
function power250(a: usize): void {
  sqrTwo(ELEVEN, a)
  squareTimes(T1, ELEVEN, 2)
  mulTwo(T1, T1, a) // 9
  mulTwo(ELEVEN, ELEVEN, T1) // 11
  sqrTwo(T, ELEVEN)
  mulTwo(T1, T1, T) // 31: five ones
  squareTimes(T, T1, 5)
  mulTwo(T1, T, T1) // 10
  squareTimes(T, T1, 10)
  mulTwo(T2, T, T1) // 20
  squareTimes(T, T2, 20)
  mulTwo(T, T, T2) // 40
  squareTimes(T, T, 10)
  mulTwo(T1, T, T1) // 50
  squareTimes(T, T1, 50)
  mulTwo(T2, T, T1) // 100
  squareTimes(T, T2, 100)
  mulTwo(T, T, T2) // 200
  squareTimes(T, T, 50)
  mulTwo(T, T, T1) // 250
}

/** Writes the points p and q to 32 bytes each. The same operations for all points, which may come from secrets. */
export function encodeTwo(outP: usize, outQ: usize, p: usize, q: usize): void {
  for (let i: usize = 0; i < POINT_BYTES; i += 16) {
    store<u64>(X + i, <u64>load<u32>(p + i) | (<u64>load<u32>(q + i) << 32))
    store<u64>(Y + i, <u64>load<u32>(p + i, 4) | (<u64>load<u32>(q + i, 4) << 32))
    store<u64>(V + i, <u64>load<u32>(p + i, 8) | (<u64>load<u32>(q + i, 8) << 32))
  }
  power250(V) // 1/Z = Z^(2^255 - 21)
  squareTimes(T, T, 5)
  mulTwo(T, T, ELEVEN)
  mulTwo(X, X, T)
  mulTwo(Y, Y, T)
  freezeFour(X, X)
  freezeFour(Y, Y)
  encodeLane(outP, 0)
  encodeLane(outQ, 4)
}

function encodeLane(out: usize, lane: usize): void {
  toBytes(out, Y + lane)
  store<u8>(out, load<u8>(out, 31) | <u8>((load<u32>(X + lane) & 1) << 7), 31)
}

/** Writes one lane of frozen numbers as 32 little-endian bytes. */
function toBytes(out: usize, a: usize): void {
  const l2 = <u64>load<u32>(a, 32)
  const l4 = <u64>load<u32>(a, 64)
  const l6 = <u64>load<u32>(a, 96)
  store<u64>(out, <u64>load<u32>(a) | (<u64>load<u32>(a, 16) << 29) | (l2 << 58))
  store<u64>(out, (l2 >> 6) | (<u64>load<u32>(a, 48) << 23) | (l4 << 52), 8)
  store<u64>(out, (l4 >> 12) | (<u64>load<u32>(a, 80) << 17) | (l6 << 46), 16)
  store<u64>(out, (l6 >> 18) | (<u64>load<u32>(a, 112) << 11) | (<u64>load<u32>(a, 128) << 40), 24)
}

/** Reads the low 255 bits of 32 little-endian bytes into one lane; the number may be p or a little more. */
function fromBytes(out: usize, bytes: usize): void {
  const w0 = load<u64>(bytes)
  const w1 = load<u64>(bytes, 8)
  const w2 = load<u64>(bytes, 16)
  const w3 = load<u64>(bytes, 24)
  store<u32>(out, <u32>(w0 & LIMB))
  store<u32>(out, <u32>((w0 >> 29) & LIMB), 16)
  store<u32>(out, <u32>(((w0 >> 58) | (w1 << 6)) & LIMB), 32)
  store<u32>(out, <u32>((w1 >> 23) & LIMB), 48)
  store<u32>(out, <u32>(((w1 >> 52) | (w2 << 12)) & LIMB), 64)
  store<u32>(out, <u32>((w2 >> 17) & LIMB), 80)
  store<u32>(out, <u32>(((w2 >> 46) | (w3 << 18)) & LIMB), 96)
  store<u32>(out, <u32>((w3 >> 11) & LIMB), 112)
  store<u32>(out, <u32>(w3 >> 40) & 0x7fffff, 128)
}

/**
 * Reads two points; false when either is none. x² = u/v with u = y² - 1 and v = dy² + 1, and x = uv³(uv⁷)^((p-5)/8) or
 * that times a root of -1. With `strict`, y below p and no negative zero; else (ZIP 215) both are taken. Public points.
 */
export function decodeTwo(p: usize, q: usize, bytesP: usize, bytesQ: usize, strict: bool): bool {
  fromBytes(Y, bytesP)
  fromBytes(Y + 4, bytesQ)
  if (strict) {
    freezeFour(T, Y)
    if (!sameLane(T, Y) || !sameLane(T + 4, Y + 4)) return false
  }
  sqrTwo(T, Y)
  subFour(U, T, ONE)
  mulTwo(V, T, CURVE_D)
  addFour(V, V, ONE)
  sqrTwo(T, V)
  mulTwo(T1, T, V) // v³
  mulTwo(PRODUCT, T1, U) // uv³
  sqrTwo(T1, T1)
  mulTwo(T1, T1, V) // v⁷
  mulTwo(RATIO, T1, U) // uv⁷
  power250(RATIO)
  squareTimes(T, T, 2)
  mulTwo(T, T, RATIO) // (uv⁷)^(2^252 - 3)
  mulTwo(X, T, PRODUCT)
  // Either v·x² = u, or v·x² = -u and x·√-1 is the root, or there is none.
  sqrTwo(T, X)
  mulTwo(T, T, V)
  subFour(T1, T, U)
  addFour(T2, T, U)
  freezeFour(T1, T1)
  freezeFour(T2, T2)
  mulTwo(T, X, ROOT_OF_MINUS_ONE)
  if (!chooseRoot(0) || !chooseRoot(4)) return false
  freezeFour(X, X)
  subFour(T, ZERO, X)
  freezeFour(T, T)
  if (!chooseSign(0, bytesP, strict) || !chooseSign(4, bytesQ, strict)) return false
  mulTwo(T, X, Y)
  writePoint(p, 0)
  writePoint(q, 4)
  return true
}

function sameLane(a: usize, b: usize): bool {
  let difference: u32 = 0
  for (let i: usize = 0; i < POINT_BYTES; i += 16) difference |= load<u32>(a + i) ^ load<u32>(b + i)
  return difference == 0
}

function copyLane(out: usize, a: usize): void {
  for (let i: usize = 0; i < POINT_BYTES; i += 16) store<u32>(out + i, load<u32>(a + i))
}

/** X or T = X·√-1 of one lane, by whether T1 = v·x² - u or T2 = v·x² + u is zero; false when neither is. */
function chooseRoot(lane: usize): bool {
  if (sameLane(T1 + lane, ZERO)) return true
  if (!sameLane(T2 + lane, ZERO)) return false
  copyLane(X + lane, T + lane)
  return true
}

/** X or T = -X of one lane, by the sign bit; false when that is the sign of zero and `strict` forbids it. */
function chooseSign(lane: usize, bytes: usize, strict: bool): bool {
  const sign = <u32>load<u8>(bytes, 31) >> 7
  if ((load<u32>(X + lane) & 1) == sign) return true
  if (sameLane(X + lane, ZERO)) return !strict
  copyLane(X + lane, T + lane)
  return true
}

/** The affine point in one lane of X, Y and T = XY as X, Y, Z, T. */
function writePoint(out: usize, lane: usize): void {
  for (let i: usize = 0; i < POINT_BYTES; i += 16) {
    store<u32>(out + i, load<u32>(X + lane + i))
    store<u32>(out + i, load<u32>(Y + lane + i), 4)
    store<u32>(out + i, load<u32>(ONE + i), 8)
    store<u32>(out + i, load<u32>(T + lane + i), 12)
  }
}
