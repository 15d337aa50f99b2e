/** What a client is told to do in a process or page of its own, and what it says about it. Plain JSON. @module */

export type ClientName = 'glowworm' | 'glowworm-hops' | 'glowworm-low-memory' | 'helios' | 'colibri' | 'lodestar'

export interface Job {
  /** A beacon node and an execution node on loopback. */
  readonly url: string
  readonly checkpoint: string
  /** What the clock shall say when the client starts, in milliseconds since the Unix epoch. */
  readonly now: number
  /** Whose balance is asked for; null where no proof of any is recorded. */
  readonly address: string | null
  /** The block to be had with all its transactions. */
  readonly block: 'latest' | 'finalized'
}

export interface Outcome {
  /** Milliseconds until the client can be used: modules, WASM. */
  readonly started: number
  /** Milliseconds from the checkpoint to the first verified head. */
  readonly synced: number
  /** Milliseconds of processor time in that, of all threads; null in a page. */
  readonly syncedProcessor: number | null
  /** As the client proved it; null where it cannot with this data. */
  readonly balance: string | null
  /** Milliseconds to verify that balance again from the same proof, median. */
  readonly balanceAgain: number | null
  /** Milliseconds for a whole block with the senders of its transactions, its evidence fetched too. */
  readonly block: { readonly transactions: number; readonly milliseconds: number } | null
  /** Milliseconds for one plain update, median over all; null where the client has no such step. */
  readonly update: number | null
  /** Bytes that were added from before the client was loaded to after all of it. Null where they cannot be known. */
  readonly memory: Memory | null
}

export interface Memory {
  /** All that is resident, pages of the executable among it, which all processes of one program share. */
  readonly resident: number
  /** Without what is mapped from files: what Chromium calls the private memory footprint. */
  readonly own: number
}

/** What each client module gives. Times are taken outside of it. */
export interface ClientModule {
  start(job: Job): Promise<Client>
}

export interface Client {
  /** To the first verified head. */
  sync(job: Job): Promise<void>
  /** Absent where the client cannot prove one with this data. */
  readonly balance?: (address: string) => Promise<string>
  /** Verifies the balance again from the proof that is there. */
  readonly balanceAgain?: (address: string) => Promise<string>
  /** Loads what `block` needs and nothing before it did; not part of the time. */
  readonly loadBlocks?: () => Promise<void>
  /** A block with all its transactions and their senders; gives their number. */
  readonly block?: (which: Job['block']) => Promise<number>
  /** Milliseconds for each of the plain updates, decoded and verified one by one. */
  readonly updates?: () => Promise<number[]>
  stop(): Promise<void>
}
