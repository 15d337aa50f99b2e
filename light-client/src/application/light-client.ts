/**
 * The light client as its users see it. Implemented by `application/follow.ts` over any ledger evidence sources.
 * @module
 */
import type { GlowwormError } from '../errors.ts'
import type {
  AccessListOutcome,
  BlockOverrides,
  CallOutcome,
  CallRequest,
  GasEstimate,
  SimulatedBlockRequest,
  Simulation,
  StateAt,
  StateOverrides,
} from '../ledgers/ethereum/call-claims.ts'
import type { Account, Receipt, Transaction } from '../ledgers/ethereum/claims.ts'
import type { Contradiction } from '../ledgers/ethereum/contradiction.ts'
import type { Hex } from '../ledgers/ethereum/evidence.ts'
import type { ForcedUpdate } from '../ledgers/ethereum/force-update.ts'
import type { Attested, Verified } from '../ledgers/verified.ts'
import type { EvidenceSource, SourceDescription } from '../network/evidence-source.ts'
import type { Diversity } from '../network/peer-book/origins.ts'
import type { ChainReader } from './chain-reader.ts'
import type { PaddingState } from './query-privacy/decoys.ts'
import type { Learned } from './query-privacy/ledger.ts'

/**
 * The life-cycle as a tagged union. `kept` is the head that the evidence of an earlier run proved again, before any
 * source has answered: final, but as old as its `time` says.
 */
export type Status =
  | {
      readonly state: 'starting'
      readonly step: 'checkpoint' | 'committees'
      readonly done: number
      readonly of: number
      readonly kept?: Head
    }
  | { readonly state: 'following'; readonly head: Head }
  | { readonly state: 'stalled'; readonly cause: GlowwormError; readonly head: Head | null; readonly kept?: Head }
  | { readonly state: 'closed' }

export interface Head {
  readonly finalized: HeaderSummary
  readonly optimistic: HeaderSummary
  /** Signatures under the newest head; null while that is not known. */
  readonly participation: number | null
  readonly sources: readonly SourceDescription[]
}

export interface HeaderSummary {
  readonly slot: number
  readonly blockNumber: bigint
  readonly blockHash: Hex
  readonly stateRoot: Hex
  /** Milliseconds since the Unix epoch. */
  readonly time: number
}

/** One step of the chain of evidence, in the order a person reads it. */
export interface TrailStep {
  /** `account` stands for state of any kind, also for what was executed on it. */
  readonly stage: 'checkpoint' | 'committee' | 'header' | 'account' | 'receipt' | 'value'
  /** What was checked, as data; words are the interface's business. */
  readonly facts: Readonly<Record<string, string | number | bigint>>
  readonly milliseconds: number
  readonly suppliedBy: SourceDescription | null
}

/** A proven value with the way it was proven. */
export interface Answer<T> {
  readonly verified: Verified<T>
  readonly trail: readonly TrailStep[]
}

export interface SourceSummary {
  readonly description: SourceDescription
  readonly answers: number
  /** Bytes of evidence delivered. */
  readonly bytes: number
  /** Set when it was caught with false evidence; it is not asked again. */
  readonly lie: GlowwormError | null
  /** What it has learned of whoever asks, since the start. */
  readonly learned: Learned
}

/** Who asks. */
export interface Caller {
  /** What was asked can be given up: the promise then rejects with the reason of the signal. */
  readonly signal?: AbortSignal | undefined
  /** Calls of different askers are executed in turn, and none of them gets all the room. Absent: an asker of its own. */
  readonly asker?: string | undefined
}

/** Where a call is executed (default: the finalized head), and what it assumes to be different there. */
export interface CallOptions extends Caller {
  readonly at?: StateAt
  readonly stateOverrides?: StateOverrides
  readonly blockOverrides?: BlockOverrides
}

export interface SimulationOptions extends Caller {
  readonly at?: StateAt
  /** Transfers of the native coin as logs of the address 0xee…ee. */
  readonly traceTransfers?: boolean
  /** Calls are held to what a block would demand of transactions: nonces, balances, fees. */
  readonly validation?: boolean
}

/** Which head to prove against. */
export type HeadChoice = 'finalized' | 'optimistic'

