/** DID documents (W3C DID Core 1.0 §5): what this wallet reads of them. @module */
import { isDidUrl, isDidUrlOf } from './did.ts'
import { InvalidDidDocument } from './errors.ts'
import { type PublicJwk, readPublicJwk, UnknownKeyKind } from './jwk.ts'

export const RELATIONSHIPS = [
  'assertionMethod',
  'authentication',
  'capabilityInvocation',
  'capabilityDelegation',
  'keyAgreement',
] as const
export type Relationship = (typeof RELATIONSHIPS)[number]

export interface VerificationMethod {
  /** An absolute DID URL. */
  readonly id: string
  readonly type: string
  readonly controller: string
  readonly publicKeyJwk?: PublicJwk
  /** As written: keys of kinds that have no JWK here. */
  readonly publicKeyMultibase?: string
  /** CAIP-10. */
  readonly blockchainAccountId?: string
}

export interface Service {
  readonly id: string
  readonly type: string | readonly string[]
  readonly serviceEndpoint: unknown
}

/** Each relationship lists ids of verification methods. */
export interface DidDocument extends Readonly<Partial<Record<Relationship, readonly string[]>>> {
  readonly '@context'?: unknown
  readonly id: string
  readonly verificationMethod: readonly VerificationMethod[]
  readonly service?: readonly Service[]
}

/** No honest document has more; each is looked at. */
const MOST_ENTRIES = 100

/**
 * Reads a document that somebody sent, and says no to whatever does not fit.
 * @throws {InvalidDidDocument}
 */
export function readDidDocument(did: string, json: unknown): DidDocument {
  const document = objectOf(did, 'the document', json)
  if (document.id !== did) throw new InvalidDidDocument(did, 'it is the document of another identifier')
  const verificationMethod = entries(did, document, 'verificationMethod').map((entry) => readMethod(did, entry))
  const relationships = RELATIONSHIPS.filter((name) => document[name] !== undefined).map((name) => {
    const ids = entries(did, document, name).map((entry) => {
      if (typeof entry === 'string') return absolute(did, name, entry)
      const method = readMethod(did, entry)
      verificationMethod.push(method)
      return method.id
    })
    return [name, ids] as const
  })
  const ids = verificationMethod.map(({ id }) => id)
  const twice = ids.find((id, i) => ids.indexOf(id) !== i)
  if (twice !== undefined) throw new InvalidDidDocument(did, 'two verification methods have the same id')
  const service = entries(did, document, 'service').map((entry) => readService(did, entry))
  return {
    ...(document['@context'] === undefined ? {} : { '@context': document['@context'] }),
    id: did,
    verificationMethod,
    ...Object.fromEntries(relationships),
    ...(service.length === 0 ? {} : { service }),
  }
}

/** The method of that id if the document lists it for `relationship`, else null: a key serves only what it is listed for. */
export function methodFor(document: DidDocument, relationship: Relationship, id: string): VerificationMethod | null {
  const absoluteId = id.startsWith('#') ? `${document.id}${id}` : id
  if (!document[relationship]?.includes(absoluteId)) return null
  return document.verificationMethod.find((method) => method.id === absoluteId) ?? null
}

function readMethod(did: string, value: unknown): VerificationMethod {
  const entry = objectOf(did, 'a verification method', value)
  const id = absolute(did, 'a verification method', entry.id)
  const { type, controller, publicKeyJwk, publicKeyMultibase, blockchainAccountId } = entry
  if (typeof type !== 'string') throw new InvalidDidDocument(did, 'a verification method has no type')
  if (typeof controller !== 'string' || !isDidUrl(controller)) {
    throw new InvalidDidDocument(did, 'a verification method has no controller')
  }
  return {
    ...{ id, type, controller },
    ...readJwk(did, publicKeyJwk),
    ...(typeof publicKeyMultibase === 'string' ? { publicKeyMultibase } : {}),
    ...(typeof blockchainAccountId === 'string' ? { blockchainAccountId } : {}),
  }
}

/** A key of an unknown kind is left out: the method is there, and nothing can be verified with it. */
function readJwk(did: string, jwk: unknown): { publicKeyJwk?: PublicJwk } {
  if (jwk === undefined) return {}
  try {
    return { publicKeyJwk: readPublicJwk('publicKeyJwk', jwk) }
  } catch (error) {
    if (error instanceof UnknownKeyKind) return {}
    throw new InvalidDidDocument(did, error instanceof Error ? error.message : 'a key is malformed', error)
  }
}

function readService(did: string, value: unknown): Service {
  const { id, type, serviceEndpoint } = objectOf(did, 'a service', value)
  const named = typeof type === 'string' || (Array.isArray(type) && type.every((one) => typeof one === 'string'))
  if (typeof id !== 'string' || !named || serviceEndpoint === undefined) {
    throw new InvalidDidDocument(did, 'a service lacks id, type or endpoint')
  }
  return { id, type, serviceEndpoint }
}

function absolute(did: string, what: string, id: unknown): string {
  if (typeof id === 'string' && id.startsWith('#') && isDidUrlOf(did, id)) return `${did}${id}`
  if (typeof id === 'string' && isDidUrl(id)) return id
  throw new InvalidDidDocument(did, `${what}: an id is not a DID URL`)
}

function entries(did: string, document: Record<string, unknown>, name: string): unknown[] {
  const list = document[name] ?? []
  if (!Array.isArray(list)) throw new InvalidDidDocument(did, `"${name}" is not a list`)
  if (list.length > MOST_ENTRIES) throw new InvalidDidDocument(did, `"${name}" has more than ${MOST_ENTRIES} entries`)
  return list
}

function objectOf(did: string, what: string, value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new InvalidDidDocument(did, `${what} is not an object`)
}
