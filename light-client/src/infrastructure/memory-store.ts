import type { ByteStore } from './ports.ts'

/** A store that lasts as long as the process. */
export function memoryStore(): ByteStore {
  const values = new Map<string, Uint8Array>()
  return {
    read: async (key) => values.get(key)?.slice() ?? null,
    write: async (key, value) => {
      values.set(key, value.slice())
    },
    remove: async (key) => {
      values.delete(key)
    },
  }
}
