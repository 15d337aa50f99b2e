/**
 * The stored form of the vault, and of a backup file. Pure encoding, no cryptography but a checksum.
 *
 * `"GLOWWORM" ‖ u16 version ‖ u32 header length ‖ header (JSON) ‖ ciphertext ‖ SHA-256 of all before`, big endian.
 * The associated data of the content is everything before the ciphertext. The checksum tells damage (which it
 * finds) from a wrong password; protection against intent is the AEAD's, not the checksum's.
 * @module
 */
import { base64 } from '@scure/base'
import { UnknownVaultVersion, VaultCorrupted } from './errors.ts'
import {
  bytesOf,
  fieldsOf,
  kdfOf,
  MOST_SLOTS,
  numberOf,
  PASSWORD_SLOT,
  slotOf,
  type WrappedSlot,
  wrappedOf,
  wrappedSlotJson,
} from './slots.ts'

/** 1: a password only, one phrase. 2: several ways to unlock, several secrets. See `migrations.ts`. */
export const VAULT_VERSION = 2
const MAGIC = new TextEncoder().encode('GLOWWORM')
const PREFIX_BYTES = MAGIC.length + 2 + 4
const CHECKSUM_BYTES = 32
const MOST_HEADER_BYTES = 32 * 1024
export const MOST_VAULT_BYTES = 16 * 1024 * 1024

export interface VaultHeader {
  /** Counts the writes. */
  readonly revision: number
  readonly slots: readonly WrappedSlot[]
  /** Of the content; fresh with every write. */
  readonly nonce: Uint8Array
}

export interface VaultRecord {
  readonly version: number
  readonly header: VaultHeader
  /** The associated data of the content. */
  readonly prefix: Uint8Array
  readonly ciphertext: Uint8Array
}

export function encodePrefix(header: VaultHeader): Uint8Array {
  const json = new TextEncoder().encode(
    JSON.stringify({
      revision: header.revision,
      slots: header.slots.map(wrappedSlotJson),
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
  if (bytes.length > MOST_VAULT_BYTES)
    throw new VaultCorrupted(`it has ${bytes.length} bytes, more than ${MOST_VAULT_BYTES}`)
  if (MAGIC.some((byte, i) => bytes[i] !== byte)) throw new VaultCorrupted('it does not begin like a vault')
  const end = bytes.length - CHECKSUM_BYTES
  const sum = sha256(bytes.subarray(0, end))
  if (sum.some((byte, i) => bytes[end + i] !== byte)) throw new VaultCorrupted('its checksum does not fit')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const version = view.getUint16(MAGIC.length)
  if (version < 1 || version > VAULT_VERSION) throw new UnknownVaultVersion(version, VAULT_VERSION)
  const headerLength = view.getUint32(MAGIC.length + 2)
  const start = PREFIX_BYTES + headerLength
  if (headerLength > MOST_HEADER_BYTES || start > end) throw new VaultCorrupted('its header has no plausible length')
  return {
    version,
    header: decodeHeader(version, bytes.subarray(PREFIX_BYTES, start)),
    prefix: bytes.slice(0, start),
    ciphertext: bytes.slice(start, end),
  }
}

function decodeHeader(version: number, bytes: Uint8Array): VaultHeader {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new VaultCorrupted('its header is not JSON', cause)
  }
  const top = fieldsOf(json, 'header')
  return {
    revision: numberOf(top.revision, 'revision'),
    slots: version === 1 ? [slotOfVersion1(top)] : slotsOf(top.slots),
    nonce: bytesOf(top.nonce, 12, 'nonce'),
  }
}

/** Version 1 wrote the one password's parameters at the top. */
function slotOfVersion1(top: Record<string, unknown>): WrappedSlot {
  return { id: PASSWORD_SLOT, method: 'password', kdf: kdfOf(top.kdf), wrapped: wrappedOf(top.wrapped) }
}

function slotsOf(json: unknown): WrappedSlot[] {
  if (!Array.isArray(json) || json.length > MOST_SLOTS) throw new VaultCorrupted('it has no plausible number of slots')
  const slots = json.map(slotOf)
  if (new Set(slots.map(({ id }) => id)).size !== slots.length)
    throw new VaultCorrupted('two of its slots have one name')
  return slots
}
