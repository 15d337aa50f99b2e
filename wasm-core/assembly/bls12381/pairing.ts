/**
 * Π e(Pᵢ, Qᵢ) = 1 for any number of pairs, sixteen at a time, and single points of G2. The host keeps points between
 * calls: of G1 as X ‖ Y ‖ Z of one lane with Z = 1, or (0 : 1 : 0); of G2 as X ‖ Y, or zeros for the identity.
 */
import { f2copy, f2mul, ZERO } from '../../generated/bls12381/field'
import { fp12mul } from '../../generated/bls12381/pairing'
import { messageEndIn, UNIFORM } from './expand-message'
import { finalExponentiation, inverseFp2, isOne, setOne } from './fp12'
import { pointFromUniform } from './hash-to-g2'
import { PAIR, zeroLanes } from './lanes'
import { millerLoop, setPair } from './miller'
import { joinLanes } from './parsed'
import { IDENTITY, OK, readSignatures, writePointG2 } from './points'
import { INPUT, OUTPUT, PARSED } from './windows'

const G1_BYTES: usize = 3 * 56
const G2_BYTES: usize = 2 * 112
const G1: usize = memory.data(2 * 112, 16)
const Z: usize = memory.data(112, 16)
const G2: usize = memory.data(3 * 112, 16)
const INVERSE: usize = memory.data(112, 16)
const F: usize = memory.data(6 * 112, 16)
const PRODUCT: usize = memory.data(6 * 112, 16)

/** Empties the product. */
export function pairingStart(): void {
  setOne(PRODUCT)
}

/** Multiplies in the first `count` pairs of PARSED, at most 16. Where one point is the identity, so is the pairing. */
export function pairingAdd(count: usize): void {
  let pairs: usize = 0
  for (let i: usize = 0; i < count; i++) {
    const p = PARSED + i * (G1_BYTES + G2_BYTES)
    const q = p + G1_BYTES
    if (isZeroG1(p) || isZeroG2(q)) continue
    joinLanes(G1, p, p)
    setPair(pairs++, G1, G1 + PAIR, 0, q, q + PAIR)
  }
  if (pairs == 0) return
  millerLoop(F, pairs)
  fp12mul(PRODUCT, PRODUCT, F)
}

/** Is the product one? */
export function pairingEnd(): bool {
  finalExponentiation(F, PRODUCT)
  return isOne(F)
}

function isZeroG1(point: usize): bool {
  f2copy(Z, ZERO)
  for (let i: usize = 0; i < 56; i += 4) store<u32>(Z + 2 * i, load<u32>(point + 112 + i))
  return zeroLanes(Z) == 3
}

function isZeroG2(point: usize): bool {
  return (zeroLanes(point) & zeroLanes(point + PAIR)) == 3
}

/** Decodes the compressed point of G2 in the input window into OUTPUT. @returns OK, IDENTITY (a point too), or why not. */
export function pointReadG2(): i32 {
  const verdict = readSignatures(G2, G2, INPUT, INPUT) & 0xff
  if (verdict == IDENTITY) memory.fill(OUTPUT, 0, G2_BYTES)
  if (verdict == OK) memory.copy(OUTPUT, G2, G2_BYTES)
  return verdict
}

/** Compresses the point in the input window into OUTPUT. */
export function pointWriteG2(): void {
  if (!isZeroG2(INPUT)) return writePointG2(OUTPUT, INPUT, INPUT + PAIR)
  memory.fill(OUTPUT, 0, 96)
  store<u8>(OUTPUT, 0xc0)
}

/** OUTPUT = hash_to_curve of the message added, in the domain of `length` bytes (at most 255) in the input window. */
export function hashEndG2(length: i32): void {
  messageEndIn(INPUT, length, 256)
  pointFromUniform(G2, UNIFORM)
  inverseFp2(INVERSE, G2 + 2 * PAIR) // 0 for the identity, of which that makes zeros
  f2mul(OUTPUT, G2, INVERSE)
  f2mul(OUTPUT + PAIR, G2 + PAIR, INVERSE)
}
