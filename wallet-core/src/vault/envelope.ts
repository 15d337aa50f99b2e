/**
 * The stored form of the vault. Pure encoding, no cryptography but a checksum.
 *
 * `"GLOWWORM" ‖ u16 version ‖ u32 header length ‖ header (JSON) ‖ ciphertext ‖ SHA-256 of all before`, big endian.
 * The associated data of the content is everything before the ciphertext. The checksum tells damage (which it
 * finds) from a wrong password; protection against intent is the AEAD's, not the checksum's.
 * @module
 */
import { base64 } from '@scure/base'
import { WalletError } from '../errors.ts'
import type { KdfParameters } from './kdf-parameters.ts'

export const VAULT_VERSION = 1
const MAGIC = new TextEncoder().encode('GLOWWORM')
const PREFIX_BYTES = MAGIC.length + 2 + 4
const CHECKSUM_BYTES = 32
const MOST_HEADER_BYTES = 4096
const MOST_BYTES = 16 * 1024 * 1024

export interface VaultHeader {
  /** Counts the writes. */
  readonly revision: number
  readonly kdf: KdfParameters & { readonly salt: Uint8Array }
  /** The data key, sealed with the key derived from the password. */
  readonly wrapped: { readonly nonce: Uint8Array; readonly key: Uint8Array }
  readonly nonce: Uint8Array
}

export interface VaultRecord {
  readonly header: VaultHeader
  /** The associated data of the content. */
  readonly prefix: Uint8Array
  readonly ciphertext: Uint8Array
}

export function encodePrefix(header: VaultHeader): Uint8Array {
  const json = new TextEncoder().encode(
    JSON.stringify({
      revision: header.revision,
      kdf: kdfJson(header.kdf),
      wrapped: { nonce: base64.encode(header.wrapped.nonce), key: base64.encode(header.wrapped.key) },
      nonce: base64.encode(header.nonce),
    }),
  )
  const bytes = new Uint8Array(PREFIX_BYTES + json.length)
  bytes.set(MAGIC)
  const view = new DataView(bytes.buffer)
  view.setUint16(MAGIC.length, VAULT_VERSION)
  view.setUint32(MAGIC.length + 2, json.length)
  bytes.set(json, PREFIX_BYTES)
  return bytes
}

/** Associated data of the wrapped data key: binds version and derivation parameters to it. */
export function wrapContext(kdf: VaultHeader['kdf']): Uint8Array {
  return new TextEncoder().encode(`glowworm vault ${VAULT_VERSION} data key ${JSON.stringify(kdfJson(kdf))}`)
}

export function encodeRecord(
  prefix: Uint8Array,
  ciphertext: Uint8Array,
  sha256: (data: Uint8Array) => Uint8Array,
): Uint8Array {
  const bytes = new Uint8Array(prefix.length + ciphertext.length + CHECKSUM_BYTES)
  bytes.set(prefix)
  bytes.set(ciphertext, prefix.length)
  const end = prefix.length + ciphertext.length
  bytes.set(sha256(bytes.subarray(0, end)), end)
  return bytes
}

/** @throws {VaultCorrupted} {@link UnknownVaultVersion} */
export function decodeRecord(bytes: Uint8Array, sha256: (data: Uint8Array) => Uint8Array): VaultRecord {
  if (bytes.length < PREFIX_BYTES + CHECKSUM_BYTES) throw new VaultCorrupted(`it has only ${bytes.length} bytes`)
  if (bytes.length > MOST_BYTES) throw new VaultCorrupted(`it has ${bytes.length} bytes, more than ${MOST_BYTES}`)
  if (MAGIC.some((byte, i) => bytes[i] !== byte)) throw new VaultCorrupted('it does not begin like a vault')
  const end = bytes.length - CHECKSUM_BYTES
  const sum = sha256(bytes.subarray(0, end))
  if (sum.some((byte, i) => bytes[end + i] !== byte)) throw new VaultCorrupted('its checksum does not fit')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const version = view.getUint16(MAGIC.length)
  if (version !== VAULT_VERSION) throw new UnknownVaultVersion(version)
  const headerLength = view.getUint32(MAGIC.length + 2)
  const start = PREFIX_BYTES + headerLength
  if (headerLength > MOST_HEADER_BYTES || start > end) throw new VaultCorrupted('its header has no plausible length')
  return {
    header: decodeHeader(bytes.subarray(PREFIX_BYTES, start)),
    prefix: bytes.slice(0, start),
    ciphertext: bytes.slice(start, end),
  }
}

function kdfJson(kdf: VaultHeader['kdf']) {
  return {
    name: 'argon2id',
    memoryKiB: kdf.memoryKiB,
    iterations: kdf.iterations,
    parallelism: kdf.parallelism,
    salt: base64.encode(kdf.salt),
  }
}

function decodeHeader(bytes: Uint8Array): VaultHeader {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new VaultCorrupted('its header is not JSON', cause)
  }
  const top = fields(json, 'header')
  const kdf = fields(top.kdf, 'kdf')
  const wrapped = fields(top.wrapped, 'wrapped')
  if (kdf.name !== 'argon2id') throw new VaultCorrupted('its key derivation is not argon2id')
  return {
    revision: number(top.revision, 'revision'),
    kdf: {
      memoryKiB: number(kdf.memoryKiB, 'memoryKiB'),
      iterations: number(kdf.iterations, 'iterations'),
      parallelism: number(kdf.parallelism, 'parallelism'),
      salt: bytesOf(kdf.salt, 16, 'salt'),
    },
    wrapped: { nonce: bytesOf(wrapped.nonce, 12, 'wrapped.nonce'), key: bytesOf(wrapped.key, 48, 'wrapped.key') },
    nonce: bytesOf(top.nonce, 12, 'nonce'),
  }
}

function fields(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new VaultCorrupted(`${what} is not an object`)
  return value as Record<string, unknown>
}
function number(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new VaultCorrupted(`${what} is not a number`)
  return value
}
function bytesOf(value: unknown, length: number, what: string): Uint8Array {
  let bytes: Uint8Array
  try {
    bytes = base64.decode(String(value))
  } catch (cause) {
    throw new VaultCorrupted(`${what} is not base64`, cause)
  }
  if (bytes.length !== length) throw new VaultCorrupted(`${what} has ${bytes.length} bytes, expected ${length}`)
  return bytes
}

/** What is stored is not a whole vault. Nothing of it was used and nothing was overwritten. */
export class VaultCorrupted extends WalletError {
  constructor(reason: string, cause?: unknown) {
    super(
      { name: 'Vault.Corrupted', code: 'VAULT_CORRUPTED', kind: 'storage' },
      `The stored wallet is damaged: ${reason}.`,
      {
        cause,
        next: 'Your coins are safe on the ledger. Erase this wallet and import your phrase again.',
      },
    )
  }
}

/** The vault was written by a newer program. */
export class UnknownVaultVersion extends WalletError {
  constructor(version: number) {
    super(
      { name: 'Vault.UnknownVersion', code: 'UNKNOWN_VAULT_VERSION', kind: 'storage' },
      `The stored wallet has version ${version}; this program reads version ${VAULT_VERSION}.`,
      { next: 'Update the program.' },
    )
  }
}
