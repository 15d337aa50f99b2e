/**
 * What the vault holds: `u8 slots ‖ their wrapping keys, 32 bytes each ‖ secrets ‖ records (JSON)`. Keys and secrets
 * never become strings here, so that they can be wiped; the records hold nothing secret that signs.
 * @module
 */
import type { Hex } from '@glowworm/light-client'
import type { Log } from '../activity/log/log.ts'
import type { TokenMove } from '../assets/transfer-call.ts'
import type { Problem, SiteRule, SiteView } from '../facade/facade.ts'
import { fromWire, toWire } from '../facade/wire.ts'
import type { BlockRange } from '../history/ranges.ts'
import type { LoggedPermission, LoggedTransfer } from '../history/read-logs.ts'
import type { IdentityRecords } from '../identity/holder/records.ts'
import type { Limit } from '../policy/policy.ts'
import { VaultCorrupted } from './errors.ts'
import { recordsOf } from './migrations.ts'
import { decodeSecrets, encodeSecrets, type Secret, wipeSecrets } from './secrets.ts'

/** Where an account's key is. Paths are BIP-32, e.g. `m/44'/60'/0'/0/0`. */
export type AccountKey =
  /** m/44'/60'/0'/0/`index` of the vault's secret number `secret`, from 0. */
  | { readonly kind: 'derived'; readonly secret: number; readonly index: number }
  /** The vault's secret number `secret` is the key. */
  | { readonly kind: 'imported'; readonly secret: number }
  /** Not with this wallet at all. */
  | { readonly kind: 'watched' }
  /** In a device that speaks Ledger's protocol. */
  | { readonly kind: 'ledger'; readonly path: string }
  /** In a device that speaks by QR codes (EIP-4527); `fingerprint` names its master key there, where it gave one. */
  | { readonly kind: 'air-gapped'; readonly path: string; readonly fingerprint: number | null }
  /** In a wallet on a phone, which is asked over a session. */
  | { readonly kind: 'phone' }

export interface AccountRecord {
  readonly id: string
  readonly name: string
  readonly key: AccountKey
  readonly address: Hex
  /** SEC 1 compressed, 33 bytes; null where only the address is known. */
  readonly publicKey: Hex | null
  /** Left out of every list but that of the hidden ones. */
  readonly hidden: boolean
  /** The site it was made for, and for no other. */
  readonly site: string | null
}

export type ActivityState = 'signed' | 'sent' | 'included' | 'final' | 'failed' | 'unsent'

export interface ActivityRecord {
  readonly id: string
  readonly accountId: string
  readonly kind: 'send' | 'faucet'
  readonly to: Hex | null
  readonly value: bigint | null
  readonly hash: Hex | null
  readonly at: number
  readonly origin: string | null
  readonly state: ActivityState
  /** Set when the receipt of a `failed` one was final: it stays failed for ever. */
  readonly failedForGood?: true
  readonly problem: Problem | null
  /** Names the site's request, so that one sent again after a reconnection is answered, not carried out again. */
  readonly request: string | null
  /** The entry it was meant to take the place of. */
  readonly replaces?: { readonly id: string; readonly how: 'speed-up' | 'cancel' }
  /** The sources that took it, in their own words. */
  readonly takenBy?: string
  /** Signed for a wallet on another screen, which sends it. */
  readonly sentElsewhere?: true
  /** Set when it sends a token or an item: what, and to whom. */
  readonly moves?: TokenMove
  /** Of a transaction signed here: its bytes, nonce, and the most that can leave with it. */
  readonly signed: { readonly raw: Hex; readonly nonce: bigint; readonly mostThatLeaves: bigint } | null
}

/** A token or an item that the wallet looks after. */
export interface AssetRecord {
  readonly standard: 'erc20' | 'erc721' | 'erc1155'
  readonly address: Hex
  /** Of a collection: which item; null for tokens with amounts. */
  readonly id: bigint | null
  readonly standing: 'shown' | 'unasked' | 'hidden'
  /** ms since the epoch */
  readonly addedAt: number
}

export interface TransferRecord extends LoggedTransfer {
  readonly accountId: string
  readonly block: bigint
  /** Time of the block, ms since the epoch. */
  readonly time: number
  readonly hash: Hex
  /** Among all logs of the block. */
  readonly logIndex: number
  /** Among the items of one log. */
  readonly place: number
}

export interface PermissionRecord extends LoggedPermission {
  readonly accountId: string
}

