/** What the wallet lends to this part of it, and what it reaches outside. @module */
import type { Hex, LightClient } from '@glowworm/light-client'
import type { Clock, Http, Random } from '@glowworm/light-client/infrastructure/ports'
import type { Bls12381Groups } from '@glowworm/wasm-core'
import type { DidChange, IdentityCommands } from '../../facade/identity.ts'
import type { Aead } from '../../ports.ts'
import type { AccountRecord } from '../../vault/content.ts'
import type { WithSecrets } from './holder-keys.ts'
import type { IdentityRecords } from './records.ts'

export interface IdentityAccess {
  /** @throws {Locked} */
  records(): IdentityRecords
  /** @throws {Locked} */
  update(change: (records: IdentityRecords) => IdentityRecords): Promise<void>
  /** @throws {UnknownAccount} */
  account(id: string): AccountRecord
  readonly withSecrets: WithSecrets
  /** @throws {WrongPassword} */
  checkPassword(password: Uint8Array): Promise<void>
  /** @throws {NoSources | NotFollowing} */
  client(): LightClient
  freshId(): string
  /** Puts a transaction of the user's own up for approval. */
  propose(account: AccountRecord, to: Hex, data: Hex): Promise<{ id: string }>
  readonly clock: Clock
  readonly random: Random
  readonly aead: Aead
  readonly keccak256: (data: Uint8Array) => Uint8Array
}

export interface Outside {
  /** Follows no redirect. */
  readonly http: Http
  readonly loadGroups: () => Promise<Bls12381Groups>
}

export interface Identity extends IdentityCommands {
  /** Forgets what is open: the wallet is locked. */
  clear(): void
}

/** @param proposed told of each change to an identifier that waits for approval */
export type LoadIdentity = (
  access: IdentityAccess,
  proposed: (approvalId: string, change: DidChange) => void,
) => Promise<Identity>
