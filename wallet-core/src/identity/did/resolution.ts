/**
 * What a resolver may answer, by what it rests on. A document may follow from the identifier by computation alone; from a
 * history that a ledger proves; or it is what a web server says, which is `Attested`. The first two are made in this folder
 * only, and are not `Verified` themselves: ledger families alone make that.
 * @module
 */
import type { RegistryHistory } from '@glowworm/light-client/ledgers/ethereum/did-registry/history'
import type { Hex } from '@glowworm/light-client/ledgers/ethereum/evidence'
import { type Attested, isVerified, type Verified } from '@glowworm/light-client/ledgers/verified'
import type { DidDocument } from './document.ts'

declare const brand: unique symbol

/** Whoever has the identifier computes the same document: nothing was asked, so nobody could lie. */
export interface SelfCertified<T> {
  readonly value: T
  /** In one phrase, for a person. */
  readonly method: string
  readonly [brand]: 'self-certified'
}

/** Computed from everything a registry recorded, which its chain proves. */
export interface ProvenByLedger<T> {
  readonly value: T
  /** Names the block it was proven at, and how final that is. */
  readonly history: Verified<RegistryHistory>
  /** Block of the newest change that is in the document; null: there was none. */
  readonly version: bigint | null
  /** Its owner gave the identifier up: nobody speaks for it any more. */
  readonly deactivated: boolean
  readonly [brand]: 'proven'
}

/**
 * Proven by the wallet's worker, and carried to where the rest of identity lives: the wallet's own word to itself. It is the
 * proof no more, since `Verified` does not survive serialisation.
 */
export interface ProvenByWorker<T> {
  readonly value: T
  readonly proof: LedgerProof
  readonly [brand]: 'carried'
}

export type Resolution =
  | SelfCertified<DidDocument>
  | ProvenByLedger<DidDocument>
  | ProvenByWorker<DidDocument>
  | Attested<DidDocument>

/** What a ledger's proof rested on, as plain data. */
export interface LedgerProof {
  readonly height: bigint
  readonly hash: Hex
  /** Time of the block, ms since the epoch. */
  readonly time: number
  readonly final: boolean
  readonly words: string
  readonly checkedAt: number
  readonly deactivated: boolean
}

const carried = new WeakSet<object>()
const made = new WeakSet<object>()
const proven = new WeakSet<object>()

/** The only constructor; for the methods in this folder. */
export function selfCertify(value: DidDocument, method: string): SelfCertified<DidDocument> {
  const result = Object.freeze({ value: frozen(value), method }) as SelfCertified<DidDocument>
  made.add(result)
  return result
}

/** The only constructor; for did:ethr. @throws {TypeError} for a history that only looks proven */
export function provenByLedger(
  value: DidDocument,
  history: Verified<RegistryHistory>,
  version: bigint | null,
  deactivated: boolean,
): ProvenByLedger<DidDocument> {
  if (!isVerified(history)) throw new TypeError('history: expected what a ledger family proved')
  const result = Object.freeze({ value: frozen(value), history, version, deactivated }) as ProvenByLedger<DidDocument>
  proven.add(result)
  return result
}

/** The only constructor; for `identity/carriage`, with what came over the wallet's own channel. */
export function carriedProof(value: DidDocument, proof: LedgerProof): ProvenByWorker<DidDocument> {
  const result = Object.freeze({ value: frozen(value), proof: frozen(proof) }) as ProvenByWorker<DidDocument>
  carried.add(result)
  return result
}

/** What its ledger's proof rests on; null: no ledger proves it. */
export function ledgerProofOf(resolution: Resolution): LedgerProof | null {
  if (carried.has(resolution)) return (resolution as ProvenByWorker<unknown>).proof
  if (!isProvenByLedger(resolution)) return null
  const { history, deactivated } = resolution
  const { anchor, finality, checkedAt } = history
  return {
    ...{ height: anchor.height, hash: anchor.hash as Hex, time: anchor.time, checkedAt, deactivated },
    ...{ final: finality.level === 'final', words: finality.words },
  }
}

/** True only for the very object that was made here, as for `isSelfCertified`. */
export function isProvenByLedger(candidate: unknown): candidate is ProvenByLedger<unknown> {
  return typeof candidate === 'object' && candidate !== null && proven.has(candidate)
}

/** True only for the very object a method made, never for a copy or a cast. */
export function isSelfCertified(candidate: unknown): candidate is SelfCertified<unknown> {
  return typeof candidate === 'object' && candidate !== null && made.has(candidate)
}

/** Documents are plain data. */
export function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const inner of Object.values(value)) frozen(inner)
  return Object.freeze(value)
}
