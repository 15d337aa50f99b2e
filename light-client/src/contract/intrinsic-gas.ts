/** Gas that a transaction costs before and beside execution (Yellow Paper §6.2 and the EIPs named). @module */
import type { AccessList } from '../ledgers/ethereum/call-claims.ts'
import { type HardFork, isAtLeast } from './block-context.ts'

export const TX_GAS = 21_000n
const TX_CREATE_GAS = 32_000n
const INITCODE_WORD_GAS = 2n
/** EIP-2028 */
const ZERO_BYTE_GAS = 4n
const NONZERO_BYTE_GAS = 16n
/** EIP-2930 */
const ACCESS_LIST_ADDRESS_GAS = 2400n
const ACCESS_LIST_KEY_GAS = 1900n
/** EIP-7623 */
const FLOOR_TOKEN_GAS = 10n
/** EIP-7702: charged for each authorization; all but the base cost is refunded when the account exists. */
const PER_EMPTY_ACCOUNT_GAS = 25_000n
export const AUTHORIZATION_REFUND = PER_EMPTY_ACCOUNT_GAS - 12_500n
/** EIP-4844 */
export const GAS_PER_BLOB = 131_072n
/** EIP-3860 */
export const MAX_INITCODE_SIZE = 49_152
/** EIP-3529: at most this part of the gas used is refunded. */
export const MAX_REFUND_QUOTIENT = 5n
/** EIP-7825 */
export const MAX_TX_GAS = 1n << 24n

export function intrinsicGas(
  transaction: {
    readonly data: Uint8Array
    readonly creates: boolean
    readonly accessList: AccessList
    readonly authorizations: number
  },
  fork: HardFork,
): bigint {
  const { data, creates, accessList, authorizations } = transaction
  const { zero, nonzero } = countBytes(data)
  let gas = TX_GAS + zero * ZERO_BYTE_GAS + nonzero * NONZERO_BYTE_GAS
  if (creates) {
    gas += TX_CREATE_GAS
    if (isAtLeast(fork, 'shanghai')) gas += BigInt(Math.ceil(data.length / 32)) * INITCODE_WORD_GAS
  }
  for (const { storageKeys } of accessList)
    gas += ACCESS_LIST_ADDRESS_GAS + BigInt(storageKeys.length) * ACCESS_LIST_KEY_GAS
  return gas + BigInt(authorizations) * PER_EMPTY_ACCOUNT_GAS
}

/** What a transaction costs at least, whatever execution used (EIP-7623); 0 before Prague. */
export function floorDataGas(data: Uint8Array, fork: HardFork): bigint {
  if (!isAtLeast(fork, 'prague')) return 0n
  const { zero, nonzero } = countBytes(data)
  return TX_GAS + (zero + 4n * nonzero) * FLOOR_TOKEN_GAS
}

function countBytes(data: Uint8Array): { zero: bigint; nonzero: bigint } {
  let zero = 0
  for (const byte of data) if (byte === 0) zero++
  return { zero: BigInt(zero), nonzero: BigInt(data.length - zero) }
}
