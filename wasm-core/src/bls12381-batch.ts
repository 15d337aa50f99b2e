/** What both engines of a BLS batch must agree on: the coefficients, and which item is named when it does not hold. */
import { checkBytes } from './bytes-argument.ts'
import { InvalidArgument, InvalidPoint } from './errors.ts'
import type { Bls12381, CommitteeSignature } from './slots.ts'

export const COEFFICIENT_BYTES = 16

/** How often in a row zero is drawn again. A sound source gives one zero in 2^128 draws. */
const DRAWS = 4

/**
 * Fresh non-zero 128-bit coefficients, drawn before any computation begins: `random` is the caller's code, which may
 * use the engine or give the same array again.
 * @throws {InvalidArgument} naming `random`, when it gives another length than asked for, or only zeros.
 */
function drawCoefficients(count: number, random: (length: number) => Uint8Array): Uint8Array[] {
  return Array.from({ length: count }, () => {
    for (let draw = 0; draw < DRAWS; draw++) {
      const bytes = random(COEFFICIENT_BYTES)
      checkBytes('random', bytes)
      if (bytes.length !== COEFFICIENT_BYTES) {
        throw new InvalidArgument('random', `expected ${COEFFICIENT_BYTES} bytes, got ${bytes.length}`)
      }
      if (bytes.some((byte) => byte !== 0)) return bytes.slice()
    }
    const remedy = 'pass the secure random of the platform'
    throw new InvalidArgument('random', `expected random bytes, got only zeros ${DRAWS} times in a row; ${remedy}`)
  })
}

/**
 * `verifyBatch` of an engine, of which `holds` checks the combination of all items. One item alone is checked as such:
 * that costs less. When the combination fails, so is each, in order.
 * @throws {InvalidPoint} naming the item and its part; `holds` throws so for any item before it concludes.
 */
export function verifyTogether(
  bls: Bls12381,
  items: readonly CommitteeSignature[],
  random: (length: number) => Uint8Array,
  holds: (coefficients: readonly Uint8Array[]) => boolean,
): number {
  const coefficients = drawCoefficients(items.length, random)
  if (items.length > 1 && holds(coefficients)) return -1
  return items.findIndex(({ aggregate, absent, message, signature }, index) =>
    naming(index, () => !bls.verifyWithoutAbsent(aggregate, absent, message, signature)),
  )
}

/** Runs a check of item `index`, of which errors then speak. */
export function naming<T>(index: number, check: () => T): T {
  try {
    return check()
  } catch (error) {
    if (error instanceof InvalidPoint) throw error.within(`items[${index}]`)
    throw error
  }
}
