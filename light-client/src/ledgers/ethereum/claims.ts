import type { CallClaim } from './call-claims.ts'
import type { Hex } from './evidence.ts'

/** Claims about Ethereum that can be proven, and the values they prove. */
export type EthereumClaim =
  | { readonly type: 'account'; readonly address: Hex; readonly at: 'finalized' | 'optimistic' }
  | { readonly type: 'storage'; readonly address: Hex; readonly slot: Hex; readonly at: 'finalized' | 'optimistic' }
  | { readonly type: 'code'; readonly address: Hex; readonly at: 'finalized' | 'optimistic' }
  | { readonly type: 'transaction'; readonly transactionHash: Hex; readonly blockHash: Hex }
  | { readonly type: 'receipt'; readonly transactionHash: Hex; readonly blockHash: Hex }
  | { readonly type: 'header'; readonly blockHash: Hex }
  /** What the block after the newest proven head must charge (EIP-1559). */
  | { readonly type: 'base_fee' }
  /** What a call would do. */
  | CallClaim

/** State of an account (Yellow Paper §4.1). `exists` is false when the proof is one of absence. */
export interface Account {
  readonly address: Hex
  readonly exists: boolean
  readonly nonce: bigint
  /** wei */
  readonly balance: bigint
  readonly storageRoot: Hex
  readonly codeHash: Hex
}

export interface Log {
  readonly address: Hex
  readonly topics: readonly Hex[]
  readonly data: Hex
}

/** A receipt with everything derived locally from proven receipts and transactions of the block. */
export interface Receipt {
  readonly transactionHash: Hex
  readonly blockHash: Hex
  readonly blockNumber: bigint
  readonly transactionIndex: number
  readonly type: number
  /** True when the transaction succeeded. Pre-Byzantium receipts carry a state root instead and are refused. */
  readonly success: boolean
  readonly gasUsed: bigint
  readonly cumulativeGasUsed: bigint
  /** Place of the first log of this receipt among all logs of the block. */
  readonly firstLogIndex: number
  /** Of the block, in wei; null before London. */
  readonly baseFeePerGas: bigint | null
  readonly logs: readonly Log[]
}

/** A transaction whose bytes lie under the proven transactions root. */
export interface Transaction {
  readonly hash: Hex
  readonly blockHash: Hex
  readonly blockNumber: bigint
  readonly transactionIndex: number
  readonly type: number
  readonly raw: Hex
}
