import type { Random } from '@glowworm/light-client'
import type { Aead } from '../ports.ts'

/** AES-256-GCM by the platform's WebCrypto. Copies of keys made for it are wiped. */
export const webAead: Aead = {
  async seal(key, nonce, plaintext, associated) {
    const clear = new Uint8Array(plaintext)
    try {
      return new Uint8Array(await crypto.subtle.encrypt(gcm(nonce, associated), await importKey(key, 'encrypt'), clear))
    } finally {
      clear.fill(0)
    }
  },
  async open(key, nonce, ciphertext, associated) {
    const imported = await importKey(key, 'decrypt')
    try {
      return new Uint8Array(await crypto.subtle.decrypt(gcm(nonce, associated), imported, new Uint8Array(ciphertext)))
    } catch (error) {
      if (error instanceof DOMException && error.name === 'OperationError') return null
      throw error
    }
  },
}

export const webRandom: Random = {
  bytes(length) {
    return crypto.getRandomValues(new Uint8Array(length))
  },
}

function gcm(nonce: Uint8Array, associated: Uint8Array) {
  return { name: 'AES-GCM', iv: new Uint8Array(nonce), additionalData: new Uint8Array(associated), tagLength: 128 }
}

async function importKey(key: Uint8Array, use: 'encrypt' | 'decrypt'): Promise<CryptoKey> {
  const copy = new Uint8Array(key)
  try {
    return await crypto.subtle.importKey('raw', copy, 'AES-GCM', false, [use])
  } finally {
    copy.fill(0)
  }
}
