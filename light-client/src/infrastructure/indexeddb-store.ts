import { type IDBPDatabase, openDB } from 'idb'
import type { ByteStore } from './ports.ts'

const STORE = 'bytes'

/**
 * Bytes in IndexedDB. Each write is a transaction with strict durability and resolves when it is complete: a crash
 * leaves the old value or the new one. The database is opened at once, because that takes as long as loading a program
 * does, and again after the browser closed it.
 */
export function indexedDbStore(name: string): ByteStore {
  let opened: Promise<IDBPDatabase> | null = null
  const database = (): Promise<IDBPDatabase> => {
    opened ??= openDB(name, 1, {
      upgrade: (fresh) => {
        fresh.createObjectStore(STORE)
      },
      terminated: () => {
        opened = null
      },
      // A newer version of the program in another window wants to upgrade: let it.
      blocking: (_current, _blocked, event) => {
        ;(event.target as IDBDatabase).close()
        opened = null
      },
    }).catch((error: unknown) => {
      opened = null
      throw error
    })
    return opened
  }
  database().catch(() => {}) // whoever reads or writes hears of it
  return {
    async read(key) {
      const value: unknown = await (await database()).get(STORE, key)
      return value instanceof Uint8Array ? new Uint8Array(value) : null
    },
    async write(key, value) {
      const transaction = (await database()).transaction(STORE, 'readwrite', { durability: 'strict' })
      await Promise.all([transaction.store.put(new Uint8Array(value), key), transaction.done])
    },
    async remove(key) {
      const transaction = (await database()).transaction(STORE, 'readwrite', { durability: 'strict' })
      await Promise.all([transaction.store.delete(key), transaction.done])
    },
  }
}
