/** Token Status List (draft-ietf-oauth-status-list): a signed JWT with a compressed list of small numbers. @module */
import { CredentialRefused } from '../credential/errors.ts'
import type { FindSignatory } from '../credential/issuer.ts'
import { checkSignedBy } from '../credential/signed-by.ts'
import { fromBase64url } from '../did/jwk.ts'
import { isObject, readJws } from '../jose/jws.ts'
import { checkTimes, timeOf } from '../jose/validity.ts'
import { byteOf } from './inflate.ts'

export interface ReadList {
  /** 0: valid, 1: invalid, 2: suspended; others belong to their application. */
  readonly value: number
  /** When the issuer made the list, ms since the epoch. */
  readonly issuedAt: number
  /** How long, in ms, the issuer says it may be used; null: it does not say. */
  readonly lifetime: number | null
}

export interface ListPorts {
  readonly findSignatory: FindSignatory
  readonly clock: { now(): number }
  readonly keccak256: (data: Uint8Array) => Uint8Array
}

/** @param issuer of the credential: nobody else's list is believed @throws {CredentialRefused} and as resolving throws */
export async function readTokenStatusList(
  text: string,
  asked: { readonly uri: string; readonly index: number; readonly issuer: string },
  ports: ListPorts,
  signal: AbortSignal,
): Promise<ReadList> {
  const jws = readJws(text.trim())
  const { header, payload } = jws
  if (header.typ !== 'statuslist+jwt') throw new CredentialRefused('STATUS', 'what was sent is no status list')
  if (payload.sub !== asked.uri) throw new CredentialRefused('STATUS', 'another status list was sent')
  if (payload.iss !== undefined && payload.iss !== asked.issuer) {
    throw new CredentialRefused('STATUS', 'the status list is somebody else’s')
  }
  const keyId = typeof header.kid === 'string' ? header.kid : null
  const question = { did: asked.issuer, keyId, relationship: 'assertionMethod' } as const
  checkSignedBy(jws, (await ports.findSignatory(question, signal)).method, ports.keccak256)
  const issuedAt = timeOf(payload, 'iat')
  if (issuedAt === null) throw new CredentialRefused('STATUS', 'the status list does not say when it was made')
  staleIsRefused(() => checkTimes(payload, ports.clock.now()))
  const list = payload.status_list
  const [bits, packed] = isObject(list) ? [list.bits, list.lst] : []
  const compressed = typeof packed === 'string' ? fromBase64url(packed) : null
  if ((bits !== 1 && bits !== 2 && bits !== 4 && bits !== 8) || !compressed) {
    throw new CredentialRefused('STATUS', 'the status list is malformed')
  }
  const byte = await byteOf(compressed, 'deflate', Math.floor((asked.index * bits) / 8))
  if (byte === null) throw new CredentialRefused('STATUS', 'the list ends before its place')
  const ttl = timeOf(payload, 'ttl')
  return {
    value: (byte >> ((asked.index * bits) % 8)) & ((1 << bits) - 1),
    issuedAt: issuedAt * 1000,
    lifetime: ttl === null ? null : ttl * 1000,
  }
}

/** A list whose time is over says nothing about today: that is not the credential's fault. */
export function staleIsRefused(check: () => void): void {
  try {
    check()
  } catch (error) {
    if (error instanceof CredentialRefused)
      throw new CredentialRefused('STATUS', 'the status list is not of today', error)
    throw error
  }
}
