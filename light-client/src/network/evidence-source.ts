import { GlowwormError } from '../errors.ts'
import type { EthereumRequest } from '../ledgers/ethereum/evidence.ts'
import type { PeerRequest } from '../ledgers/ledger-evidence.ts'
import type { Origin } from './peer-book/origins.ts'

/** How evidence travelled; shown to the user and used for diversity, never for trust. */
export type Carrier =
  | 'beacon-rest'
  | 'execution-rpc'
  | 'webrtc'
  | 'webrtc-direct'
  | 'websocket'
  | 'webtransport'
  | 'tcp'
  | 'quic'
  | 'file'

export interface SourceDescription {
  /** Stable identity: an origin (`http://127.0.0.1:5052`) or a peer id. */
  readonly id: string
  readonly carrier: Carrier
  /** In words for a person, e.g. `bridge 12D3…xQ over WebRTC`. */
  readonly words: string
  /** In whose hands it may be (`peer-book/origins.ts`); two sources that share one may be one operator. */
  readonly origins?: readonly Origin[]
}

export interface EvidenceAnswer {
  readonly bytes: Uint8Array
  readonly from: SourceDescription
}

/**
 * Somebody who may have evidence. The contract:
 * - `request` resolves with the bytes of one answer in the form `ledgers/ethereum/evidence.ts` gives, or rejects with
 *   `NotAvailable` (the source says it has no such thing), `SourceUnreachable` (no answer, timeout, connection lost),
 *   or `MalformedAnswer` (an answer that cannot be put into that form, or is larger than allowed).
 * - It never verifies and never retries; it respects `signal` promptly.
 * - `serves` tells whether asking makes sense at all; it may change over time.
 */
export interface EvidenceSource {
  readonly description: SourceDescription
  serves(type: PeerRequest['type']): boolean
  request(request: PeerRequest, signal: AbortSignal): Promise<EvidenceAnswer>
  close(): Promise<void>
}

/** Upper bounds of an answer in bytes, by request type. A longer answer is refused while it arrives. */
export const MAX_ANSWER_BYTES: Record<EthereumRequest['type'], number> = {
  bootstrap: 64 * 1024,
  updates: 128 * 32 * 1024,
  finality_update: 16 * 1024,
  optimistic_update: 16 * 1024,
  compact_bootstrap: 4 * 1024,
  hops: 128 * 20 * 1024,
  compact_finality_update: 40 * 1024,
  committee: 32 * 1024,
  execution_header: 4 * 1024,
  execution_headers: 1024 * 1024,
  historical_block: 8 * 1024,
  account: 1024 * 1024,
  code: 256 * 1024,
  state: 4 * 1024 * 1024,
  receipts: 16 * 1024 * 1024,
  transactions: 16 * 1024 * 1024,
  withdrawals: 64 * 1024,
  transaction_location: 64,
  pending_nonce: 1024,
  fee_hint: 1024,
  gas_hint: 64 * 1024,
  access_list_hint: 256 * 1024,
  log_blocks_hint: 64 * 1024,
  send_transaction: 1024,
}

/** Of other ledgers. */
const MAX_FAMILY_ANSWER_BYTES = 1024 * 1024

/** The same for any request that a peer takes. */
export const longestAnswer = ({ type }: Pick<PeerRequest, 'type'>): number =>
  MAX_ANSWER_BYTES[type as EthereumRequest['type']] ?? MAX_FAMILY_ANSWER_BYTES

/** The source says that it has no such evidence. Honest sources say so too. */
export class NotAvailable extends GlowwormError {
  constructor(source: string, what: string, options: { cause?: unknown } = {}) {
    super(
      { name: 'Network.NotAvailable', code: 'NOT_AVAILABLE', kind: 'unprovable' },
      `${source} does not have ${what}`,
      { ...options, next: 'Ask another source, or wait until the network has produced it.' },
    )
  }
}

/** The source did not answer: refused, timed out, or the connection was lost. */
export class SourceUnreachable extends GlowwormError {
  constructor(source: string, reason: string, options: { cause?: unknown } = {}) {
    super(
      { name: 'Network.SourceUnreachable', code: 'SOURCE_UNREACHABLE', kind: 'unreachable' },
      `${source} did not answer: ${reason}`,
      { ...options, next: 'Check the address and your connection, or add another source.' },
    )
  }
}

/** The source answered with something that is not an answer at all. */
export class MalformedAnswer extends GlowwormError {
  constructor(source: string, reason: string, options: { cause?: unknown } = {}) {
    super(
      { name: 'Network.MalformedAnswer', code: 'MALFORMED_ANSWER', kind: 'lie' },
      `${source} sent a malformed answer: ${reason}`,
      { ...options, next: 'Ask another source.' },
    )
  }
}

/** The source refused what was sent to it, e.g. a transaction; the reason is the source's own. */
export class Rejected extends GlowwormError {
  /** In the source's own words; not to be trusted, only shown. */
  readonly reason: string
  constructor(source: string, reason: string) {
    super(
      { name: 'Network.Rejected', code: 'REJECTED_BY_SOURCE', kind: 'unprovable' },
      `${source} refused: ${reason}`,
      { next: 'Read the reason, change the request, or ask another source.' },
    )
    this.reason = reason
  }
}
