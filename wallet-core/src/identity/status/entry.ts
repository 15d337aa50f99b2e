/** Where a credential says its status stands. @module */
import { serviceAddress } from '../credential/address.ts'
import { MalformedCredential, UnsupportedCredential } from '../credential/errors.ts'
import { isObject, type JsonObject } from '../jose/jws.ts'

export interface StatusEntry {
  readonly kind: 'token' | 'bitstring'
  readonly uri: string
  readonly index: number
  /** What a set bit means; a token status list tells by its values. */
  readonly purpose: 'revocation' | 'suspension' | null
}

const MOST_INDEX = 2 ** 31

/** Of an SD-JWT VC (draft-ietf-oauth-status-list §6); null: it has none. @throws {MalformedCredential | UnsupportedCredential} */
export function tokenEntry(payload: JsonObject): StatusEntry | null {
  const { status } = payload
  if (status === undefined) return null
  if (!isObject(status) || !isObject(status.status_list)) {
    throw new UnsupportedCredential('its status is told in a way that is not known here')
  }
  const { idx, uri } = status.status_list
  return { kind: 'token', purpose: null, index: indexOf(idx), uri: serviceAddress(uri, 'the status list').href }
}

/** Of a W3C credential (Bitstring Status List 1.0 §2.1). @throws {MalformedCredential | UnsupportedCredential} */
export function bitstringEntries(credential: JsonObject): readonly StatusEntry[] {
  const { credentialStatus } = credential
  if (credentialStatus === undefined) return []
  return [credentialStatus].flat().map((entry): StatusEntry => {
    if (!isObject(entry) || entry.type !== 'BitstringStatusListEntry') {
      throw new UnsupportedCredential('its status is told in a way that is not known here')
    }
    const { statusPurpose: purpose, statusListIndex, statusListCredential, statusSize = 1 } = entry
    if ((purpose !== 'revocation' && purpose !== 'suspension') || statusSize !== 1) {
      throw new UnsupportedCredential('its status list tells something else than whether it was taken back')
    }
    const index =
      typeof statusListIndex === 'string' && /^[0-9]{1,10}$/.test(statusListIndex) ? Number(statusListIndex) : -1
    const uri = serviceAddress(statusListCredential, 'the status list').href
    return { kind: 'bitstring', purpose, index: indexOf(index), uri }
  })
}

function indexOf(value: unknown): number {
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) < MOST_INDEX) return value as number
  throw new MalformedCredential('its place in the status list is not a number')
}
