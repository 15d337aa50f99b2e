/** From the history of an identity in the registry to its document: the fold of the did:ethr method. Pure. @module */
import type { RegistryEvent } from '@glowworm/light-client/ledgers/ethereum/did-registry/events'
import type { RegistryHistory } from '@glowworm/light-client/ledgers/ethereum/did-registry/history'
import type { Hex } from '@glowworm/light-client/ledgers/ethereum/evidence'
import { hexToBytes } from '@noble/hashes/utils.js'
import { base58 } from '@scure/base'
import { checksummed } from '../../accounts/address.ts'
import type { DidDocument, Service, VerificationMethod } from './document.ts'
import { InvalidKey } from './errors.ts'
import { ecJwk, okpJwk } from './jwk.ts'

export interface ToFold {
  readonly did: string
  readonly chainId: number
  /** Compressed, where the identifier is a key. */
  readonly publicKey: Uint8Array | null
  readonly history: RegistryHistory
  /** An earlier block, and its time; null for the newest. */
  readonly asOf: { readonly block: bigint; readonly timestamp: bigint } | null
  readonly keccak256: (data: Uint8Array) => Uint8Array
}

export interface Folded {
  readonly document: DidDocument
  readonly version: bigint | null
  readonly deactivated: boolean
}

type KeyUse = 'assertion' | 'authentication' | 'agreement'

const CONTEXT = ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/suites/secp256k1recovery-2020/v2']
const NOBODY: Hex = `0x${'00'.repeat(20)}`
const ATTRIBUTE = /^did\/(pub|svc)\/(\w+)(?:\/(\w+))?(?:\/(\w+))?$/

/**
 * Numbers of methods and services count all events ever, also revoked and expired ones, so that an id never comes to mean
 * another key. What is valid is judged by the time of the block, never by the clock.
 */
export function ethrDocument({ did, chainId, publicKey, history, asOf, keccak256 }: ToFold): Folded {
  const now = asOf?.timestamp ?? history.timestamp
  const events = history.events.filter(({ block }) => asOf === null || block <= asOf.block)
  const methods = new Map<string, { readonly method: VerificationMethod; readonly use: KeyUse }>()
  const services = new Map<string, Service>()
  const account = (address: Hex): string => `eip155:${chainId}:${checksummed(address, keccak256)}`
  const recovery = (id: string, address: Hex): VerificationMethod => ({
    ...{ id, type: 'EcdsaSecp256k1RecoveryMethod2020', controller: did },
    blockchainAccountId: account(address),
  })
  let owner = history.identity
  let keys = 0
  let serviceCount = 0
  for (const event of events) {
    if (event.type === 'DIDOwnerChanged') {
      owner = event.owner
      if (owner === NOBODY) return { document: emptyDocument(did), version: event.block, deactivated: true }
      continue
    }
    const key = keyOf(event)
    const valid = event.validTo >= now
    if (event.type === 'DIDDelegateChanged') {
      const id = `${did}#delegate-${++keys}`
      const use = delegateUse(text(event.delegateType))
      if (!valid) methods.delete(key)
      else if (use) methods.set(key, { method: recovery(id, event.delegate), use })
      continue
    }
    const name = text(event.name)
    if (name?.startsWith('did/pub/')) keys++
    if (name?.startsWith('did/svc/')) serviceCount++
    const [, section, kind, use] = ATTRIBUTE.exec(name ?? '') ?? []
    if (!valid) {
      methods.delete(key)
      services.delete(key)
    } else if (section === 'pub') {
      const method = keyMethod(did, `${did}#delegate-${keys}`, kind!, event.value)
      if (method) methods.set(key, { method, use: attributeUse(use) })
    } else if (section === 'svc') {
      const endpoint = endpointOf(event.value)
      if (endpoint !== undefined)
        services.set(key, { id: `${did}#service-${serviceCount}`, type: kind!, serviceEndpoint: endpoint })
    }
  }

  const own = [recovery(`${did}#controller`, owner)]
  if (publicKey && owner === history.identity) {
    const type = 'EcdsaSecp256k1VerificationKey2019'
    own.push({ id: `${did}#controllerKey`, type, controller: did, publicKeyJwk: ecJwk('secp256k1', publicKey) })
  }
  const ids = own.map(({ id }) => id)
  const listed = [...methods.values()]
  const idsFor = (...uses: KeyUse[]) => listed.filter(({ use }) => uses.includes(use)).map(({ method }) => method.id)
  const agreement = idsFor('agreement')
  return {
    document: {
      '@context': CONTEXT,
      id: did,
      verificationMethod: [...own, ...listed.map(({ method }) => method)],
      authentication: [...ids, ...idsFor('authentication')],
      assertionMethod: [...ids, ...idsFor('assertion', 'authentication')],
      ...(agreement.length > 0 ? { keyAgreement: agreement } : {}),
      ...(services.size > 0 ? { service: [...services.values()] } : {}),
    },
    version: events.at(-1)?.block ?? null,
    deactivated: false,
  }
}

