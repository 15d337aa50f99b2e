/** What crosses the façade for the address book, warnings about recipients, and own spending limits. Plain data. @module */
import type { Hex } from '@glowworm/light-client'
import type { Limit } from '../policy/policy.ts'

export interface ContactView {
  readonly id: string
  readonly name: string
  readonly address: Hex
  readonly checksummed: string
  readonly addedAt: number
}

/** Somebody to whom coin, a token or an item would go. */
export interface RecipientView {
  readonly address: Hex
  readonly checksummed: string
  /** How this wallet knows the address: its own account, a contact, sent to before, or not at all. */
  readonly known: 'own' | 'contact' | 'used' | null
  /** The name of the account or contact. */
  readonly name: string | null
  readonly warnings: readonly RecipientWarning[]
}

/**
 * `looks-like`: begins and ends as `about` does, which this wallet knows, and is another. `token`: it is the contract of a
 * token this wallet looks after. `bait`: all it ever did was to show up in worthless transfers.
 */
export interface RecipientWarning {
  readonly code: 'looks-like' | 'token' | 'bait'
  readonly about: Hex
  /** Of the account or contact that `about` belongs to. */
  readonly name: string | null
}

export type { Limit }

export interface SafetyCommands {
  /**
   * Adds an address under a name of one's own. One that looks like a known address takes `despite`.
   * @throws problem `INVALID_ADDRESS`, `INVALID_NAME`, `CONTACT_EXISTS`, `LOOKS_LIKE_KNOWN`, `TOO_MANY_CONTACTS`
   */
  addContact(request: { name: string; address: string; despite: boolean }): Promise<void>
  /** @throws problem `INVALID_NAME`, `CONTACT_EXISTS`, `UNKNOWN_CONTACT` */
  renameContact(request: { id: string; name: string }): Promise<void>
  /** @throws problem `UNKNOWN_CONTACT` */
  removeContact(request: { id: string }): Promise<void>
  /** Who an address is to this wallet, and what speaks against sending there. @throws problem `INVALID_ADDRESS` */
  lookAtRecipient(request: { address: string }): Promise<RecipientView>
  /**
   * The most that may leave with transactions of this wallet, whoever asks for them. None: an empty list.
   * @throws problem `WRONG_PASSWORD`, `INVALID_POLICY` naming the field
   */
  setSpendingLimits(request: { limits: readonly Limit[]; password: Uint8Array }): Promise<void>
}
