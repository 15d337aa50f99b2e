/**
 * What the vault holds: `u8 entropy length ‖ BIP-39 entropy ‖ records (JSON)`. The entropy never becomes a string here,
 * so that it can be wiped; the records hold nothing secret that signs.
 * @module
 */
import type { Hex } from '@glowworm/light-client'
import type { Problem, SiteView } from '../facade/facade.ts'
import { fromWire, toWire } from '../facade/wire.ts'
import { VaultCorrupted } from './envelope.ts'

export interface AccountRecord {
  readonly id: string
  readonly name: string
  /** Address index in m/44'/60'/0'/0/index. */
  readonly index: number
  readonly address: Hex
  /** SEC 1 compressed, 33 bytes. */
  readonly publicKey: Hex
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
  /** Of a transaction signed here: its bytes, nonce, and the most that can leave with it. */
  readonly signed: { readonly raw: Hex; readonly nonce: bigint; readonly mostThatLeaves: bigint } | null
}

export interface Records {
  readonly version: 1
  readonly accounts: readonly AccountRecord[]
  readonly selected: string | null
  readonly backedUp: boolean
  readonly autoLockMinutes: number
  readonly sites: readonly SiteView[]
  /** Newest first, by `WalletNetwork.identity`. */
  readonly activity: Readonly<Record<string, readonly ActivityRecord[]>>
}

export function encodeContent(entropy: Uint8Array, records: Records): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(toWire(records)))
  const bytes = new Uint8Array(1 + entropy.length + json.length)
  bytes[0] = entropy.length
  bytes.set(entropy, 1)
  bytes.set(json, 1 + entropy.length)
  return bytes
}

/** The entropy is a copy the caller must wipe. @throws {VaultCorrupted} */
export function decodeContent(bytes: Uint8Array): { entropy: Uint8Array; records: Records } {
  const length = bytes[0] ?? 0
  if (length < 16 || length > 32 || bytes.length <= 1 + length)
    throw new VaultCorrupted('its content has no plausible length')
  return { entropy: bytes.slice(1, 1 + length), records: decodeRecords(bytes.subarray(1 + length)) }
}

function decodeRecords(json: Uint8Array): Records {
  let records: unknown
  try {
    records = fromWire(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json)))
  } catch (cause) {
    throw new VaultCorrupted('its records cannot be read', cause)
  }
  // The records are authenticated: whoever could forge their shape holds the data key.
  const version = typeof records === 'object' && records !== null && 'version' in records ? records.version : undefined
  if (version !== 1) throw new VaultCorrupted(`its records have version ${String(version)}, expected 1`)
  return records as Records
}
