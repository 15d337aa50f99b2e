/**
 * What a mailbox gets: the answer under a key that the bridge does not have. Name and key of the box are hashes of one
 * secret of 16 bytes that stands in the page's code alone.
 * @module
 */
import { PRODUCT } from '../../../../product.ts'

const NONCE_BYTES = 12
const NAME_BYTES = 16

const bytesOf = (text: string) => new TextEncoder().encode(text)

async function derived(secret: Uint8Array, what: string): Promise<Uint8Array<ArrayBuffer>> {
  const label = bytesOf(`${PRODUCT.slug} page mailbox ${what} 1`)
  return new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.of(...label, ...secret)))
}

const keyOf = async (secret: Uint8Array, use: 'encrypt' | 'decrypt') =>
  crypto.subtle.importKey('raw', await derived(secret, 'key'), 'AES-GCM', false, [use])

/** 32 hexadecimal digits. */
export async function boxName(secret: Uint8Array): Promise<string> {
  const bytes = (await derived(secret, 'name')).slice(0, NAME_BYTES)
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

export const freshSecret = (): Uint8Array => crypto.getRandomValues(new Uint8Array(16))

/** AES-256-GCM: nonce, ciphertext, tag; in base64. */
export async function sealAnswer(secret: Uint8Array, answer: string): Promise<string> {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES))
  const sealed = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv: nonce },
    await keyOf(secret, 'encrypt'),
    bytesOf(answer),
  )
  return btoa(String.fromCharCode(...nonce, ...new Uint8Array(sealed)))
}

/** Null for anything that was not sealed with this secret, or was changed. */
export async function openAnswer(secret: Uint8Array, sealed: string): Promise<string | null> {
  let bytes: Uint8Array<ArrayBuffer>
  try {
    bytes = Uint8Array.from(atob(sealed.trim()), (character) => character.charCodeAt(0))
  } catch {
    return null
  }
  if (bytes.length <= NONCE_BYTES) return null
  const key = await keyOf(secret, 'decrypt')
  const opened = await crypto.subtle
    .decrypt({ name: 'AES-GCM', iv: bytes.slice(0, NONCE_BYTES) }, key, bytes.slice(NONCE_BYTES))
    .catch(() => null)
  return opened && new TextDecoder().decode(opened)
}
