/** The key of whoever signed: named by a DID, and listed there for what it was used for. @module */

import { type DidDocument, methodFor, type Relationship, type VerificationMethod } from '../did/document.ts'
import { MalformedDid } from '../did/errors.ts'
import { ledgerProofOf, type Resolution } from '../did/resolution.ts'
import type { DidResolver } from '../did/resolver.ts'
import { CredentialRefused, UnsupportedCredential } from './errors.ts'

/** A signer's identifier with what its document rests on. */
export interface Signatory {
  readonly did: string
  readonly resolution: Resolution
  readonly method: VerificationMethod
}

export interface SignatoryQuestion {
  /** Who is said to have signed. */
  readonly did: string
  /** The key's DID URL, absolute or relative; null: the only key that is listed for `relationship`. */
  readonly keyId: string | null
  readonly relationship: Relationship
}

export type FindSignatory = (question: SignatoryQuestion, signal: AbortSignal) => Promise<Signatory>

/**
 * @param at how final what proves the document must be
 * @returns a function that throws {CredentialRefused} ISSUER, {UnsupportedCredential}, and what resolvers throw
 */
export function findSignatoryWith(resolver: DidResolver, at: 'finalized' | 'optimistic' = 'finalized'): FindSignatory {
  return async ({ did, keyId, relationship }, signal) => {
    if (!did.startsWith('did:')) throw new UnsupportedCredential('its issuer is not named by a DID')
    if (keyId !== null && !keyId.startsWith('#') && !keyId.startsWith(`${did}#`)) {
      throw new CredentialRefused('ISSUER', 'the key belongs to somebody else than it names as issuer')
    }
    const resolution = await resolve(resolver, did, at, signal)
    if (ledgerProofOf(resolution)?.deactivated) {
      throw new CredentialRefused('ISSUER', 'the identifier of its issuer was given up')
    }
    const document = resolution.value
    const id = keyId ?? onlyKey(document, relationship)
    const method = methodFor(document, relationship, id)
    if (!method) throw new CredentialRefused('ISSUER', 'its issuer does not list that key for this use')
    return { did, resolution, method }
  }
}

async function resolve(resolver: DidResolver, did: string, at: 'finalized' | 'optimistic', signal: AbortSignal) {
  try {
    return await resolver.resolve(did, signal, did.startsWith('did:ethr:') ? { at } : undefined)
  } catch (error) {
    if (error instanceof MalformedDid) throw new CredentialRefused('ISSUER', error.message, error)
    throw error
  }
}

function onlyKey(document: DidDocument, relationship: Relationship): string {
  const ids = document[relationship] ?? []
  if (ids.length !== 1) throw new CredentialRefused('ISSUER', 'it does not say which key of its issuer signed')
  return ids[0]!
}