function emptyDocument(did: string): DidDocument {
  return { '@context': CONTEXT, id: did, verificationMethod: [], authentication: [], assertionMethod: [] }
}

/** What an event adds, renews or takes away again. */
function keyOf(event: Exclude<RegistryEvent, { readonly type: 'DIDOwnerChanged' }>): string {
  return event.type === 'DIDDelegateChanged'
    ? `${event.type} ${event.delegateType} ${event.delegate}`
    : `${event.type} ${event.name} ${event.value}`
}

/** A delegate that may sign in may also assert. */
function delegateUse(type: string | null): KeyUse | null {
  if (type === 'sigAuth') return 'authentication'
  return type === 'veriKey' ? 'assertion' : null
}

function attributeUse(purpose: string | undefined): KeyUse {
  if (purpose === 'sigAuth') return 'authentication'
  return purpose === 'enc' ? 'agreement' : 'assertion'
}

/** Null for bytes that are no key of their kind: anybody's typing error is not a key. A kind unknown here has no key. */
function keyMethod(did: string, id: string, kind: string, value: Hex): VerificationMethod | null {
  const bytes = hexToBytes(value.slice(2))
  const multibase = (prefix: readonly number[]) => `z${base58.encode(Uint8Array.from([...prefix, ...bytes]))}`
  try {
    switch (kind) {
      case 'Secp256k1': {
        const type = 'EcdsaSecp256k1VerificationKey2019'
        return { id, type, controller: did, publicKeyJwk: ecJwk('secp256k1', bytes) }
      }
      case 'Ed25519': {
        const publicKeyJwk = okpJwk('Ed25519', bytes)
        const publicKeyMultibase = multibase([0xed, 1])
        return { id, type: 'Ed25519VerificationKey2020', controller: did, publicKeyJwk, publicKeyMultibase }
      }
      case 'X25519': {
        const publicKeyJwk = okpJwk('X25519', bytes)
        const publicKeyMultibase = multibase([0xec, 1])
        return { id, type: 'X25519KeyAgreementKey2020', controller: did, publicKeyJwk, publicKeyMultibase }
      }
      case 'Multikey':
        return { id, type: 'Multikey', controller: did, publicKeyMultibase: multibase([]) }
      default:
        return { id, type: kind, controller: did }
    }
  } catch (error) {
    if (error instanceof InvalidKey) return null
    throw error
  }
}

/** JSON where it is, else the text; undefined for bytes that are neither. */
function endpointOf(value: Hex): unknown {
  const written = text(value)
  if (written === null) return undefined
  try {
    return JSON.parse(written)
  } catch {
    return written
  }
}

/** UTF-8 without the zeros that fill up a word, or null. */
function text(hex: Hex): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
      .decode(hexToBytes(hex.slice(2)))
      .replace(/\0+$/, '')
  } catch {
    return null
  }
}
