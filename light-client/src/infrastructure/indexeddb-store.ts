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
  /** Once more over a new connection, where the browser has closed the old one (site data deleted) and not said so yet. */
  async function over<T>(work: (database: IDBPDatabase) => Promise<T>): Promise<T> {
    const connection = database()
    try {
      return await work(await connection)
    } catch (error) {
      if (!(error instanceof DOMException && error.name === 'InvalidStateError')) throw error
      if (opened === connection) opened = null
      return work(await database())
    }
  }
  return {
    read: (key) =>
      over(async (bytes) => {
        const value: unknown = await bytes.get(STORE, key)
        return value instanceof Uint8Array ? new Uint8Array(value) : null
      }),
    write: (key, value) =>
      over(async (bytes) => {
        const transaction = bytes.transaction(STORE, 'readwrite', { durability: 'strict' })
        await Promise.all([transaction.store.put(new Uint8Array(value), key), transaction.done])
      }),
    remove: (key) =>
      over(async (bytes) => {
        const transaction = bytes.transaction(STORE, 'readwrite', { durability: 'strict' })
        await Promise.all([transaction.store.delete(key), transaction.done])
      }),
  }
}
