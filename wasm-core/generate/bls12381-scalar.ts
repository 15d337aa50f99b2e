/** Prints the constants of the scalars of BLS12-381: see `assembly/bls12381-groups/scalar.ts` and `halves.ts`. */
import { negativeInverse } from './checked-limbs.ts'

/** Order of the groups, x⁴ − x² + 1. */
const ORDER = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n
const X_SQUARED = 0xd201000000010000n ** 2n
const R = 1n << 256n

export function generate(): Record<string, string> {
  if (X_SQUARED ** 2n - X_SQUARED + 1n !== ORDER) throw new Error('the order is not that of this x')
  const parts = [
    '// Printed by generate/bls12381-scalar.ts. Do not edit.\n',
    words('The order r of the groups', 'ORDER', ORDER, 8),
    words('R mod r: 1 in Montgomery form', 'SCALAR_ONE', R % ORDER, 8),
    words('R² mod r: multiply by it to enter Montgomery form', 'R_SQUARED', R ** 2n % ORDER, 8),
    words('R³ mod r: the same for what counts in units of 2^256', 'R_CUBED', R ** 3n % ORDER, 8),
    words('1: multiply by it to leave Montgomery form', 'SCALAR_UNIT', 1n, 8),
    words('r − 2: the exponent of inversion', 'ORDER_MINUS_2', ORDER - 2n, 8),
    words('x², and a word of zeros', 'X_SQUARED', X_SQUARED, 5),
    words('⌊2^256 / x²⌋', 'X_SQUARED_RECIPROCAL', R / X_SQUARED, 5),
    `/** -1/r mod 2^32 */\nexport const MINUS_INVERSE: u64 = 0x${negativeInverse(ORDER, 32).toString(16)}\n`,
  ]
  return { 'scalar.ts': parts.join('\n') }
}

function words(doc: string, name: string, value: bigint, count: number): string {
  const list = Array.from({ length: count }, (_, i) => `0x${((value >> BigInt(32 * i)) & 0xffffffffn).toString(16)}`)
  return `/** ${doc} */\nexport const ${name}: usize = memory.data<u32>([${list.join(', ')}], 16)\n`
}
