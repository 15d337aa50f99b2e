/** One credential as it would be shown, whatever its format: what is seen of it, and the way to make it. @module */
import type { Random } from '@glowworm/light-client/infrastructure/ports'
import type { CredentialDetail } from '../../facade/identity.ts'
import type { Bbs } from '../bbs/bbs.ts'
import type { CredentialQuery } from '../exchange/dcql.ts'
import type { JsonObject } from '../jose/jws.ts'
import type { Handover } from '../mdoc/present.ts'
import type { ClaimPath } from '../sd-jwt/read.ts'
import type { HolderKeys } from './holder-keys.ts'
import type { CredentialCopy, CredentialRecord } from './records.ts'

export interface Asked {
  /** Whoever asks: the audience of what is shown. */
  readonly audience: string
  readonly nonce: string
  /** Seconds since the epoch. */
  readonly issuedAt: number
  /** The same, and the way the answer takes, as mdocs sign it. */
  handover(): Handover
}

export interface Showing {
  readonly record: CredentialRecord
  readonly copy: CredentialCopy
  /** Read out of the very thing that would leave: what was chosen, and what leaves with it in any case. */
  readonly seen: CredentialDetail
  readonly hidden: readonly ClaimPath[]
  /** Whether what is seen in any case is the same each time, so that two who see it know that they met the same person. */
  readonly recognizable: boolean
  /** What is seen of a copy in any case, and of no other unless their issuer was careless: numbers, digests with their salts. */
  marks(copy: CredentialCopy): readonly string[]
  /** Whether whoever has seen it can show it as their own. */
  readonly bearer: boolean
  /** The issuer's key, as the credential names it. */
  readonly issuerKey: string | null
  present(asked: Asked): Promise<string | JsonObject>
}

export interface ShowingPorts {
  readonly keys: HolderKeys
  readonly loadBbs: () => Promise<Bbs>
  readonly random: Random
  readonly clock: { now(): number }
}

/** A format's way to answer a query with a copy; null: it does not answer it. */
export type ShowAs = (
  query: CredentialQuery,
  record: CredentialRecord,
  copy: CredentialCopy,
  ports: ShowingPorts,
) => Promise<Showing | null>
