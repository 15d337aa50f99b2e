/** Errors of the contract layer as plain data, for layers that run in another thread. @module */
import { GlowwormError } from '../errors.ts'
import { MissingEvidence } from '../ledgers/ethereum/block-history.ts'
import type { EvidenceRequest } from '../ledgers/ethereum/evidence.ts'
import { CallRefused, type RefusalReason } from './call-refused.ts'

type Identity = ConstructorParameters<typeof GlowwormError>[0]

/** Survives a structured clone, unlike the error itself, which would lose its class. */
export interface CarriedFailure {
  readonly identity: Identity
  readonly message: string
  readonly next: string | undefined
  readonly missing?: readonly EvidenceRequest[]
  readonly refused?: RefusalReason
}

export function carry(error: GlowwormError): CarriedFailure {
  const { name, code, kind, message, next } = error
  return {
    identity: { name, code, kind },
    message,
    next,
    ...(error instanceof MissingEvidence ? { missing: error.requests } : {}),
    ...(error instanceof CallRefused ? { refused: error.reason } : {}),
  }
}

/** The same error again, of the same class where callers look at that. */
export function failureOf({ identity, message, next, missing, refused }: CarriedFailure): GlowwormError {
  if (missing) return new MissingEvidence(missing)
  if (refused) return new CallRefused(refused, message)
  return new GlowwormError(identity, message, next === undefined ? {} : { next })
}
