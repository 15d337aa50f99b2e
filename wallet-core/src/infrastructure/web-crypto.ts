import type { Random } from '@glowworm/light-client'
import type { Aead, ImportCiphers } from '../ports.ts'

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

/** Ed25519 (RFC 8032) by WebCrypto; false also where the browser does not know it: what cannot be checked is not believed. */
export async function webVerifyEd25519(key: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  try {
    const imported = await crypto.subtle.importKey('raw', new Uint8Array(key), 'Ed25519', false, ['verify'])
    return await crypto.subtle.verify('Ed25519', imported, new Uint8Array(signature), new Uint8Array(message))
  } catch {
    return false
  }
}

/** What other programs sealed with, by WebCrypto. Copies of secrets made for it are wiped. */
export const webImportCiphers: ImportCiphers = {
  async aesCtr(key, counter, ciphertext) {
    const copy = new Uint8Array(key)
    try {
      const imported = await crypto.subtle.importKey('raw', copy, 'AES-CTR', false, ['decrypt'])
      const algorithm = { name: 'AES-CTR', counter: new Uint8Array(counter), length: 128 }
      return new Uint8Array(await crypto.subtle.decrypt(algorithm, imported, new Uint8Array(ciphertext)))
    } finally {
      copy.fill(0)
    }
  },
  async pbkdf2Sha256(password, salt, iterations, length) {
    const copy = new Uint8Array(password)
    try {
      const imported = await crypto.subtle.importKey('raw', copy, 'PBKDF2', false, ['deriveBits'])
      const algorithm = { name: 'PBKDF2', hash: 'SHA-256', salt: new Uint8Array(salt), iterations }
      return new Uint8Array(await crypto.subtle.deriveBits(algorithm, imported, length * 8))
    } finally {
      copy.fill(0)
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
