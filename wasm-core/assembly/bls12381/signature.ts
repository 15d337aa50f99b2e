/** Sums of keys and the check of a signature, over the windows of the host. */
import { f2mul, f2mulLanes, f2swap, G1_MINUS_Y, G1_X, ONE_LANES, ZERO } from '../../generated/bls12381/field'
import { addLanes, conjugate, negate } from '../../generated/bls12381/points'
import { messageEnd, UNIFORM } from './expand-message'
import { finalExponentiation, isOne } from './fp12'
import { pointFromUniform } from './hash-to-g2'
import { inverseLanes, inverseSplat, PAIR, pick, zeroLanes } from './lanes'
import { millerLoop, setPair } from './miller'
import { OK, readKeys, readSignatures, setIdentity, writeKey } from './points'
import { norms } from './roots'
import { INPUT, OUTPUT } from './windows'

const KEY_BYTES: usize = 48
/** Two partial sums, one per lane, until they are folded into both lanes. */
export const SUM: usize = memory.data(3 * 112, 16)
const KEYS: usize = memory.data(3 * 112, 16)

/** Empties the sum. */
export function sumStart(): void {
  setIdentity(SUM, ONE_LANES)
}

/**
 * Adds the `count` compressed keys in the input window, each fully validated.
 * @returns −1, or 16·index + reason for the first key that is refused.
 */
export function sumAdd(count: i32): i32 {
  for (let i = 0; i < count; i += 2) {
    const at = INPUT + KEY_BYTES * i
    const single = i + 1 == count
    const verdict = readKeys(KEYS, at, single ? at : at + KEY_BYTES)
    const first = verdict & 0xff
    const second = verdict >> 8
    if (first != OK) return (i << 4) | first
    if (second != OK) return ((i + 1) << 4) | second
    if (single) {
      // The identity in lane 1.
      pick(KEYS, KEYS, 0, ZERO, 1)
      pick(KEYS + PAIR, KEYS + PAIR, 0, ONE_LANES, 1)
      pick(KEYS + 2 * PAIR, KEYS + 2 * PAIR, 0, ZERO, 1)
    }
    addLanes(SUM, SUM, KEYS)
  }
  return -1
}

/** Negates the sum. */
export function sumNegate(): void {
  negate(SUM + PAIR, SUM + PAIR)
}

/** Ends the sum; both lanes hold it afterwards. @returns whether it is the identity. */
export function sumEnd(): bool {
  for (let i: usize = 0; i < 3; i++) f2swap(KEYS + i * PAIR, SUM + i * PAIR)
  addLanes(SUM, SUM, KEYS)
  return zeroLanes(SUM + 2 * PAIR) == 3
}

const INVERSE: usize = memory.data(112, 16)
const AFFINE: usize = memory.data(2 * 112, 16)

/** Writes the ended sum, which must not be the identity, as a compressed key. */
export function sumWrite(): void {
  inverseSplat(INVERSE, SUM + 2 * PAIR)
  f2mulLanes(AFFINE, SUM, INVERSE)
  f2mulLanes(AFFINE + PAIR, SUM + PAIR, INVERSE)
  writeKey(OUTPUT, AFFINE, AFFINE + PAIR, 0)
}

const SIGNATURE: usize = memory.data(3 * 112, 16)
const HASHED: usize = memory.data(3 * 112, 16)
const CONJUGATE: usize = memory.data(112, 16)
const F: usize = memory.data(6 * 112, 16)

/** Reads the signature in the input window. @returns OK, IDENTITY (a well-formed signature that nobody made), or why not. */
export function signatureRead(): i32 {
  return readSignatures(SIGNATURE, SIGNATURE, INPUT, INPUT) & 0xff
}

/** Is the signature read one of the message, under the ended sum of keys? e(key, H(m)) · e(−g, signature) = 1. */
export function check(): bool {
  messageEnd()
  pointFromUniform(HASHED, UNIFORM)
  // One inversion for both: 1/Z of the key in lane 0, 1/N(Z) of the hash in lane 1.
  norms(INVERSE, HASHED + 2 * PAIR, HASHED + 2 * PAIR)
  pick(INVERSE, SUM + 2 * PAIR, 0, INVERSE, 1)
  if (zeroLanes(INVERSE) != 0) return false // the identity on one side only: e(−g, signature) is not 1
  inverseLanes(INVERSE, INVERSE)
  conjugate(CONJUGATE, HASHED + 2 * PAIR)
  pick(AFFINE, INVERSE, 1, INVERSE, 1)
  f2mulLanes(CONJUGATE, CONJUGATE, AFFINE)
  f2mul(HASHED, HASHED, CONJUGATE)
  f2mul(HASHED + PAIR, HASHED + PAIR, CONJUGATE)
  f2mulLanes(AFFINE, SUM, INVERSE)
  f2mulLanes(AFFINE + PAIR, SUM + PAIR, INVERSE)
  setPair(0, AFFINE, AFFINE + PAIR, 0, HASHED, HASHED + PAIR)
  setPair(1, G1_X, G1_MINUS_Y, 0, SIGNATURE, SIGNATURE + PAIR)
  millerLoop(F, 2)
  finalExponentiation(F, F)
  return isOne(F)
}
