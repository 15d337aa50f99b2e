import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ByteStore } from './ports.ts'

/** A folder as a store. A write goes to a temporary file first, so that a crash leaves the old value or the new one. */
export function fileStore(folder: string): ByteStore {
  const path = (key: string) => {
    if (!/^[a-z0-9-]+(\/[a-z0-9-]+)*$/i.test(key)) throw new RangeError(`not a store key: ${key}`)
    return join(folder, `${key}.bin`)
  }
  return {
    async read(key) {
      try {
        return new Uint8Array(await readFile(path(key)))
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null
        throw cause
      }
    },
    async write(key, value) {
      const target = path(key)
      await mkdir(dirname(target), { recursive: true, mode: 0o700 })
      const temporary = `${target}.${process.pid}.part`
      await writeFile(temporary, value, { mode: 0o600 }) // a bridge keeps its key here
      await rename(temporary, target)
    },
    async remove(key) {
      await rm(path(key), { force: true })
    },
  }
}
