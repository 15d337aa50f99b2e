import { checkBytes } from './bytes-argument.ts'
import { InvalidArgument } from './errors.ts'
import type { Ed25519Item, Ed25519Options, Random } from './slots.ts'

/** The argument checks of the `Ed25519` slot, the same for both engines. */

export function checkEd25519Length(argument: string, bytes: Uint8Array, length: number): void {
  if (bytes.length !== length) throw new InvalidArgument(argument, `expected ${length} bytes, got ${bytes.length}`)
}

/** Whether the rule is the strict one. An unknown rule must not quietly be the lax one. */
export function isStrict({ rule }: Ed25519Options): boolean {
  if (rule !== 'rfc8032' && rule !== 'zip215')
    throw new InvalidArgument('rule', `expected "rfc8032" or "zip215", got ${JSON.stringify(rule)}`)
  return rule === 'rfc8032'
}

export function checkItems(items: readonly Ed25519Item[]): void {
  for (const [i, { signature, publicKey }] of items.entries()) {
    checkEd25519Length(`items[${i}].signature`, signature, 64)
    checkEd25519Length(`items[${i}].publicKey`, publicKey, 32)
  }
}

const COEFFICIENT_BYTES = 16
/** Drawn at once: the platform's random costs as much for one coefficient as for all of these. */
const COEFFICIENTS_PER_DRAW = 128

/**
 * One coefficient of 16 bytes, not all zero, for each of `count` items, before anything else is done: `random` is
 * somebody else's code. Zero would drop a signature from its batch; honest sources give it once in 2^128.
 */
export function drawCoefficients(random: Random, count: number): Uint8Array[] {
  const coefficients: Uint8Array[] = []
  while (coefficients.length < count) {
    const length = COEFFICIENT_BYTES * Math.min(count - coefficients.length, COEFFICIENTS_PER_DRAW)
    const bytes = random.bytes(length)
    checkBytes('random', bytes)
    checkEd25519Length('random', bytes, length)
    for (let at = 0; at < length; at += COEFFICIENT_BYTES) {
      const coefficient = bytes.slice(at, at + COEFFICIENT_BYTES)
      if (coefficient.every((byte) => byte === 0))
        throw new InvalidArgument('random', 'gave 16 zero bytes: it is not random')
      coefficients.push(coefficient)
    }
  }
  return coefficients
}
