/** Encodings, subgroup checks and multiples of points. G1 points are handled two at a time, one per lane. */
import { f2copy, f2mulLanes, f2sqrLanes, ONE, ONE_LANES, ZERO } from '../../generated/bls12381/field'
import {
  addG2,
  addJacobianLanes,
  addLanes,
  defectG1,
  defectG2,
  difference,
  doubleG2,
  doubleJacobianLanes,
  doubleLanes,
  negate,
  negG2,
  psi,
  ratioRoot,
  rightSideG2,
  rightSideLanes,
} from '../../generated/bls12381/points'
import { copyPoint, enterMontgomery, largerLanes, PAIR, pick, powChain, readLane, writeLane, zeroLanes } from './lanes'
import { X_BITS, X_SQUARED_HIGH, X_SQUARED_LOW } from './parameter'
import { norms, rootsWithNorms } from './roots'

/** Why an encoding was refused; 0 is a good point. The face translates. */
export const OK = 0
export const IDENTITY = 1
export const BAD_FLAGS = 2
export const BAD_IDENTITY = 3
export const NOT_IN_FIELD = 4
export const NOT_ON_CURVE = 5
export const NOT_IN_SUBGROUP = 6

const COMPRESSED: u8 = 0x80
const INFINITY: u8 = 0x40
const LARGER: u8 = 0x20

/** Flags of an encoding of `length` bytes: OK (a point), IDENTITY, or why not. */
function flags(from: usize, length: usize): i32 {
  const first = load<u8>(from)
  if (!(first & COMPRESSED)) return BAD_FLAGS
  if (!(first & INFINITY)) return OK
  if (first != (COMPRESSED | INFINITY)) return first & LARGER ? BAD_FLAGS : BAD_IDENTITY
  for (let i: usize = 1; i < length; i++) if (load<u8>(from + i) != 0) return BAD_IDENTITY
  return IDENTITY
}

export function setIdentity(out: usize, one: usize): void {
  f2copy(out, ZERO)
  f2copy(out + PAIR, one)
  f2copy(out + 2 * PAIR, ZERO)
}

const Y2: usize = memory.data(112, 16)
const POWER: usize = memory.data(112, 16)
const CHECK: usize = memory.data(112, 16)
const NEGATIVE: usize = memory.data(112, 16)

/**
 * Decodes the compressed keys at `a` and `b` into the lanes of the point `out` (affine, Z = 1) and checks that they
 * are in the subgroup. Returns the verdict on `a` in the low byte and that on `b` in the next; `out` is only
 * meaningful if both are OK. The identity is refused: it is no key.
 */
export function readKeys(out: usize, a: usize, b: usize): i32 {
  const x = out
  const y = out + PAIR
  f2copy(x, ZERO)
  let first = flags(a, 48)
  let second = flags(b, 48)
  if (first == OK && !readLane(x, 0, a, 3)) first = NOT_IN_FIELD
  if (second == OK && !readLane(x, 1, b, 3)) second = NOT_IN_FIELD
  enterMontgomery(x)
  rightSideLanes(Y2, x)
  powChain(POWER, Y2)
  f2mulLanes(y, Y2, POWER) // √ if there is one
  f2sqrLanes(CHECK, y)
  difference(CHECK, CHECK, Y2)
  const square = zeroLanes(CHECK)
  if (first == OK && !(square & 1)) first = NOT_ON_CURVE
  if (second == OK && !(square & 2)) second = NOT_ON_CURVE
  const wanted = (load<u8>(a) & LARGER ? 1 : 0) | (load<u8>(b) & LARGER ? 2 : 0)
  const flip = wanted ^ largerLanes(y)
  negate(NEGATIVE, y)
  pick(y, flip & 1 ? NEGATIVE : y, 0, flip & 2 ? NEGATIVE : y, 1)
  f2copy(out + 2 * PAIR, ONE_LANES)
  if ((first | second) != OK && first != OK && second != OK) return first | (second << 8)
  const member = subgroupLanes(out)
  if (first == OK && !(member & 1)) first = NOT_IN_SUBGROUP
  if (second == OK && !(member & 2)) second = NOT_IN_SUBGROUP
  return first | (second << 8)
}

const MULTIPLE: usize = memory.data(3 * 112, 16)
const STEP: usize = memory.data(3 * 112, 16)
const DEFECT: usize = memory.data(2 * 112, 16)

/**
 * Which lanes of the affine point hold members of G1 (as bits)? φ(P) = −[x²]P, Scott, eprint 2021/1130.
 *
 * The additions are not complete, but members never need more: no multiple of P up to x² is P again or −P. For other
 * points an addition without an answer leaves Z = 0, of which there is no way back and which is refused.
 */
