/**
 * Keeps the wallet unlocked while its worker comes and goes. The data key lies in the browser's session storage, but
 * only as ciphertext; the key to it lies, non-extractable, in IndexedDB. Either half alone opens nothing. The session
 * ends at lock, at its deadline, and when the browser closes (session storage is empty then).
 * @module
 */
import { base64 } from '@scure/base'

/** Text that lives as long as the browser runs, e.g. `chrome.storage.session`. It holds JSON only: no bytes. */
export interface SessionStore {
  get(key: string): Promise<string | null>
  set(key: string, value: string): Promise<void>
  remove(key: string): Promise<void>
}

/** A key that cannot be read out. `seal` makes a fresh one each time. */
export interface SessionKey {
  seal(plaintext: Uint8Array): Promise<Uint8Array>
  /** Null when there is no key, or it does not fit. */
  open(sealed: Uint8Array): Promise<Uint8Array | null>
  forget(): Promise<void>
}

export interface Session {
  /** @param deadline ms since the epoch; the session is over at that instant. */
  save(dataKey: Uint8Array, deadline: number): Promise<void>
  /** The data key and its deadline while the session lasts, else null (and whatever is left of it is removed). */
  restore(now: number): Promise<{ dataKey: Uint8Array; deadline: number } | null>
  end(): Promise<void>
}

const ENTRY = 'glowworm.session'
const DATA_KEY_BYTES = 32

export function keepSession(store: SessionStore, key: SessionKey): Session {
  const end = async () => {
    await Promise.all([store.remove(ENTRY), key.forget()])
  }
  return {
    async save(dataKey, deadline) {
      const plaintext = new Uint8Array(DATA_KEY_BYTES + 8)
      try {
        plaintext.set(dataKey)
        new DataView(plaintext.buffer).setFloat64(DATA_KEY_BYTES, deadline)
        await store.set(ENTRY, base64.encode(await key.seal(plaintext)))
      } finally {
        plaintext.fill(0)
      }
    },
    async restore(now) {
      const text = await store.get(ENTRY)
      const plaintext = text === null ? null : await key.open(decode(text))
      if (plaintext?.length !== DATA_KEY_BYTES + 8) {
        await end()
        return null
      }
      const deadline = new DataView(plaintext.buffer, plaintext.byteOffset).getFloat64(DATA_KEY_BYTES)
      const dataKey = plaintext.slice(0, DATA_KEY_BYTES)
      plaintext.fill(0)
      if (now < deadline) return { dataKey, deadline }
      dataKey.fill(0)
      await end()
      return null
    },
    end,
  }
}

/** For shells whose process is the session: a reloaded page starts locked. */
export const noSession: Session = {
  async save() {},
  async restore() {
    return null
  },
  async end() {},
}

function decode(text: string): Uint8Array {
  try {
    return base64.decode(text)
  } catch {
    return new Uint8Array(0)
  }
}
