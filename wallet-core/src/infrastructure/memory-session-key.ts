import type { SessionKey } from '../session/session.ts'
import { openWith, sealWith } from './indexeddb-session-key.ts'

/** The session key kept in this process only. */
export function memorySessionKey(): SessionKey {
  let key: CryptoKey | null = null
  return {
    async seal(plaintext) {
      key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
      return sealWith(key, plaintext)
    },
    async open(sealed) {
      return key ? openWith(key, sealed) : null
    },
    async forget() {
      key = null
    },
  }
}
