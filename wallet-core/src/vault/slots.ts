/**
 * How the data key is wrapped: once for every way to unlock. A password goes through Argon2id; a recovery file and a
 * passkey give 32 random bytes, for which HKDF is enough. Pure encoding and derivation.
 * @module
 */
import type { Argon2id } from '@glowworm/wasm-core'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { base64 } from '@scure/base'
import { TooManyUnlockMethods, UnknownUnlockMethod, VaultCorrupted } from './errors.ts'
import { checkKdfParameters, type KdfParameters } from './kdf-parameters.ts'

/** What is public about a way to unlock: it stands in the header. */
export type Slot = { readonly id: string } & (
  | { readonly method: 'password'; readonly kdf: KdfParameters & { readonly salt: Uint8Array } }
  | { readonly method: 'recovery-file'; readonly salt: Uint8Array }
  | {
      readonly method: 'passkey'
      readonly salt: Uint8Array
      readonly name: string
      /** WebAuthn credential id. */
      readonly credential: Uint8Array
      /** What the authenticator is asked to evaluate: the PRF extension's `eval.first`, 32 bytes. */
      readonly prfSalt: Uint8Array
    }
)

export interface Wrapped {
  readonly nonce: Uint8Array
  readonly key: Uint8Array
}

export type WrappedSlot = Slot & { readonly wrapped: Wrapped }

/** A slot with its wrapping key. The keys of all slots lie in the sealed content, so that the data key can be changed. */
export interface KeyedSlot {
  readonly slot: Slot
  readonly key: Uint8Array
}

/** What somebody brings to unlock. `secret` is 32 bytes: the recovery file's, or the output of the passkey's PRF. */
export type Unlock =
  | { readonly method: 'password'; readonly password: Uint8Array }
  | { readonly method: 'recovery-file' | 'passkey'; readonly id: string; readonly secret: Uint8Array }

export const MOST_SLOTS = 9
export const UNLOCK_SECRET_BYTES = 32
export const PASSWORD_SLOT = 'password'
export const RECOVERY_SLOT = 'recovery-file'

/** The wrapping key, which the caller wipes. @throws {KdfOutOfBounds} before any work. */
export async function wrappingKey(slot: Slot, brought: Uint8Array, argon2id: Argon2id): Promise<Uint8Array> {
  if (slot.method !== 'password')
    return hkdf(sha256, brought, slot.salt, new TextEncoder().encode(`glowworm vault 2 ${slot.method}`), 32)
  checkKdfParameters(slot.kdf)
  const { salt, memoryKiB, iterations, parallelism } = slot.kdf
  return argon2id({ password: brought, salt, memoryKiB, iterations, parallelism, length: 32 })
}

/** Associated data of a wrapped data key: binds version and every parameter of its slot to it. */
export function wrapContext(version: number, slot: Slot): Uint8Array {
  const bound = version === 1 && slot.method === 'password' ? kdfJson(slot.kdf) : slotJson(slot)
  return new TextEncoder().encode(`glowworm vault ${version} data key ${JSON.stringify(bound)}`)
}

export function slotJson(slot: Slot): Record<string, unknown> {
  const { id, method } = slot
  switch (slot.method) {
    case 'password':
      return { id, method, kdf: kdfJson(slot.kdf) }
    case 'recovery-file':
      return { id, method, salt: base64.encode(slot.salt) }
    case 'passkey':
      return {
        id,
        method,
        salt: base64.encode(slot.salt),
        name: slot.name,
        credential: base64.encode(slot.credential),
        prfSalt: base64.encode(slot.prfSalt),
      }
  }
}

export const wrappedSlotJson = (slot: WrappedSlot): Record<string, unknown> => ({
  ...slotJson(slot),
  wrapped: { nonce: base64.encode(slot.wrapped.nonce), key: base64.encode(slot.wrapped.key) },
})

