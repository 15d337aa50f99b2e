/** What crosses the façade for transfers and permissions found in proven logs. Plain data. @module */
import type { Hex } from '@glowworm/light-client'
import type { TokenView } from '../intent/intent.ts'
import type { Shown } from './facade.ts'
import type { Stop } from './stopped.ts'

/** A transfer that a final block proves to have been logged. What it says is what the contract says. */
export interface TransferView {
  readonly key: string
  readonly accountId: string
  readonly contract: Hex
  readonly from: Hex
  readonly to: Hex
  /** Null for amounts of a token. */
  readonly id: bigint | null
  readonly amount: bigint
  readonly block: bigint
  /** Time of the block, ms since the epoch. */
  readonly time: number
  readonly hash: Hex
  /** Why it is probably there to deceive. */
  readonly bait: 'zero-value' | 'look-alike' | null
}

/** The blocks for which every transfer of the account that any contract logged is known. Nothing is said of others. */
export interface CoverageView {
  readonly accountId: string
  readonly ranges: readonly { readonly from: bigint; readonly to: bigint }[]
}

export interface SearchView {
  readonly accountId: string
  /** Blocks. */
  readonly done: number
  readonly of: number
}

export interface PermissionView {
  readonly key: string
  readonly accountId: string
  /**
   * `token`: amounts of one token; `item`: one item; `all`: every item of a collection, also later ones; `permit2`: amounts
   * of one token, through Permit2.
   */
  readonly kind: 'token' | 'item' | 'all' | 'permit2'
  readonly contract: Hex
  readonly spender: Hex
  readonly id: bigint | null
  readonly token: TokenView | null
  /** What may still be taken: the amount, or 1. Null while that has not been asked. */
  readonly left: Shown<bigint> | null
}

export interface HistoryView {
  /** The selected account's newest, newest first; see `allTransfers`. */
  readonly transfers: readonly TransferView[]
  readonly coverage: readonly CoverageView[]
  readonly search: SearchView | null
  readonly permissions: readonly PermissionView[]
}

export interface HistoryCommands {
  /**
   * Searches the newest final blocks for transfers and permissions of the account; those covered before are not searched
   * again. Resolves with the blocks that could not be decided, and why.
   * @throws problem `SEARCH_RUNNING`, `SEARCH_STOPPED`, `INVALID_RANGE`, `NOT_FOLLOWING`
   */
  searchHistory(request: {
    accountId: string
    blocks: number
  }): Promise<readonly { from: bigint; to: bigint; reason: string }[]>
  stopSearch(): Promise<void>
  /** All that are kept of the account, newest first. */
  allTransfers(request: { accountId: string }): Promise<readonly TransferView[]>
  /** Proves anew what the account's permissions are worth now: those found in logs and those given with this wallet. */
  checkPermissions(request: { accountId: string }, stop?: Stop): Promise<void>
  /**
   * Takes permissions back: a transaction for each, put up for approval one after the other.
   * @throws problem `UNKNOWN_PERMISSION`
   */
  prepareRevokes(request: { keys: readonly string[] }): Promise<{ approvalId: string }>
  /** A file with the proof that the entry's transaction is in the chain (docs/receipts.md). @throws problem `NO_PROOF_MAKER` */
  exportReceipt(request: { id: string }, stop?: Stop): Promise<{ file: Uint8Array }>
}
