/**
 * Evidence of other ledgers, as peers see it: a family they may or may not know, and a key that only its verifier reads.
 * @module
 */
import type { EthereumRequest, Hex } from './ethereum/evidence.ts'

/** `family/` and a name of 1 to 32 lower-case letters, digits and hyphens, e.g. `family/bitcoin`. */
export type FamilyType = `family/${string}`

/** Names evidence that never changes; the family says what the bytes of the key mean, at most 512 of them. */
export interface FamilyRequest {
  readonly type: FamilyType
  readonly key: Hex
}

/** What one peer can ask another for. */
export type PeerRequest = EthereumRequest | FamilyRequest

/** Bytes. */
export const MAX_FAMILY_KEY = 512

export const isFamilyType = (type: unknown): type is FamilyType =>
  typeof type === 'string' && /^family\/[a-z0-9-]{1,32}$/.test(type)

export const isFamilyRequest = (request: PeerRequest): request is FamilyRequest => isFamilyType(request.type)

/** Decides about the evidence of one family. */
export interface LedgerVerifier {
  readonly type: FamilyType
  /**
   * Returns when `evidence` is what `key` names. Pure.
   * @throws {GlowwormError} of kind `lie` only where a key has one true answer: it costs the sender its place
   */
  verify(key: Uint8Array, evidence: Uint8Array): void | Promise<void>
}