/** What was found in the logs of final blocks, and, by account, which blocks were searched without a gap. */
export interface HistoryRecord {
  /** Newest first. */
  readonly transfers: readonly TransferRecord[]
  readonly permissions: readonly PermissionRecord[]
  readonly covered: Readonly<Record<string, readonly BlockRange[]>>
}

export interface ContactRecord {
  readonly id: string
  readonly name: string
  readonly address: Hex
  /** ms since the epoch */
  readonly addedAt: number
}

/** Calls that a site asked for together; each is a transaction in the activity, or was not signed. */
export interface BatchRecord {
  readonly id: string
  readonly origin: string
  /** Names the site's request; each call adds its number. */
  readonly request: string
  readonly calls: number
  readonly at: number
}

export interface Records {
  readonly version: 3
  readonly accounts: readonly AccountRecord[]
  readonly selected: string | null
  /** Whether one of the secrets is a phrase. */
  readonly hasPhrase: boolean
  readonly backedUp: boolean
  /** When each way back was last tried out with success, ms since the epoch. */
  readonly drills: { readonly phrase: number | null; readonly file: number | null }
  readonly autoLockMinutes: number
  readonly sites: readonly SiteView[]
  readonly siteRules?: readonly SiteRule[]
  /** Newest first, by `WalletNetwork.identity`. */
  readonly activity: Readonly<Record<string, readonly ActivityRecord[]>>
  /** Credentials and identifiers; absent: none yet. */
  readonly identity?: IdentityRecords
  /** By `WalletNetwork.identity`. */
  readonly assets?: Readonly<Record<string, readonly AssetRecord[]>>
  /** By `WalletNetwork.identity`. */
  readonly history?: Readonly<Record<string, HistoryRecord>>
  readonly contacts?: readonly ContactRecord[]
  readonly spendingLimits?: readonly Limit[]
  readonly log?: Log
  /** The newest version taken of each kind of data pack. */
  readonly packVersions?: Readonly<Record<string, number>>
  /** Newest first, by `WalletNetwork.identity`. */
  readonly batches?: Readonly<Record<string, readonly BatchRecord[]>>
}

export interface Content {
  /** Of the header's slots, in their order. */
  readonly slotKeys: readonly Uint8Array[]
  readonly secrets: readonly Secret[]
  readonly records: Records
}

const KEY_BYTES = 32

export function encodeContent({ slotKeys, secrets, records }: Content): Uint8Array {
  const kept = encodeSecrets(secrets)
  const json = new TextEncoder().encode(JSON.stringify(toWire(records)))
  const bytes = new Uint8Array(1 + slotKeys.length * KEY_BYTES + kept.length + json.length)
  bytes[0] = slotKeys.length
  for (const [i, key] of slotKeys.entries()) bytes.set(key, 1 + i * KEY_BYTES)
  bytes.set(kept, 1 + slotKeys.length * KEY_BYTES)
  bytes.set(json, bytes.length - json.length)
  kept.fill(0)
  return bytes
}

/** Keys and secrets are copies the caller must wipe, e.g. by {@link wipeContent}. @throws {VaultCorrupted} */
export function decodeContent(bytes: Uint8Array): Content {
  const count = bytes[0] ?? 0
  const start = 1 + count * KEY_BYTES
  if (bytes.length <= start) throw new VaultCorrupted('its content has no plausible length')
  const { secrets, length } = decodeSecrets(bytes.subarray(start))
  try {
    const records = recordsOf(bytes.subarray(start + length))
    const slotKeys = Array.from({ length: count }, (_, i) => bytes.slice(1 + i * KEY_BYTES, 1 + (i + 1) * KEY_BYTES))
    return { slotKeys, secrets, records }
  } catch (error) {
    wipeSecrets(secrets)
    throw error
  }
}

export function wipeContent({ slotKeys, secrets }: Pick<Content, 'slotKeys' | 'secrets'>): void {
  for (const key of slotKeys) key.fill(0)
  wipeSecrets(secrets)
}

/** The records are authenticated: whoever could forge their shape holds the data key. @throws {VaultCorrupted} */
export function decodeRecords(json: Uint8Array): { readonly version: unknown } {
  let records: unknown
  try {
    records = fromWire(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json)))
  } catch (cause) {
    throw new VaultCorrupted('its records cannot be read', cause)
  }
  if (typeof records !== 'object' || records === null) throw new VaultCorrupted('its records are no object')
  return { ...records, version: 'version' in records ? records.version : undefined }
}
