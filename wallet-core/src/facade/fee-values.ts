/** What crosses the façade for the fees of a transaction. @module */
import type { Shown } from './facade.ts'

/** Fees in wei for each unit of gas. */
export interface Fees {
  readonly maxFeePerGas: bigint
  readonly maxPriorityFeePerGas: bigint
}

export interface FeeOptions {
  /** Lowest and highest base fee of the newest blocks, by their headers. */
  readonly history: Shown<{ readonly lowest: bigint; readonly highest: bigint; readonly blocks: number }>
  readonly slow: Fees
  readonly normal: Fees
  readonly fast: Fees
  /** Less would not take the place of the transaction under way; null when there is none to replace. */
  readonly least: Fees | null
}
