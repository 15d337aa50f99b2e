/** What executing a transaction on proven state did to one account. @module */
import type { Hex } from '@glowworm/light-client'
import type { TokenView } from '../intent.ts'

export interface Outcome {
  readonly failure: Failure | null
  readonly gasUsed: bigint
  /** Change of the account's coin in wei, without the fee. */
  readonly native: bigint
  readonly tokens: readonly TokenChange[]
  readonly nfts: readonly NftChange[]
  /** Permissions that the account has given, as they are afterwards. */
  readonly permissions: readonly Permission[]
  readonly created: Hex | null
  /** From then on other code acts for the account, or none any more. */
  readonly ownCode: boolean
  /** Contracts whose log tells of other changes than their balances. */
  readonly contradicted: readonly Hex[]
}

export interface TokenChange {
  readonly token: TokenView
  readonly change: bigint
  /** `log`: the contract says so in its log; it does not tell balances. */
  readonly told: 'balance' | 'log'
}

export interface NftChange {
  readonly collection: Hex
  readonly id: bigint
  readonly change: bigint
}

export type Permission =
  | {
      readonly kind: 'token'
      readonly token: TokenView
      readonly spender: Hex
      /** Null: without limit. */
      readonly amount: bigint | null
      readonly until: bigint | null
      readonly through: Hex | null
    }
  | { readonly kind: 'nft'; readonly collection: Hex; readonly spender: Hex; readonly id: bigint }
  | { readonly kind: 'all'; readonly collection: Hex; readonly spender: Hex; readonly allowed: boolean }

export type Failure =
  | { readonly kind: 'said'; readonly text: string }
  /** Solidity's own checks, by their number. */
  | { readonly kind: 'panic'; readonly code: bigint }
  | { readonly kind: 'custom'; readonly selector: Hex }
  | { readonly kind: 'silent' }
  | { readonly kind: 'halt'; readonly words: string }

export const NOTHING: Outcome = {
  failure: null,
  gasUsed: 0n,
  native: 0n,
  tokens: [],
  nfts: [],
  permissions: [],
  created: null,
  ownCode: false,
  contradicted: [],
}

/** A five-hundredth: what prices move within a block or two, and no more than a person would shrug at. */
const TOLERANCE = 500n

/**
 * Whether whoever agreed to one outcome agreed to the other: the same changes and permissions, of which nothing takes
 * more and nothing gives noticeably less.
 */
export function agreesWith(agreed: Outcome, next: Outcome): boolean {
  return shapeOf(agreed) === shapeOf(next) && changesOf(agreed).every((was, i) => notWorse(was, changesOf(next)[i]!))
}

/** Everything but the amounts that may move. */
function shapeOf({ failure, native, tokens, nfts, permissions, created, ownCode, contradicted }: Outcome): string {
  const sign = (change: bigint) => (change < 0n ? '-' : change > 0n ? '+' : '0')
  return JSON.stringify(
    [
      ...[failure, created, ownCode, contradicted, sign(native), nfts],
      tokens.map(({ token, change, told }) => [token.address, sign(change), told]),
      permissions.map((one) => (one.kind === 'token' ? { ...one, token: one.token.address } : one)),
    ],
    (_, value) => (typeof value === 'bigint' ? String(value) : value),
  )
}

const changesOf = ({ native, tokens }: Outcome): bigint[] => [native, ...tokens.map(({ change }) => change)]

const notWorse = (was: bigint, is: bigint): boolean => (was < 0n ? is >= was : is >= was - was / TOLERANCE)