function subgroupLanes(point: usize): i32 {
  copyPoint(MULTIPLE, point)
  for (let bit = 126; bit >= 0; bit--) {
    doubleJacobianLanes(MULTIPLE, MULTIPLE)
    const word = bit < 64 ? X_SQUARED_LOW : X_SQUARED_HIGH
    if ((word >> (bit & 63)) & 1) addJacobianLanes(MULTIPLE, MULTIPLE, point)
  }
  defectG1(DEFECT, MULTIPLE, point, point + PAIR)
  return zeroLanes(DEFECT) & zeroLanes(DEFECT + PAIR) & ~zeroLanes(MULTIPLE + 2 * PAIR)
}

/** out = [|x|]a in both lanes. */
export function timesXLanes(out: usize, a: usize): void {
  copyPoint(out, a)
  for (let bit = 62; bit >= 0; bit--) {
    doubleLanes(out, out)
    if ((X_BITS >> bit) & 1) addLanes(out, out, a)
  }
}

/** Writes lane `lane` of the affine coordinates (x, y) as a compressed key. */
export function writeKey(to: usize, x: usize, y: usize, lane: i32): void {
  writeLane(to, x, lane)
  const larger = (largerLanes(y) >> lane) & 1
  store<u8>(to, load<u8>(to) | COMPRESSED | (larger ? LARGER : 0))
}

const NORMS: usize = memory.data(112, 16)
const ROOT: usize = memory.data(3 * 112, 16)
const SECOND_Y2: usize = memory.data(112, 16)

/**
 * Decodes the 96 bytes at `a` and `b` into the points `outA` and `outB` (Z = 1) and checks that they are in G2.
 * Returns the verdict on `a` in the low byte and that on `b` in the next; a point is only meaningful if its verdict is
 * OK. The identity is reported as IDENTITY. One signature: the same address twice, for both bytes and point.
 */
export function readSignatures(outA: usize, outB: usize, a: usize, b: usize): i32 {
  let first = readX(outA, a)
  let second = outB == outA ? first : readX(outB, b)
  rightSideG2(Y2, outA)
  rightSideG2(SECOND_Y2, outB)
  norms(NORMS, Y2, SECOND_Y2)
  powChain(POWER, NORMS)
  ratioRoot(ROOT, NORMS, ONE_LANES, POWER)
  const square = zeroLanes(ROOT + PAIR)
  rootsWithNorms(outA + PAIR, outB + PAIR, Y2, SECOND_Y2, ROOT)
  if (first == OK) first = square & 1 ? finishSignature(outA, a) : NOT_ON_CURVE
  if (outB == outA) second = first
  else if (second == OK) second = square & 2 ? finishSignature(outB, b) : NOT_ON_CURVE
  return first | (second << 8)
}

/** The x of an encoded point of G2, 0 where there is none. */
function readX(x: usize, from: usize): i32 {
  f2copy(x, ZERO)
  const verdict = flags(from, 96)
  if (verdict != OK) return verdict
  const below = readLane(x, 1, from, 3) && readLane(x, 0, from + 48, 0)
  enterMontgomery(x)
  return below ? OK : NOT_IN_FIELD
}

/** Gives y the sign the encoding asks for and tells whether the point is in the subgroup. */
function finishSignature(out: usize, from: usize): i32 {
  const y = out + PAIR
  const larger = largerLanes(y)
  const sign = zeroLanes(y) & 2 ? larger & 1 : larger >> 1
  if (sign != (load<u8>(from) & LARGER ? 1 : 0)) negate(y, y)
  f2copy(out + 2 * PAIR, ONE)
  return inSubgroupG2(out) ? OK : NOT_IN_SUBGROUP
}

/** ψ(P) = [x]P, Scott, eprint 2021/1130. */
function inSubgroupG2(point: usize): bool {
  timesXG2(MULTIPLE, point)
  psi(STEP, point)
  defectG2(DEFECT, STEP, MULTIPLE)
  return (zeroLanes(DEFECT) & zeroLanes(DEFECT + PAIR)) == 3
}

/** out = [x]a; x is negative. `out` must not be `a`. */
export function timesXG2(out: usize, a: usize): void {
  copyPoint(out, a)
  for (let bit = 62; bit >= 0; bit--) {
    doubleG2(out, out)
    if ((X_BITS >> bit) & 1) addG2(out, out, a)
  }
  negG2(out, out)
}

/** Writes affine coordinates as a compressed point of G2. */
export function writePointG2(to: usize, x: usize, y: usize): void {
  writeLane(to, x, 1)
  writeLane(to + 48, x, 0)
  const larger = largerLanes(y)
  const sign = zeroLanes(y) & 2 ? larger & 1 : larger >> 1
  store<u8>(to, load<u8>(to) | COMPRESSED | (sign ? LARGER : 0))
}
