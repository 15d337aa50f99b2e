/** What crosses the façade for keys that are elsewhere, and for signatures of others. @module */
import type { Hex } from '@glowworm/light-client'
import type { Shown } from './facade.ts'

/** What a device that holds a key is asked: commands to send it one after another, or codes to show it in turn. */
export type DeviceRequest =
  | { readonly device: 'ledger'; readonly commands: readonly Uint8Array[] }
  | { readonly device: 'air-gapped'; readonly parts: readonly string[] }
  /** For `askPhone`, which asks and brings the answer. */
  | { readonly device: 'phone'; readonly method: string; readonly params: readonly unknown[] }

/** What it said: its answers, each with its status at the end, up to the first that says no; or all codes it showed. */
export type DeviceAnswer =
  | { readonly device: 'ledger'; readonly answers: readonly Uint8Array[] }
  | { readonly device: 'air-gapped'; readonly parts: readonly string[] }
  | { readonly device: 'phone'; readonly result: unknown }

/** Which keys of a Ledger to offer: one of each account, as Ledger's own program makes them, or several of the first. */
export type LedgerPaths = 'live' | 'standard'

/** A device's keys are read out of what it says. `paths` matters for `ledger` only. */
export interface DeviceKeysAnswer {
  readonly answer: DeviceAnswer
  readonly paths: LedgerPaths
}

export interface DeviceKeyView {
  readonly path: string
  readonly address: Hex
  readonly checksummed: string
  /** True when the wallet has this account already. */
  readonly known: boolean
}

/** Whose signature it is, and how that was found out. */
export interface SignatureCheck {
  readonly valid: boolean
  /** `key`: recovered. `contract`: the account's code said so (ERC-1271). `future-contract`: code not there yet (ERC-6492). */
  readonly how: 'key' | 'contract' | 'future-contract'
  /** The answer with what it rests on: an account without code is proven to have none. */
  readonly proof: Shown<boolean>
}
