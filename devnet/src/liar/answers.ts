/** What passes through the liar, decoded: the shapes that lies are told in. @module */
import type { LightClientResource } from '../beacon/encoding.ts'

export interface HeaderJson {
  beacon: Record<'slot' | 'proposer_index' | 'parent_root' | 'state_root' | 'body_root', string>
  /** Capella to Fulu. */
  execution?: Record<string, string>
  /** From Gloas on. */
  execution_block_hash?: string
  execution_branch: string[]
}

export interface CommitteeJson {
  pubkeys: string[]
  aggregate_pubkey: string
}

/** One light-client object in the JSON of the Beacon API; which fields it has depends on the resource. */
export interface LightClientJson {
  header?: HeaderJson
  attested_header?: HeaderJson
  finalized_header?: HeaderJson
  current_sync_committee?: CommitteeJson
  current_sync_committee_branch?: string[]
  next_sync_committee?: CommitteeJson
  next_sync_committee_branch?: string[]
  finality_branch?: string[]
  sync_aggregate?: { sync_committee_bits: string; sync_committee_signature: string }
  signature_slot?: string
}

/** An object with the fork it claims to have; `digest` (4 bytes, hex) only travels in SSZ lists of updates. */
export interface BeaconItem {
  readonly version: string
  readonly digest: string
  readonly data: LightClientJson
}

export interface BeaconAsk {
  readonly resource: LightClientResource
  /** Of `updates` only. */
  readonly startPeriod: number
}

export interface RpcAsk {
  readonly method: string
  readonly params: readonly unknown[]
}

export interface StorageProofJson {
  key: string
  value: string
  proof: string[]
}

/** The answer to eth_getProof. */
export interface ProofJson {
  address: string
  accountProof: string[]
  balance: string
  codeHash: string
  nonce: string
  storageHash: string
  storageProof: StorageProofJson[]
}

export interface LogJson {
  address: string
  topics: string[]
  data: string
}

export interface ReceiptJson {
  status?: string
  logs: LogJson[]
}

/** True things the liar has kept, to repeat them when they are no longer true. */
export interface Memory {
  readonly items: Partial<Record<LightClientResource, readonly BeaconItem[]>>
  /** Number of an execution block that lies behind. */
  readonly oldBlock: `0x${string}`
}

/** How the bytes of an answer reach the asker. */
export type Delivery =
  | { readonly way: 'whole'; readonly body: Uint8Array }
  /** The body, then `padding` repeated until `bytes` have been sent. */
  | { readonly way: 'flood'; readonly body: Uint8Array; readonly padding: number; readonly bytes: number }
  /** One byte at a time. */
  | { readonly way: 'drip'; readonly body: Uint8Array }
  | { readonly way: 'never' }
