/** What a call would do on proven state: the claims, and the values they prove. Amounts in wei, gas in gas. @module */
import type { Account, Log } from './claims.ts'
import type { Hex } from './evidence.ts'

/** A proven head, or any block that can be proven to be its ancestor (whose state a source must still have). */
export type StateAt = 'finalized' | 'optimistic' | { readonly blockHash: Hex }

export type AccessList = readonly { readonly address: Hex; readonly storageKeys: readonly Hex[] }[]

/** An EIP-7702 authorization as a transaction carries it. */
export interface Authorization {
  readonly chainId: bigint
  readonly address: Hex
  readonly nonce: bigint
  readonly yParity: number
  readonly r: bigint
  readonly s: bigint
}

/** A call as `eth_call` takes it. What is absent has the default geth gives it. */
export interface CallRequest {
  /** Default: the zero address. */
  readonly from?: Hex
  /** Null or absent: `data` creates a contract. */
  readonly to?: Hex | null
  /** Default, and at most: `CALL_GAS_CAP`. */
  readonly gas?: bigint
  readonly gasPrice?: bigint
  readonly maxFeePerGas?: bigint
  readonly maxPriorityFeePerGas?: bigint
  readonly maxFeePerBlobGas?: bigint
  readonly value?: bigint
  readonly data?: Hex
  /** Checked in validated simulations only. */
  readonly nonce?: bigint
  readonly accessList?: AccessList
  readonly blobVersionedHashes?: readonly Hex[]
  readonly authorizationList?: readonly Authorization[]
}

/** Changes to the proven state before a call, by address. They are the caller's assumption, not the chain's. */
export type StateOverrides = Readonly<Record<Hex, AccountOverride>>

export interface AccountOverride {
  readonly balance?: bigint
  readonly nonce?: bigint
  readonly code?: Hex
  /** Replaces the whole storage. */
  readonly state?: Readonly<Record<Hex, Hex>>
  /** Replaces single slots. */
  readonly stateDiff?: Readonly<Record<Hex, Hex>>
}

/** Changes to the block a call sees. */
export interface BlockOverrides {
  readonly number?: bigint
  readonly time?: bigint
  readonly gasLimit?: bigint
  readonly feeRecipient?: Hex
  readonly prevRandao?: Hex
  readonly baseFeePerGas?: bigint
  readonly blobBaseFee?: bigint
}

export interface CallOutcome {
  /** `revert`: the contract said no, with `returnData`. `halt`: execution failed for the reason in `halt`. */
  readonly status: 'success' | 'revert' | 'halt'
  readonly returnData: Hex
  readonly halt: string | null
  readonly gasUsed: bigint
  readonly logs: readonly Log[]
  /** Every account and slot of the proven state that the outcome rests on. */
  readonly reads: AccessList
}

export interface GasEstimate {
  /** Null when the call fails at any gas; `failure` then says how. */
  readonly gas: bigint | null
  readonly failure: Pick<CallOutcome, 'status' | 'returnData' | 'halt'> | null
  readonly reads: AccessList
}

export interface AccessListOutcome {
  readonly accessList: AccessList
  /** With that list. */
  readonly gasUsed: bigint
  /** Why the call fails, in geth's words; null when it succeeds. */
  readonly error: string | null
  readonly reads: AccessList
}

/** One block of a simulation: what is assumed, and the calls in it. */
export interface SimulatedBlockRequest {
  readonly blockOverrides?: BlockOverrides
  readonly stateOverrides?: StateOverrides
  readonly calls: readonly CallRequest[]
}

export interface SimulatedBlock {
  readonly number: bigint
  /** Seconds. */
  readonly timestamp: bigint
  readonly gasLimit: bigint
  readonly gasUsed: bigint
  readonly baseFeePerGas: bigint
  readonly feeRecipient: Hex
  readonly prevRandao: Hex
  /** Null after a block that does not exist, whose hash would take the whole state. */
  readonly parentHash: Hex | null
  /** Of what the calls log; transfers that only appear to be logged (`traceTransfers`) are not in it. */
  readonly logsBloom: Hex
  readonly calls: readonly SimulatedCall[]
}

export interface SimulatedCall extends Omit<CallOutcome, 'reads'> {
  /** Address of the contract that the call created. */
  readonly created: Hex | null
  /** Every account whose balance, nonce or code the call changed; null before: it did not exist. */
  readonly changes: readonly AccountChange[]
}

export interface AccountChange {
  readonly address: Hex
  readonly before: Pick<Account, 'balance' | 'nonce' | 'codeHash'> | null
  readonly after: Pick<Account, 'balance' | 'nonce' | 'codeHash'> | null
}

export interface Simulation {
  readonly blocks: readonly SimulatedBlock[]
  readonly reads: AccessList
}

interface OnState {
  readonly at: StateAt
  readonly call: CallRequest
  readonly stateOverrides?: StateOverrides
  readonly blockOverrides?: BlockOverrides
}

export type CallClaim =
  | ({ readonly type: 'call' } & OnState)
  | ({ readonly type: 'gas_estimate' } & OnState)
  | ({ readonly type: 'access_list' } & OnState)
  | {
      readonly type: 'simulation'
      readonly at: StateAt
      readonly blocks: readonly SimulatedBlockRequest[]
      /** Transfers of the native coin appear as ERC-20 logs of 0xeeee…ee. */
      readonly traceTransfers: boolean
      /** Nonces, balances and fees are checked as in a block. */
      readonly validation: boolean
    }

export interface CallValues {
  call: CallOutcome
  gas_estimate: GasEstimate
  access_list: AccessListOutcome
  simulation: Simulation
}
