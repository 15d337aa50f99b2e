import { type IDBPDatabase, openDB } from 'idb'
import type { ByteStore } from './ports.ts'

/** A database of the browser as a store. IndexedDB transactions are atomic. */
export function indexedDbStore(name: string): ByteStore {
  let database: Promise<IDBPDatabase> | null = null
  const open = () => {
    database ??= openDB(name, 1, {
      upgrade: (fresh) => {
        fresh.createObjectStore('bytes')
      },
      // Another tab wants a newer version: let go, and open again when needed.
      blocking: (_current, _blocked, event) => {
        ;(event.target as IDBDatabase).close()
        database = null
      },
      terminated: () => {
        database = null
      },
    })
    return database
  }
  return {
    async read(key) {
      return ((await (await open()).get('bytes', key)) as Uint8Array | undefined) ?? null
    },
    async write(key, value) {
      await (await open()).put('bytes', value, key)
    },
    async remove(key) {
      await (await open()).delete('bytes', key)
    },
  }
}
