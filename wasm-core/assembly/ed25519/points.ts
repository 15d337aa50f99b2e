/**
 * Points of -x² + y² = 1 + d·x²·y² as X, Y, Z, T with T = XY/Z, in four lanes. Addition is complete: d is not a square,
 * so the one formula holds for all points, equal, opposite, of small order or the identity. The second operand of an
 * addition is "cached": (Y - X, Y + X, 2Z, 2dT).
 */
import {
  afterAdding,
  afterDoubling,
  beforeDoubling,
  CACHING,
  freezeFour,
  mulFour,
  negateCached,
  sqrFour,
  subFour,
  sumsAndDifferences,
  ZERO,
} from '../../generated/ed25519/field'
import { TEMPORARIES } from './memory'

export const POINT_BYTES: usize = 144

const A: usize = TEMPORARIES
const B: usize = TEMPORARIES + 144
const STEP: usize = TEMPORARIES + 288

export function copyPoint(out: usize, p: usize): void {
  memory.copy(out, p, POINT_BYTES)
}

/** out = 2p */
export function pointDouble(out: usize, p: usize): void {
  beforeDoubling(A, p)
  sqrFour(A, A)
  afterDoubling(A, B, A)
  mulFour(out, A, B)
}

/** out = p + q for a cached q. */
export function pointAdd(out: usize, p: usize, q: usize): void {
  sumsAndDifferences(A, p)
  mulFour(A, A, q)
  afterAdding(A, B, A)
  mulFour(out, A, B)
}

/** out = p - q for a cached q. */
export function pointSubtract(out: usize, p: usize, q: usize): void {
  negateCached(STEP, q)
  pointAdd(out, p, STEP)
}

/** p = -p: X and T change their signs. */
export function pointNegate(p: usize): void {
  subFour(A, ZERO, p)
  for (let i: usize = 0; i < POINT_BYTES; i += 16) {
    store<u32>(p + i, load<u32>(A + i))
    store<u32>(p + i, load<u32>(A + i, 12), 12)
  }
}

/** out = p, cached. */
export function pointCache(out: usize, p: usize): void {
  sumsAndDifferences(A, p)
  mulFour(out, A, CACHING)
}

/** Fills `table` with p, 3p, 5p, … (`count` cached points). Overwrites p. */
export function oddMultiples(table: usize, count: usize, p: usize): void {
  pointCache(table, p)
  pointDouble(STEP, p)
  pointCache(STEP, STEP)
  for (let i: usize = 1; i < count; i++) {
    pointAdd(p, p, STEP)
    pointCache(table + POINT_BYTES * i, p)
  }
}

/** Whether 8p is the identity: X = 0 and Y = Z. Overwrites p. For public points. */
export function isSmallOrder(p: usize): bool {
  for (let i = 0; i < 3; i++) pointDouble(p, p)
  freezeFour(p, p)
  let difference: u32 = 0
  for (let i: usize = 0; i < POINT_BYTES; i += 16)
    difference |= load<u32>(p + i) | (load<u32>(p + i, 4) ^ load<u32>(p + i, 8))
  return difference == 0
}
