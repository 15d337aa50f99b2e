/**
 * What signing would mean, as data: words are the interface's business. Everything that was read from the chain is a
 * `Shown`, with its proof or with the reason why there is none; everything else stands in what is signed.
 * @module
 */
import type { Hex } from '@glowworm/light-client'
import type { Shown } from '../facade/facade.ts'
import type { SignedLine } from '../signing/typed-data/hash.ts'

/** A contract that says it is a token. What it says of itself is proven to be what it says, not to be true. */
export interface TokenView {
  readonly address: Hex
  readonly symbol: Shown<string>
  /** 0 to 77. Where it is not readable, amounts are told in the smallest unit. */
  readonly decimals: Shown<number>
}

/** How far a permission reaches. `amount` null: without limit. */
export interface Allowance {
  readonly amount: bigint | null
  /** Seconds since the epoch; null: until it is taken back. */
  readonly until: bigint | null
}

export type Action =
  /** `to` null: a new contract, created from so many bytes of code. */
  | { readonly kind: 'create'; readonly codeBytes: number }
  | { readonly kind: 'send-native'; readonly to: Hex; readonly amount: bigint }
  | {
      readonly kind: 'send-token'
      readonly token: TokenView
      readonly from: Hex
      readonly to: Hex
      readonly amount: bigint
    }
  | {
      readonly kind: 'send-nft'
      readonly collection: Hex
      readonly from: Hex
      readonly to: Hex
      /** `amount` null where each exists once (ERC-721). */
      readonly items: readonly { readonly id: bigint; readonly amount: bigint | null }[]
    }
  | {
      readonly kind: 'allow-token'
      readonly token: TokenView
      readonly owner: Hex
      readonly spender: Hex
      /** `add` and `subtract` change what there is by the amount. */
      readonly way: 'set' | 'add' | 'subtract'
      readonly allowance: Allowance
      /** The contract through which the spender takes it, when that is not the token itself. */
      readonly through: Hex | null
      /** As a signature that anybody may hand in. */
      readonly signed: boolean
    }
  | { readonly kind: 'allow-nft'; readonly collection: Hex; readonly spender: Hex; readonly id: bigint }
  | { readonly kind: 'allow-all'; readonly collection: Hex; readonly operator: Hex; readonly allowed: boolean }
  /** `approve` or `transferFrom` of a contract that is neither clearly a token nor a collection. */
  | {
      readonly kind: 'token-or-nft'
      readonly contract: Hex
      readonly act: 'allow' | 'send'
      readonly from: Hex | null
      readonly to: Hex
      readonly number: bigint
    }
  | { readonly kind: 'wrap' | 'unwrap'; readonly token: TokenView; readonly amount: bigint }
  /** EIP-7702: from then on the account does what that code does. `code` null: no longer. */
  | { readonly kind: 'delegate'; readonly account: Hex | null; readonly code: Hex | null; readonly everyChain: boolean }
  | { readonly kind: 'batch'; readonly function: string; readonly steps: readonly Intent[] }
  /** What a Safe is made to do; `delegated`: with the Safe's own storage and money in its hands. */
  | { readonly kind: 'safe'; readonly safe: Hex; readonly delegated: boolean; readonly step: Intent }
  /** A function this wallet knows by its interface, with what a descriptor makes of its arguments. */
  | {
      readonly kind: 'described'
      readonly function: string
      readonly intent: string
      /** True where the descriptor is for this very contract, not for an interface that any contract may claim. */
      readonly bound: boolean
      readonly fields: readonly DescribedField[]
    }
  | {
      readonly kind: 'unknown-call'
      /** Null: fewer than four bytes. */
      readonly selector: Hex | null
      readonly bytes: number
      /** Set when it pretended to be something known but did not read as that. */
      readonly refused: string | null
    }
  /** Typed data of no known shape: its lines are all there is to say. */
  | { readonly kind: 'unknown-data'; readonly primaryType: string }

export interface DescribedField {
  readonly label: string
  readonly value:
    | { readonly kind: 'address'; readonly address: Hex }
    | { readonly kind: 'token-amount'; readonly token: TokenView; readonly amount: bigint | null }
    | { readonly kind: 'native-amount'; readonly amount: bigint }
    | { readonly kind: 'nft'; readonly collection: Hex; readonly id: bigint }
    /** Seconds since the epoch. */
    | { readonly kind: 'date'; readonly time: bigint }
    | { readonly kind: 'duration'; readonly seconds: bigint }
    | { readonly kind: 'text'; readonly text: string }
}

export interface Intent {
  readonly action: Action
  /** wei sent along; the amount itself for `send-native`. */
  readonly value: bigint
  /** Whose code decides what happens; null where no code does. */
  readonly contract: ContractView | null
  readonly warnings: readonly IntentWarning[]
}

export interface ContractView {
  readonly address: Hex
  /** The code behind the code; null in it: none. */
  readonly proxy: Shown<ProxyView | null>
}

export interface ProxyView {
  readonly kind: 'eip1967' | 'beacon' | 'zeppelinos' | 'minimal' | 'delegation'
  readonly implementation: Hex
  /** Somebody can put other code in its place. */
  readonly changeable: boolean
}

export type WarningCode =
  | 'unlimited'
  | 'allow-all'
  | 'signed-allowance'
  | 'plain-spender'
  | 'to-token-itself'
  | 'to-nobody'
  | 'proxy'
  | 'no-code'
  | 'delegation'
  | 'delegated-call'
  | 'unknown-call'
  | 'unusual-symbol'
  | 'not-own'
  | 'expired'
  | 'data-behind'
  | 'other-contract'
  | 'too-deep'

export interface IntentWarning {
  readonly code: WarningCode
  /** Whom it is about. */
  readonly about: Hex | null
}

/** What explaining takes: the transaction as it would be signed. */
export interface ExplainedCall {
  readonly from: Hex
  readonly to: Hex | null
  readonly value: bigint
  readonly data: Hex
  readonly authorizations?: readonly {
    /** Zero: it holds on every chain. */
    readonly chainId: bigint
    readonly address: Hex
    readonly authority: Hex | null
  }[]
}

/** What explaining typed data takes: the lines as they would be signed. */
export interface ExplainedData {
  readonly signer: Hex
  readonly primaryType: string
  readonly domain: readonly SignedLine[]
  readonly message: readonly SignedLine[]
}