/** @throws {VaultCorrupted} */
export function slotOf(json: unknown): WrappedSlot {
  const fields = fieldsOf(json, 'slot')
  const id = textOf(fields.id, 'slot.id')
  const wrapped = wrappedOf(fields.wrapped)
  switch (fields.method) {
    case 'password':
      return { id, method: 'password', kdf: kdfOf(fields.kdf), wrapped }
    case 'recovery-file':
      return { id, method: 'recovery-file', salt: bytesOf(fields.salt, 16, 'salt'), wrapped }
    case 'passkey':
      return {
        id,
        method: 'passkey',
        salt: bytesOf(fields.salt, 16, 'salt'),
        name: textOf(fields.name, 'slot.name'),
        credential: bytesOf(fields.credential, null, 'credential'),
        prfSalt: bytesOf(fields.prfSalt, 32, 'prfSalt'),
        wrapped,
      }
    default:
      throw new VaultCorrupted('it has a slot of an unknown method')
  }
}

export function wrappedOf(json: unknown): Wrapped {
  const wrapped = fieldsOf(json, 'wrapped')
  return { nonce: bytesOf(wrapped.nonce, 12, 'wrapped.nonce'), key: bytesOf(wrapped.key, 48, 'wrapped.key') }
}

export function kdfOf(json: unknown): KdfParameters & { readonly salt: Uint8Array } {
  const kdf = fieldsOf(json, 'kdf')
  if (kdf.name !== 'argon2id') throw new VaultCorrupted('its key derivation is not argon2id')
  return {
    memoryKiB: numberOf(kdf.memoryKiB, 'memoryKiB'),
    iterations: numberOf(kdf.iterations, 'iterations'),
    parallelism: numberOf(kdf.parallelism, 'parallelism'),
    salt: bytesOf(kdf.salt, 16, 'salt'),
  }
}

function kdfJson(kdf: KdfParameters & { readonly salt: Uint8Array }) {
  return {
    name: 'argon2id',
    memoryKiB: kdf.memoryKiB,
    iterations: kdf.iterations,
    parallelism: kdf.parallelism,
    salt: base64.encode(kdf.salt),
  }
}

/** Slots with their keys. @throws {VaultCorrupted} */
export function keyedSlots(slots: readonly Slot[], keys: readonly Uint8Array[]): KeyedSlot[] {
  return slots.map((slot, i) => {
    const key = keys[i]
    if (!key) throw new VaultCorrupted('it has another number of slots than of keys')
    return { slot: withoutKey(slot), key }
  })
}

/** With `next` in the place of the slot of that name, or at the end. @throws {TooManyUnlockMethods} */
export function withSlot(slots: readonly KeyedSlot[], next: KeyedSlot): KeyedSlot[] {
  const known = slots.some(({ slot }) => slot.id === next.slot.id)
  if (!known && slots.length >= MOST_SLOTS) throw new TooManyUnlockMethods(MOST_SLOTS)
  return known ? slots.map((keyed) => (keyed.slot.id === next.slot.id ? next : keyed)) : [...slots, next]
}

/** The password stays: it is what everything else can be set up again with. @throws {UnknownUnlockMethod} */
export function withoutSlot(slots: readonly KeyedSlot[], id: string): KeyedSlot[] {
  if (id === PASSWORD_SLOT || !slots.some(({ slot }) => slot.id === id)) throw new UnknownUnlockMethod()
  return slots.filter(({ slot }) => slot.id !== id)
}

export function withoutKey(slot: Slot): Slot {
  const { wrapped: _, ...rest } = slot as Slot & { wrapped?: unknown }
  return rest
}

export function fieldsOf(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new VaultCorrupted(`${what} is not an object`)
  return value as Record<string, unknown>
}
export function numberOf(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new VaultCorrupted(`${what} is not a number`)
  return value
}
function textOf(value: unknown, what: string): string {
  if (typeof value !== 'string' || value.length > 200) throw new VaultCorrupted(`${what} is not a short text`)
  return value
}
/** @param length null: whatever it has. */
export function bytesOf(value: unknown, length: number | null, what: string): Uint8Array {
  let bytes: Uint8Array
  try {
    bytes = base64.decode(String(value))
  } catch (cause) {
    throw new VaultCorrupted(`${what} is not base64`, cause)
  }
  if (length !== null && bytes.length !== length)
    throw new VaultCorrupted(`${what} has ${bytes.length} bytes, expected ${length}`)
  return bytes
}
