import { openDB } from 'idb'
import type { SessionKey } from '../session/session.ts'

const STORE = 'keys'
const KEY = 'session'
const NONCE_BYTES = 12

/**
 * A non-extractable AES-GCM key in IndexedDB: it survives the death of the worker, but its bytes can be read neither
 * by scripts nor out of a heap snapshot. Useless without the ciphertext, which the browser forgets when it closes.
 */
export function indexedDbSessionKey(name: string): SessionKey {
  const database = () =>
    openDB(name, 1, {
      upgrade: (fresh) => {
        fresh.createObjectStore(STORE)
      },
    })
  const withKeys = async <T>(use: (db: Awaited<ReturnType<typeof database>>) => Promise<T>): Promise<T> => {
    const db = await database()
    try {
      return await use(db)
    } finally {
      db.close()
    }
  }
  return {
    async seal(plaintext) {
      const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
      const sealed = await sealWith(key, plaintext)
      await withKeys((db) => db.put(STORE, key, KEY))
      return sealed
    },
    async open(sealed) {
      const key: unknown = await withKeys((db) => db.get(STORE, KEY))
      return key instanceof CryptoKey ? openWith(key, sealed) : null
    },
    async forget() {
      await withKeys((db) => db.delete(STORE, KEY))
    },
  }
}

export async function sealWith(key: CryptoKey, plaintext: Uint8Array): Promise<Uint8Array> {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES))
  const clear = new Uint8Array(plaintext)
  try {
    const ciphertext = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, clear))
    const sealed = new Uint8Array(NONCE_BYTES + ciphertext.length)
    sealed.set(iv)
    sealed.set(ciphertext, NONCE_BYTES)
    return sealed
  } finally {
    clear.fill(0)
  }
}

export async function openWith(key: CryptoKey, sealed: Uint8Array): Promise<Uint8Array | null> {
  const iv = new Uint8Array(sealed.subarray(0, NONCE_BYTES))
  try {
    return new Uint8Array(
      await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, new Uint8Array(sealed.subarray(NONCE_BYTES))),
    )
  } catch (error) {
    if (error instanceof DOMException && error.name === 'OperationError') return null
    throw error
  }
}
