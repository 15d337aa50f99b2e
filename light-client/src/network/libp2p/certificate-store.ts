import type { ByteStore } from '../../infrastructure/ports.ts'
import type { Datastore } from './node-types.ts'

type Key = Parameters<Datastore['get']>[0]

/** Keys that must outlive the process: the webrtc-direct certificate and the keychain that holds its private key. */
const KEPT = ['/libp2p/webrtc-direct/', '/pkcs8/', '/info/']
const INDEX = 'libp2p-index'

/**
 * libp2p's datastore in memory, of which a few entries are also written to `store`, so that the certificate hash in a
 * webrtc-direct address stays the same over restarts. What libp2p learns about peers is not kept.
 */
export async function certificateStore(store: ByteStore): Promise<Datastore> {
  const entries = new Map<string, { key: Key; value: Uint8Array }>()
  const kept = new Map<string, Uint8Array>()
  const index = await store.read(INDEX)
  for (const name of index ? readIndex(index) : []) {
    const value = await store.read(fileOf(name))
    if (value) kept.set(name, value)
  }
  const lookUp = (key: Key) => entries.get(key.toString())?.value ?? kept.get(key.toString())

  const put = async (key: Key, value: Uint8Array): Promise<Key> => {
    const name = key.toString()
    entries.set(name, { key, value })
    if (KEPT.some((prefix) => name.startsWith(prefix))) {
      kept.set(name, value)
      await store.write(fileOf(name), value)
      await store.write(INDEX, new TextEncoder().encode(JSON.stringify([...kept.keys()])))
    }
    return key
  }
  const remove = async (key: Key): Promise<void> => {
    entries.delete(key.toString())
    if (kept.delete(key.toString())) await store.remove(fileOf(key.toString()))
  }
  const get = (key: Key): Uint8Array => {
    const value = lookUp(key)
    if (!value) throw new EntryNotFound(key.toString())
    return value
  }

  return {
    put,
    get,
    has: (key) => lookUp(key) !== undefined,
    delete: remove,
    async *putMany(source) {
      for await (const { key, value } of source) yield put(key, value)
    },
    async *getMany(source) {
      for await (const key of source) yield { key, value: get(key) }
    },
    async *deleteMany(source) {
      for await (const key of source) {
        await remove(key)
        yield key
      }
    },
    batch() {
      const work: (() => Promise<unknown>)[] = []
      return {
        put: (key, value) => void work.push(() => put(key, value)),
        delete: (key) => void work.push(() => remove(key)),
        async commit() {
          for (const step of work.splice(0)) await step()
        },
      }
    },
    async *query(query) {
      let pairs = [...entries.values()].filter(({ key }) => key.toString().startsWith(query.prefix ?? ''))
      for (const filter of query.filters ?? []) pairs = pairs.filter(filter)
      for (const order of query.orders ?? []) pairs.sort(order)
      const from = query.offset ?? 0
      yield* pairs.slice(from, query.limit === undefined ? undefined : from + query.limit)
    },
    async *queryKeys(query) {
      let keys = [...entries.values()].map(({ key }) => key)
      keys = keys.filter((key) => key.toString().startsWith(query.prefix ?? ''))
      for (const filter of query.filters ?? []) keys = keys.filter(filter)
      for (const order of query.orders ?? []) keys.sort(order)
      const from = query.offset ?? 0
      yield* keys.slice(from, query.limit === undefined ? undefined : from + query.limit)
    },
  }
}

/** An index that cannot be read means starting with a new certificate, as on the first day. */
function readIndex(bytes: Uint8Array): string[] {
  try {
    const names: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : []
  } catch {
    return []
  }
}

function fileOf(name: string): string {
  return `libp2p${name.replaceAll('/', '-')}`
}

/** libp2p tells this case by the error's name. */
class EntryNotFound extends Error {
  constructor(key: string) {
    super(`no entry ${key}`)
    this.name = 'NotFoundError'
  }
}
