/**
 * What an account can do depends on where its key is. One interface for all kinds; whoever adds one fills in a row of
 * the table, and the compiler names what is missing.
 * @module
 */
import type { Engines } from '@glowworm/wasm-core'
import { airGapped } from '../devices/air-gapped/air-gapped.ts'
import { ledger } from '../devices/ledger/ledger.ts'
import { phoneSigner } from '../devices/phone/phone-signer.ts'
import type { DeviceAnswer, DeviceRequest } from '../facade/facade.ts'
import type { Signable } from '../signing/signable.ts'
import type { AccountKey, AccountRecord } from '../vault/content.ts'
import { pathOf } from './derivation.ts'

export type KindName = AccountKey['kind']
type KeyOf<K extends KindName> = Extract<AccountKey, { kind: K }>

export interface AccountKind<K extends KindName = KindName> {
  /** Who makes the signatures: this wallet, a device with the person's help, or nobody it can reach. */
  readonly signer: 'here' | 'device' | 'nobody'
  /** BIP-32 path of the key; null where it has none, or none is known. */
  path(key: KeyOf<K>): string | null
  /** Where the key is in a device: how to ask it, and to read what it says. */
  readonly device: Device<KeyOf<K>> | null
}

/** A device that holds a key and signs when its owner says so. */
export interface Device<Key = never> {
  /** @throws {DeviceCannotSign} */
  request(account: AccountRecord & { readonly key: Key }, signable: Signable, context: DeviceContext): DeviceRequest
  /**
   * r ‖ s, 64 bytes, as the device says; whether it fits is not its business.
   * @throws {DeviceError} for an answer that says no, or says nothing that can be read
   */
  signature(answer: DeviceAnswer, signable: Signable, context: DeviceContext): Uint8Array
}

export interface DeviceContext {
  readonly hashes: Engines['hashes']
  /** Of the chain the wallet is on. */
  readonly chainId: number
}

const KINDS: { readonly [K in KindName]: AccountKind<K> } = {
  derived: { signer: 'here', path: ({ index }) => pathOf(index), device: null },
  imported: { signer: 'here', path: () => null, device: null },
  watched: { signer: 'nobody', path: () => null, device: null },
  ledger: { signer: 'device', path: ({ path }) => path, device: ledger },
  'air-gapped': { signer: 'device', path: ({ path }) => path, device: airGapped },
  phone: { signer: 'device', path: () => null, device: phoneSigner },
}

export const signerOf = ({ kind }: AccountKey): AccountKind['signer'] => KINDS[kind].signer

export function keyPath(key: AccountKey): string | null {
  const kind = KINDS[key.kind] as AccountKind
  return kind.path(key as never)
}

/** Null for accounts whose key is in no device. */
export function deviceOf({ kind }: AccountKey): Device | null {
  return KINDS[kind].device as Device | null
}
