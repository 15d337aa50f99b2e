/** What the wallet lends to this part of it, and what it reaches outside. @module */
import type { Hex, LightClient } from '@glowworm/light-client'
import type { Clock, Http, Random } from '@glowworm/light-client/infrastructure/ports'
import type { Bls12381Groups } from '@glowworm/wasm-core'
import type { Problem } from '../../facade/facade.ts'
import type { DidChange, IdentityCommands } from '../../facade/identity.ts'
import type { Aead } from '../../ports.ts'
import type { DidResolver } from '../did/resolver.ts'
import type { JsonObject } from '../jose/jws.ts'
import type { HolderKeys } from './holder-keys.ts'
import type { IdentityRecords } from './records.ts'

/** Everything in it may lie at the far end of a channel. */
export interface IdentityAccess {
  /** @throws {Locked} */
  records(): Promise<IdentityRecords>
  /** `change` may be called again when the records changed meanwhile. @throws {Locked} */
  update(change: (records: IdentityRecords) => IdentityRecords): Promise<void>
  /** @throws {Locked} */
  readonly keys: HolderKeys
  /** @throws {WrongPassword} */
  checkPassword(password: Uint8Array): Promise<void>
  /** The chain that is followed, with its registry of did:ethr. @throws {NoSources | NotFollowing} */
  chain(): Promise<{ readonly chainId: number; readonly registry: Hex | null }>
  /** @throws {UnknownAccount} */
  addressOf(accountId: string): Promise<Hex>
  /** Puts a change of the account's own did:ethr up for approval: a transaction to the registry. */
  propose(accountId: string, registry: Hex, data: Hex, change: DidChange): Promise<{ id: string }>
  /** What a site asks for under this id. @throws {ApprovalGone} */
  siteQuestion(approvalId: string): Promise<SiteQuestion>
  /** The user's yes, and what the site gets for it. @throws {ApprovalGone | ApprovalChanged} */
  answerSite(approvalId: string, revision: number, answer: VpToken): Promise<void>
  /** What it asks cannot be read: the site hears why. */
  refuseSite(approvalId: string, problem: Problem): Promise<void>
  freshId(): string
  readonly clock: Clock
  readonly random: Random
  readonly aead: Aead
  readonly keccak256: (data: Uint8Array) => Uint8Array
}

/** Where the light client lives in the same thread. */
export interface LocalAccess extends IdentityAccess {
  /** @throws {NoSources | NotFollowing} */
  client(): LightClient
}

/** What a site asks to be shown: checked in its form, not yet read. */
export interface SiteQuestion {
  readonly revision: number
  readonly origin: string
  readonly nonce: string
  readonly purpose: string | null
  /** DCQL. */
  readonly query: unknown
}

/** By the id of each query. */
export type VpToken = Readonly<Record<string, readonly (string | JsonObject)[]>>

export interface Outside {
  /** Follows no redirect. */
  readonly http: Http
  readonly loadGroups: () => Promise<Bls12381Groups>
  readonly resolver: DidResolver
}

export interface Identity extends IdentityCommands {
  /** Forgets what is open: the wallet is locked. */
  clear(): void
}

export type LoadIdentity = (access: LocalAccess) => Promise<Identity>
