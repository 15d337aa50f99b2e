/**
 * What a resolver may answer, by what it rests on. A `Verified` document is one that a ledger proves; a document that
 * follows from the identifier by computation alone rests on no ledger and is believed to nobody either, so it has a type of
 * its own; what a web server says is `Attested`.
 * @module
 */
import type { Attested, Verified } from '@glowworm/light-client'
import type { DidDocument } from './document.ts'

declare const brand: unique symbol

/** Whoever has the identifier computes the same document: nothing was asked, so nobody could lie. */
export interface SelfCertified<T> {
  readonly value: T
  /** In one phrase, for a person. */
  readonly method: string
  readonly [brand]: 'self-certified'
}

export type Resolution = Verified<DidDocument> | SelfCertified<DidDocument> | Attested<DidDocument>

const made = new WeakSet<object>()

/** The only constructor; for the methods in this folder. */
export function selfCertify(value: DidDocument, method: string): SelfCertified<DidDocument> {
  const result = Object.freeze({ value: frozen(value), method }) as SelfCertified<DidDocument>
  made.add(result)
  return result
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
