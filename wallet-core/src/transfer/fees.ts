/**
 * Bounds around what only hearsay can tell. The base fee is proven, and mostly the gas of a call; the tip is
 * somebody's suggestion, so it may move a figure only within these limits.
 * @module
 */

export const GWEI = 1_000_000_000n
/** EIP-2028 intrinsic gas of a transfer without data. */
export const TRANSFER_GAS = 21_000n
/** EIP-7825: no transaction may use more (2^24). */
export const MOST_GAS = 16_777_216n
/** What is offered when nobody suggests a tip. */
export const DEFAULT_TIP = GWEI
/** A suggested tip above this, and above the base fee, is cut. */
export const MOST_TIP = 5n * GWEI
/** How far ahead of the proven nonce a source may claim pending transactions to be. */
export const MOST_PENDING = 16n

export function boundedTip(suggested: bigint, baseFee: bigint): { tip: bigint; cut: boolean } {
  const most = baseFee > MOST_TIP ? baseFee : MOST_TIP
  if (suggested < 0n) return { tip: 0n, cut: true }
  return suggested > most ? { tip: most, cut: true } : { tip: suggested, cut: false }
}

/** Room for six full blocks in a row (each raises the base fee by an eighth), then the tip. */
export function feeLimit(baseFee: bigint, tip: bigint): bigint {
  return 2n * baseFee + tip
}

export function withinGasLimits(gas: bigint): bigint {
  if (gas < TRANSFER_GAS) return TRANSFER_GAS
  return gas > MOST_GAS ? MOST_GAS : gas
}

/** A fifth on top, because state moves between the estimate and the block; never beyond what a block allows. */
export function boundedGas(suggested: bigint): bigint {
  return withinGasLimits(suggested + suggested / 5n)
}
