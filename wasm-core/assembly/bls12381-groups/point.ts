/** Points of G1 one by one: encodings, hashing, negation. All but `negatePoint` for public points, in variable time. */
import { ONE_LANES } from '../../generated/bls12381/field'
import { negateSteady, normaliseLanes } from '../../generated/bls12381/groups'
import { messageEndIn, UNIFORM } from '../bls12381/expand-message'
import { inverseLanes, PAIR, zeroLanes } from '../bls12381/lanes'
import { IDENTITY, OK, readKeys, setIdentity, writeKey } from '../bls12381/points'
import { INPUT } from '../bls12381/windows'
import { pointFromUniformG1 } from './hash-to-g1'
import { splatPoint, takePoint } from './lanes'
import { POINTS, RESULT } from './windows'

const POINT_AT: usize = memory.data(3 * 112, 16)
const INVERSE: usize = memory.data(112, 16)
const ENCODED_BYTES: usize = 48

/** Decodes the compressed point in the input window, with all checks. @returns OK, IDENTITY (a point too), or why not. */
export function pointRead(): i32 {
  const verdict = readKeys(POINT_AT, INPUT, INPUT) & 0xff
  if (verdict == IDENTITY) setIdentity(POINT_AT, ONE_LANES)
  if (verdict == OK || verdict == IDENTITY) takePoint(RESULT, POINT_AT)
  return verdict
}

/** RESULT = the first point of the window, compressed. */
export function pointWrite(): void {
  splatPoint(POINT_AT, POINTS)
  if (zeroLanes(POINT_AT + 2 * PAIR) != 3) return writeKey(RESULT, POINT_AT, POINT_AT + PAIR, 0)
  memory.fill(RESULT, 0, ENCODED_BYTES)
  store<u8>(RESULT, 0xc0)
}

/** Is the first point of the window the identity? */
export function isIdentity(): bool {
  splatPoint(POINT_AT, POINTS)
  return zeroLanes(POINT_AT + 2 * PAIR) == 3
}

/** RESULT = the negative of the first point of the window. */
export function negatePoint(): void {
  splatPoint(POINT_AT, POINTS)
  negateSteady(POINT_AT + PAIR, POINT_AT + PAIR)
  takePoint(RESULT, POINT_AT)
}

/** RESULT = hash_to_curve of the message added, in the domain of `length` bytes (at most 255) in the input window. */
export function hashEnd(length: i32): void {
  messageEndIn(INPUT, length, 128)
  mapUniform(UNIFORM)
}

/** RESULT = the point of the 128 uniform bytes in the input window. */
export function mapInput(): void {
  mapUniform(INPUT)
}

function mapUniform(bytes: usize): void {
  pointFromUniformG1(POINT_AT, bytes)
  inverseLanes(INVERSE, POINT_AT + 2 * PAIR)
  normaliseLanes(POINT_AT, POINT_AT, INVERSE)
  takePoint(RESULT, POINT_AT)
}
