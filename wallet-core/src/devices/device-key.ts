import type { Hex } from '@glowworm/light-client'
import type { AccountKey } from '../vault/content.ts'

/** A key that a device has named: where it is there, and its public half. */
export interface DeviceKey {
  readonly key: Extract<AccountKey, { kind: 'ledger' | 'air-gapped' }>
  readonly address: Hex
  /** SEC 1 compressed. */
  readonly publicKey: Hex
}
