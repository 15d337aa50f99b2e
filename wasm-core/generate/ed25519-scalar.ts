/** Prints the constants of the scalars of ed25519: see `assembly/ed25519/scalar.ts`. */
import { negativeInverse } from './checked-limbs.ts'

/** Order of the base point. */
export const L = 2n ** 252n + 27742317777372353535851937790883648493n
const R = 1n << 256n

export function generate(): Record<string, string> {
  const parts = [
    '// Printed by generate/ed25519-scalar.ts. Do not edit.\n',
    words('L', 'ORDER', L),
    words('R² mod L: multiply by it to enter Montgomery form', 'R_SQUARED', R ** 2n % L),
    words('R³ mod L: the same for what counts in units of 2^256', 'R_CUBED', R ** 3n % L),
    words('1: multiply by it to leave Montgomery form', 'SCALAR_ONE', 1n),
    `/** -1/L mod 2^32 */\nexport const MINUS_INVERSE: u64 = 0x${negativeInverse(L, 32).toString(16)}\n`,
  ]
  return { 'scalar.ts': parts.join('\n') }
}

function words(doc: string, name: string, value: bigint): string {
  const list = Array.from({ length: 8 }, (_, i) => `0x${((value >> BigInt(32 * i)) & 0xffffffffn).toString(16)}`)
  return `/** ${doc} */\nexport const ${name}: usize = memory.data<u32>([${list.join(', ')}], 16)\n`
}
