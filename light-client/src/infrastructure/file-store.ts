import { randomBytes } from 'node:crypto'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { toHex } from '../data/hex.ts'
import { makeFolder } from './folders.ts'
import type { ByteStore } from './ports.ts'

/**
 * One file per key in a folder only its owner can read. A write goes to a fresh file that is flushed and then renamed
 * over the old one, so that after a crash the old value or the new one is there, never a part.
 */
export function fileStore(folder: string): ByteStore {
  const pathOf = (key: string) => join(folder, `${toHex(new TextEncoder().encode(key)).slice(2)}.bin`)
  return {
    async read(key) {
      try {
        return new Uint8Array(await readFile(pathOf(key)))
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
        throw error
      }
    },
    async write(key, value) {
      await makeFolder(resolve(folder))
      const fresh = `${pathOf(key)}.${randomBytes(6).toString('hex')}.new`
      try {
        const file = await open(fresh, 'wx', 0o600)
        try {
          await file.writeFile(value)
          await file.sync()
        } finally {
          await file.close()
        }
        await rename(fresh, pathOf(key))
      } catch (error) {
        await rm(fresh, { force: true })
        throw error
      }
      await flushFolder(folder)
    },
    async remove(key) {
      await rm(pathOf(key), { force: true })
    },
  }
}

/** Makes the rename itself durable, where the platform lets a folder be opened. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null)
  try {
    await handle?.sync().catch(() => undefined)
  } finally {
    await handle?.close()
  }
}
