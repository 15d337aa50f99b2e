/**
 * Verification of public values: 8·(S·B - R - k·A) = 0, the equation with the cofactor that RFC 8032 §5.1.7 states and
 * ZIP 215 requires. The rules differ in what they accept as encodings. Batches add up such equations, each multiplied
 * with a random coefficient: without the cofactor that would not be sound, which is why batches know ZIP 215 only.
 */
import { decodeTwo } from './encoding'
import { halve } from './half-size'
import { COEFFICIENT, PUBLIC_KEY, SIGNATURE, VERIFYING } from './memory'
import { copyPoint, isSmallOrder, pointNegate } from './points'
import { enter, enterWide, isReduced, leave, scalarAdd, scalarMul } from './scalar'
import { HASH, hashEnd, hashStart, hashUpdate } from './sha512'
import { addTerm, finishHalfSum, finishSum, MOST_TERMS, SUM, startSum } from './straus'

const CHALLENGE: usize = VERIFYING + 192
const COEFFICIENT_SCALAR: usize = VERIFYING + 224
const PRODUCT: usize = VERIFYING + 256
/** Σ z·S modulo L, for the batch under way. */
const BATCH_SCALAR: usize = VERIFYING + 288
const R: usize = VERIFYING + 320
const A: usize = VERIFYING + 464
const WORK: usize = VERIFYING + 608
/** What multiplies A and R once the challenge is halved. */
const HALF_A: usize = VERIFYING + 1056
const HALF_R: usize = VERIFYING + 1088

/** Begins the hash that gives the challenge of SIGNATURE and PUBLIC_KEY; the message follows. */
export function verifyStart(): void {
  hashStart()
  hashUpdate(SIGNATURE, 32)
  hashUpdate(PUBLIC_KEY, 32)
}

/** S and the challenge (in Montgomery form) and the points; false when one of them is not acceptable. */
function read(strict: bool): bool {
  hashEnd()
  if (!isReduced(SIGNATURE + 32)) return false
  enterWide(CHALLENGE, HASH)
  return decodeTwo(R, A, SIGNATURE, PUBLIC_KEY, strict)
}

/** Whether SIGNATURE is right. `strict`: RFC 8032, canonical encodings and no public key of small order; else ZIP 215. */
export function verify(strict: bool): bool {
  if (!read(strict)) return false
  if (strict) {
    copyPoint(WORK, A)
    if (isSmallOrder(WORK)) return false
  }
  leave(CHALLENGE, CHALLENGE)
  if (halve(HALF_A, HALF_R, CHALLENGE)) pointNegate(A)
  enter(PRODUCT, SIGNATURE + 32)
  scalarMul(PRODUCT, HALF_R, PRODUCT)
  startSum()
  addTerm(A, HALF_A)
  addTerm(R, HALF_R)
  finishHalfSum(PRODUCT)
  return isSmallOrder(SUM)
}

/** The number of signatures that one batch takes. */
export const BATCH_SIZE: usize = MOST_TERMS / 2

export function batchStart(): void {
  startSum()
  memory.fill(BATCH_SCALAR, 0, 32)
}

/** Adds SIGNATURE, whose message was hashed, times COEFFICIENT. False when it cannot be right by itself. */
export function batchAdd(): bool {
  if (!read(false)) return false
  memory.fill(COEFFICIENT_SCALAR, 0, 32)
  memory.copy(COEFFICIENT_SCALAR, COEFFICIENT, 16)
  enter(PRODUCT, SIGNATURE + 32)
  scalarMul(PRODUCT, COEFFICIENT_SCALAR, PRODUCT)
  scalarAdd(BATCH_SCALAR, BATCH_SCALAR, PRODUCT)
  scalarMul(PRODUCT, COEFFICIENT_SCALAR, CHALLENGE)
  addTerm(R, COEFFICIENT_SCALAR)
  addTerm(A, PRODUCT)
  return true
}

/** Whether all signatures of the batch are right, but for a chance of 2^-128. */
export function batchEnd(): bool {
  finishSum(BATCH_SCALAR)
  return isSmallOrder(SUM)
}
