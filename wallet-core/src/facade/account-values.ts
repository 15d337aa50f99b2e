/** What crosses the façade for accounts and what they have done. @module */
import type { Hex } from '@glowworm/light-client'
import type { TokenMove } from '../assets/transfer-call.ts'
import type { Problem, Shown } from './facade.ts'

export interface AccountView {
  readonly id: string
  readonly name: string
  /** Where its key is: in this wallet (`derived` from a phrase, `imported` alone), in a device, or elsewhere. */
  readonly kind: 'derived' | 'imported' | 'watched' | 'ledger' | 'air-gapped' | 'phone'
  /** Who signs for it. For a device see `deviceRequest`. */
  readonly signer: 'here' | 'device' | 'nobody'
  /** The site it was made for, if it was made for one. */
  readonly site: string | null
  readonly address: Hex
  /** EIP-55 mixed-case form of the address. */
  readonly checksummed: string
  /** BIP-32. Null for a key that was imported by itself, and where it is not known. */
  readonly path: string | null
  readonly didPkh: string
  /** Null where only the address is known. */
  readonly didKey: string | null
  /** Balance in wei at the newest proven head. */
  readonly balance: Shown<bigint>
  /** Balance in wei at the finalized head. */
  readonly finalBalance: Shown<bigint>
}

/** An account that is left out of every other list. */
export type HiddenAccount = Pick<AccountView, 'id' | 'name' | 'kind' | 'address' | 'checksummed'>

export interface ActivityEntry {
  readonly id: string
  readonly accountId: string
  readonly kind: 'send' | 'faucet'
  readonly to: Hex | null
  /** Set when it sends a token or an item: what, and to whom. Then `to` is the contract. */
  readonly moves: TokenMove | null
  /** In wei. Null for a faucet's gift until its transaction is proven: unknown is not zero. */
  readonly value: bigint | null
  readonly hash: Hex | null
  readonly at: number
  readonly origin: string | null
  /**
   * signed → sent → included (receipt proven) → final. `failed`: the proven receipt says so. `unsent`: no source took it.
   * A signed transaction is stored before it is sent: nothing is lost when sending fails; `resend` tries again.
   * `replaced`: another one of this wallet's with the same number is proven to be in a block, so this one never will be.
   */
  readonly state: 'signed' | 'sent' | 'included' | 'final' | 'failed' | 'unsent' | 'replaced'
  /** Of a transaction signed here: the account's transactions are carried out in the order of these numbers. */
  readonly nonce: bigint | null
  /**
   * While it waits: `next` when nothing stands before it, `behind` others of this wallet's, `gap` when a number before it
   * is nobody's, so that it cannot be carried out. Null when it does not wait, or the account is not proven.
   */
  readonly queue: 'next' | 'behind' | 'gap' | null
  /** The entry it was meant to take the place of, and how. */
  readonly replaces: { readonly id: string; readonly how: 'speed-up' | 'cancel' } | null
  /** The entry that took its place. */
  readonly replacedBy: string | null
  /** The sources that took it, in their own words; null when none has, or before they were noted. */
  readonly takenBy: string | null
  readonly receipt: Shown<{ readonly success: boolean; readonly gasUsed: bigint; readonly blockNumber: bigint }> | null
  readonly problem: Problem | null
}