export interface LightClient {
  readonly network: { readonly name: string; readonly chainId: number }
  readonly status: Status
  /** Calls `listener` with each new status until the returned function is called. */
  subscribe(listener: (status: Status) => void): () => void
  /** Resolves once the client follows the chain. @throws {GlowwormError} the cause when it stalls before that. */
  ready(signal?: AbortSignal): Promise<Head>
  account(address: Hex, at?: HeadChoice): Promise<Answer<Account>>
  /**
   * What the evidence of an earlier run proves of an account, proven again now, without asking anybody: final, and as
   * old as `verified.anchor.time` says. Null: nothing was kept (`LightClientOptions.keepAccounts`), or not of the head
   * that was kept beside it.
   */
  keptAccount(address: Hex): Promise<Answer<Account> | null>
  storage(address: Hex, slot: Hex, at?: HeadChoice): Promise<Answer<Hex>>
  code(address: Hex, at?: HeadChoice): Promise<Answer<Hex>>
  /**
   * Null when no source knows a proven block that contains the transaction; that is ignorance, not proof of absence.
   * @throws {TooFarBack} when a source names a block further back than can be proven
   */
  receipt(transactionHash: Hex): Promise<Answer<Receipt> | null>
  transaction(transactionHash: Hex): Promise<Answer<Transaction> | null>
  /** Blocks, state and history for readers that need more than single values. */
  readonly chain: ChainReader
  /**
   * Executes a call here, on proven state. A call that reverts is an answer like another: see `status` of the outcome.
   * @throws {CallRefused} when no block could contain the call
   * @throws {CallTookTooLong | TooManyCalls} see `LightClientOptions.calls`
   */
  call(call: CallRequest, options?: CallOptions): Promise<Answer<CallOutcome>>
  estimateGas(call: CallRequest, options?: CallOptions): Promise<Answer<GasEstimate>>
  createAccessList(call: CallRequest, options?: CallOptions): Promise<Answer<AccessListOutcome>>
  /** Executes calls one after another, in blocks that follow a proven one. */
  simulate(blocks: readonly SimulatedBlockRequest[], options?: SimulationOptions): Promise<Answer<Simulation>>
  /** The base fee of the next block, derived from the proven head (EIP-1559). */
  baseFee(): Promise<Answer<bigint>>
  tipHint(): Promise<Attested<bigint>>
  gasHint(call: { from: Hex; to: Hex | null; value: bigint; data: Hex }): Promise<Attested<bigint>>
  pendingNonce(address: Hex): Promise<Attested<bigint>>
  /** Sends to every source that takes transactions. Proof of inclusion is `receipt`, later. */
  sendTransaction(raw: Hex): Promise<Attested<Hex>>
  /**
   * Takes an update that somebody pushed. `accept` moved or confirmed the head, `ignore` proves nothing against the
   * sender, `reject` is a provable lie: do not forward it.
   */
  offer(kind: 'finality_update' | 'optimistic_update', bytes: Uint8Array): Promise<'accept' | 'ignore' | 'reject'>
  /** What following has cost so far. `milliseconds` is the time since the start. */
  readonly effort: {
    readonly periods: number
    /** How many of them by compact hops. */
    readonly hops: number
    readonly bytes: number
    readonly signatures: number
    readonly milliseconds: number
  }
  /** Set when the committee contradicted itself: the client has stopped and proves nothing any more. */
  readonly contradiction: Contradiction | null
  /**
   * Takes the best update there is although two thirds did not finalize it. Never done unless called, and only where
   * finality has failed for a whole period (UPDATE_TIMEOUT). Everything proven afterwards says so, and is not final.
   * @param words `FORCE_UPDATE_WORDS`, see `FORCE_UPDATE_RISK`
   * @throws {InvalidInput} other words @throws {ForceUpdateRefused}
   */
  forceUpdate(words: string): Promise<ForcedUpdate>
  /** Set when an update was forced. */
  readonly forced: ForcedUpdate | null
  /** What this client has verified, as a source for its peers. */
  readonly served: EvidenceSource
  /** All sources with what they delivered and learned; liars also when they are not connected. */
  readonly sources: readonly SourceSummary[]
  /** From how many hands the newest blocks were vouched for in the last minutes. */
  readonly diversity: Diversity
  /** The lies remembered, with their evidence, as JSON (`lies.ts`). */
  exportLies(): string
  /**
   * Addresses of one person: as long as there are two sources to ask, no source is asked about all of them. Without
   * this, all addresses asked about are kept apart as well as can be.
   */
  keepApart(addresses: readonly Hex[]): void
  /** Whether questions about accounts are hidden among others. */
  readonly padding: PaddingState
  /** Hides questions about accounts among made-up ones from now on, or no longer. Off at the start. */
  pad(on: boolean): void
  addSource(source: EvidenceSource): void
  removeSource(id: string): void
  close(): Promise<void>
}
