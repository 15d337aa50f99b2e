/** How much a transaction takes out of an account, as far as its own bytes say. */
import type { Hex } from '@glowworm/light-client'

export interface Outgoing {
  readonly to: Hex | null
  readonly data: Hex
  /** Value and the most the fees can be, in wei. */
  readonly mostThatLeaves: bigint
}

/** ERC-20 calls by which tokens go, or may go; the position of the amount among their words. */
const AMOUNTS: Readonly<Record<string, number>> = {
  '0xa9059cbb': 1, // transfer(address,uint256)
  '0x095ea7b3': 1, // approve(address,uint256)
  '0x39509351': 1, // increaseAllowance(address,uint256)
  '0x23b872dd': 2, // transferFrom(address,address,uint256)
}
/** Calls that only take back. */
const HARMLESS = ['0xa457c2d7'] // decreaseAllowance(address,uint256)

/** In the asset's smallest unit; null where the token is called in a way that nobody can put a number on. */
export function spent(asset: 'native' | Hex, { to, data, mostThatLeaves }: Outgoing): bigint | null {
  if (asset === 'native') return mostThatLeaves
  if (to !== asset) return 0n
  const selector = data.slice(0, 10).toLowerCase()
  if (HARMLESS.includes(selector)) return 0n
  const word = Object.hasOwn(AMOUNTS, selector) ? AMOUNTS[selector]! : null
  if (word === null) return data === '0x' ? 0n : null
  const digits = data.slice(10 + 64 * word, 10 + 64 * (word + 1))
  return digits.length === 64 ? BigInt(`0x${digits}`) : null
}
