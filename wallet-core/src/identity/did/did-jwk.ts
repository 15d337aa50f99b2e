/** did:jwk: the identifier is a JSON Web Key in base64url. @module */
import type { Did } from './did.ts'
import { JWS_2020 } from './did-key.ts'
import { type DidDocument, RELATIONSHIPS } from './document.ts'
import { InvalidKey, MalformedDid, UnsupportedDid } from './errors.ts'
import { fromBase64url, readPublicJwk, UnknownKeyKind } from './jwk.ts'
import { type SelfCertified, selfCertify } from './resolution.ts'

/** The key serves all purposes, unless its member `use` says: only signing, or only agreeing on keys. */
export function resolveDidJwk({ did, id }: Did): SelfCertified<DidDocument> {
  const jwk = readJson(did, id)
  const { use } = jwk
  if (use !== undefined && use !== 'sig' && use !== 'enc') throw new UnsupportedDid(did, 'a key for an unknown use')
  const methodId = `${did}#0`
  const purposes = RELATIONSHIPS.filter((name) => use === undefined || (name === 'keyAgreement') === (use === 'enc'))
  const document: DidDocument = {
    '@context': JWS_2020,
    id: did,
    verificationMethod: [{ id: methodId, type: 'JsonWebKey2020', controller: did, publicKeyJwk: keyOf(did, jwk) }],
    ...Object.fromEntries(purposes.map((name) => [name, [methodId]])),
  }
  return selfCertify(document, 'the identifier is the key itself')
}

function readJson(did: string, id: string): Record<string, unknown> {
  const bytes = fromBase64url(id)
  if (bytes === null) throw new MalformedDid(did, 'expected base64url without padding')
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch {
    // falls through to the typed error
  }
  throw new MalformedDid(did, 'what it encodes is not a JSON object')
}

function keyOf(did: string, jwk: Record<string, unknown>) {
  try {
    return readPublicJwk('the key', jwk)
  } catch (error) {
    if (error instanceof UnknownKeyKind) throw new UnsupportedDid(did, error.message)
    if (error instanceof InvalidKey) throw new MalformedDid(did, error.message, error)
    throw error
  }
}
