/** Bitstring Status List 1.0 (W3C): a credential whose subject is a compressed string of bits. @module */
import { CredentialRefused } from '../credential/errors.ts'
import { type DataIntegrityPorts, verifyCredential } from '../data-integrity/verify.ts'
import { fromBase64url } from '../did/jwk.ts'
import { jsonObject } from '../jose/jws.ts'
import { byteOf } from './inflate.ts'
import type { ReadList } from './token-status-list.ts'

/** 131,072 entries (§3.2): in a short list, whoever asks for it would say whose place is meant. */
const LEAST_BYTES = 131_072 / 8

/** @param issuer of the credential: nobody else's list is believed @throws {CredentialRefused} and as verifying throws */
export async function readBitstringStatusList(
  bytes: Uint8Array,
  asked: { readonly uri: string; readonly index: number; readonly issuer: string; readonly purpose: string },
  ports: DataIntegrityPorts,
  signal: AbortSignal,
): Promise<ReadList> {
  const document = jsonObject(bytes, 'the status list')
  const { types, issuer, subject, validFrom } = await verifyCredential(document, { as: 'base' }, ports, signal).catch(
    (cause: unknown) => {
      if (cause instanceof CredentialRefused)
        throw new CredentialRefused('STATUS', `its status list: ${cause.message}`, cause)
      throw cause
    },
  )
  if (issuer !== asked.issuer) throw new CredentialRefused('STATUS', 'the status list is somebody else’s')
  if (document.id !== asked.uri) throw new CredentialRefused('STATUS', 'another status list was sent')
  const { type, statusPurpose, encodedList, ttl } = subject
  if (!types.includes('BitstringStatusListCredential') || type !== 'BitstringStatusList') {
    throw new CredentialRefused('STATUS', 'what was sent is no status list')
  }
  if (![statusPurpose].flat().includes(asked.purpose)) {
    throw new CredentialRefused('STATUS', 'the status list tells something else than was asked')
  }
  const packed =
    typeof encodedList === 'string' && encodedList.startsWith('u') ? fromBase64url(encodedList.slice(1)) : null
  if (!packed || validFrom === null) throw new CredentialRefused('STATUS', 'the status list is malformed')
  const byte = await byteOf(packed, 'gzip', Math.floor(asked.index / 8), LEAST_BYTES)
  if (byte === null)
    throw new CredentialRefused(
      'STATUS',
      'the list ends before its place, or is so short that asking for it tells too much',
    )
  return {
    // The first bit is the highest of its byte (§3.2).
    value: (byte >> (7 - (asked.index % 8))) & 1,
    issuedAt: validFrom,
    lifetime: typeof ttl === 'number' && ttl >= 0 ? ttl : null,
  }
}
