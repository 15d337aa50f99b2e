/** What crosses the façade for the hash-chained log. Plain data; docs/activity-log.md. @module */
import type { Hex } from '@glowworm/light-client'

export interface LogComparison {
  /** Of the file. */
  readonly entries: number
  /** When its head was made, by the clock of then, ms since the epoch. */
  readonly at: number
  /** Null: its head carries no signature. */
  readonly signedBy: Hex | null
  /**
   * `contained`: the log of now goes on from it. `missing`: the log of now is shorter, so something was taken away.
   * `different`: it has another entry in that place. `older`: too far back to be told.
   */
  readonly found: 'contained' | 'missing' | 'different' | 'older'
}

export interface LogCommands {
  /** The log with its head signed by the account, where its key is in this wallet. */
  exportLog(request: { accountId: string }): Promise<{ file: Uint8Array }>
  /** Whether the log of now goes on from a file made earlier. @throws problem `INVALID_LOG_FILE` */
  compareLog(request: { file: Uint8Array }): Promise<LogComparison>
}
