/**
 * A contract for storage, code and receipt proofs, written in EVM assembly because a compiler would be a dependency.
 *
 * - called without data: adds one to slot 0 and logs `Poked(uint256)` with the new count
 * - called with 32 bytes: returns the storage slot they name
 *
 * The constructor fills slot 1 with a short value, slot 2 with a full word, and a slot with a hashed key.
 * @module
 */

/** keccak256('Poked(uint256)') */
export const POKED_TOPIC = '0xc2c24f29eda7b97be3182bcc7c0058a4e9f5ea6455e0f434ec01efecf0238802'

/** A slot as a Solidity mapping would have it: keccak256(key 1 ‖ slot 3). */
export const HASHED_SLOT = '0xa15bc60c955c405d20d9149c709e2460f1c2d9a497496a7f46004d1772c3054c'

/** Where it lies: the first contract of the operator's account. */
export const FIXTURE_CONTRACT = '0xfbfbfddd6e35da57b7b0f9a2c10e34be70b3a4e9'

/** The storage the constructor leaves, key to value, both 32 bytes. */
export const FIXTURE_STORAGE: Readonly<Record<`0x${string}`, `0x${string}`>> = {
  [word('1')]: word('2a'),
  [word('2')]: `0x${'f0'.repeat(31)}0f`,
  [HASHED_SLOT]: word('de0b6b3a7640000'),
}

const POKE = [
  ['60', '01', '60', '00', '54', '01', '80', '60', '00', '55'], // sstore(0, sload(0) + 1), count stays on the stack
  ['60', '00', '52', '7f', POKED_TOPIC.slice(2), '60', '20', '60', '00', 'a1', '00'], // log1(0, 32, topic), stop
].flat()
const READ = ['5b', '60', '00', '35', '54', '60', '00', '52', '60', '20', '60', '00', 'f3']
const READ_AT = 4 + bytesIn(POKE)
/** if calldatasize() jump to READ */
const RUNTIME = ['36', '60', byte(READ_AT), '57', ...POKE, ...READ].join('')

/** What eth_getCode answers for it. */
export const FIXTURE_CODE: `0x${string}` = `0x${RUNTIME}`

/** Creation code: the storage, then the runtime code copied behind it. */
export function fixtureCreationCode(): `0x${string}` {
  const stores = Object.entries(FIXTURE_STORAGE).map(([key, value]) => `7f${value.slice(2)}7f${key.slice(2)}55`)
  const storing = stores.join('')
  const size = RUNTIME.length / 2
  const start = storing.length / 2 + 13
  // codecopy(0, start, size); return(0, size)
  const copy = `60${byte(size)}61${start.toString(16).padStart(4, '0')}60003960${byte(size)}6000f3`
  return `0x${storing}${copy}${RUNTIME}`
}

function word(hex: string): `0x${string}` {
  return `0x${hex.padStart(64, '0')}`
}
function byte(value: number): string {
  return value.toString(16).padStart(2, '0')
}
function bytesIn(parts: readonly string[]): number {
  return parts.join('').length / 2
}
