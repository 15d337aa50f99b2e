/** What crosses the façade for tokens, single items and prices. Plain data. @module */
import type { Hex } from '@glowworm/light-client'
import type { TokenView } from '../intent/intent.ts'
import type { Shown } from './facade.ts'
import type { Stop } from './stopped.ts'

/** What a feed on the chain says one whole unit costs. */
export interface Price {
  /** In 10^-`decimals` of `quote`. */
  readonly amount: bigint
  readonly decimals: number
  /** e.g. `USD`. */
  readonly quote: string
  /** When the feed said so, ms since the epoch. */
  readonly updatedAt: number
  readonly feed: Hex
}

export interface AssetView {
  /** Names it in commands. */
  readonly key: string
  readonly standard: 'erc20' | 'erc721' | 'erc1155'
  readonly address: Hex
  /** Of a collection: which item. */
  readonly id: bigint | null
  /** `shown`: the user wants to see it. `unasked`: it was found and nobody asked for it. `hidden`: put away. */
  readonly standing: 'shown' | 'unasked' | 'hidden'
  /** A list that is signed or came with the app names this very contract, with this symbol. */
  readonly listed: string | null
  /** What the contract says of itself. Null while nothing has been asked: of what is not shown nothing is. */
  readonly token: TokenView | null
  /** Of the selected account; in the smallest unit, or 1 of what exists once. Null while nothing has been asked. */
  readonly amount: Shown<bigint> | null
  readonly price: Shown<Price> | null
}

/** What the selected account has besides the network's coin. */
export interface HoldingsView {
  readonly assets: readonly AssetView[]
  /** Of the network's coin; null where no feed is known. */
  readonly price: Shown<Price> | null
}

/** A contract looked at, before it is added. */
export interface AssetPreview {
  readonly standard: AssetView['standard']
  readonly address: Hex
  readonly checksummed: string
  readonly id: bigint | null
  readonly token: TokenView
  readonly amount: Shown<bigint>
  readonly listed: string | null
  /** The symbol is one that a listed token has at another address. */
  readonly imitates: Hex | null
}

export interface AssetCommands {
  /**
   * Reads a contract as a token of the selected account, by proof. `id`: of a collection.
   * @throws problem `INVALID_ADDRESS`, `INVALID_ITEM`, `NOT_A_TOKEN`, and why it could not be proven
   */
  lookAtAsset(request: { address: string; id: bigint | null }, stop?: Stop): Promise<AssetPreview>
  /** The same, and looks after it from now on. @throws problems as `lookAtAsset`, `TOO_MANY_ASSETS` */
  addAsset(request: { address: string; id: bigint | null }): Promise<{ key: string }>
  /** @throws problem `UNKNOWN_ASSET` */
  showAsset(request: { key: string; shown: boolean }): Promise<void>
  /**
   * Builds an approval for a transfer of a token or item. `amount`: smallest unit; 1 of what exists once.
   * @throws problems as `prepareSend`, `UNKNOWN_ASSET`, `TOKEN_ABOVE_BALANCE`
   */
  prepareAssetSend(
    request: {
      accountId: string
      key: string
      to: string
      amount: bigint
      name?: string
    },
    stop?: Stop,
  ): Promise<{ approvalId: string }>
}
