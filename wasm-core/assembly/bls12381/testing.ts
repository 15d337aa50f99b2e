/** Entry points for the tests: parts of the computation on given data. The face never calls them. */
import { f2mul, f2mulLanes } from '../../generated/bls12381/field'
import { messageEndIn, UNIFORM } from './expand-message'
import { finalExponentiation, inverseFp2 } from './fp12'
import { clearCofactor, mapTwo, pointFromUniform } from './hash-to-g2'
import { enterMontgomery, PAIR, powChain, readLane, writeLane } from './lanes'
import { millerLoop, setPair } from './miller'
import { OK, readKeys, readSignatures, writePointG2 } from './points'
import { norms, rootsWithNorms } from './roots'
import { INPUT, OUTPUT } from './windows'

/** Memory for operands of the exported kernels. */
export const WORK: usize = memory.data(64 * 112, 16)

const A: usize = memory.data(6 * 112, 16)
const B: usize = memory.data(3 * 112, 16)
const KEY: usize = memory.data(3 * 112, 16)

/** Hashes the message added, in the domain of `length` bytes in the input window; compressed point out. */
export function testHash(length: i32): void {
  messageEndIn(INPUT, length, 256)
  pointFromUniform(A, UNIFORM)
  writeProjective(A)
}

/** Maps the element of Fp2 (c0 ‖ c1, 96 bytes) in the input window to G2, cofactor cleared; compressed point out. */
export function testMap(): void {
  readLane(KEY, 0, INPUT, 0)
  readLane(KEY, 1, INPUT + 48, 0)
  enterMontgomery(KEY)
  mapTwo(A, B, KEY, KEY)
  clearCofactor(B, A)
  writeProjective(B)
}

/** The final exponentiation's cube of e(key, signature), noble's convention too, of the compressed points in the input window, as 12 × 48 bytes. @returns whether both are good. */
export function testPairing(): bool {
  if ((readKeys(KEY, INPUT, INPUT) & 0xff) != OK || (readSignatures(B, B, INPUT + 48, INPUT + 48) & 0xff) != OK) return false
  setPair(0, KEY, KEY + PAIR, 0, B, B + PAIR)
  millerLoop(A, 1)
  finalExponentiation(A, A)
  for (let i: usize = 0; i < 12; i++) writeLane(OUTPUT + 48 * i, A + (i >> 1) * PAIR, i & 1)
  return true
}

/** A square root of the square (c0 ‖ c1, 96 bytes) in the input window, in the same form. */
export function testRoot(): void {
  readLane(KEY, 0, INPUT, 0)
  readLane(KEY, 1, INPUT + 48, 0)
  enterMontgomery(KEY)
  norms(A, KEY, KEY)
  powChain(A + PAIR, A)
  f2mulLanes(A, A, A + PAIR)
  rootsWithNorms(B, B + PAIR, KEY, KEY, A)
  writeLane(OUTPUT, B, 0)
  writeLane(OUTPUT + 48, B, 1)
}

function writeProjective(point: usize): void {
  inverseFp2(KEY, point + 2 * PAIR)
  f2mul(point, point, KEY)
  f2mul(point + PAIR, point + PAIR, KEY)
  writePointG2(OUTPUT, point, point + PAIR)
}
