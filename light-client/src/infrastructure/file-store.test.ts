import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fileStore } from './file-store.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'glowworm-files-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('keeps bytes by any key, readable by the owner only, without leftovers', async () => {
  const inside = join(folder, 'made', 'on', 'demand')
  const store = fileStore(inside)
  expect(await store.read('vault')).toBeNull()
  await store.remove('vault')
  await store.write('vault', Uint8Array.of(1, 2, 3))
  await store.write('../outside/..', Uint8Array.of(4))
  await store.write('vault', Uint8Array.of(5))
  expect(await store.read('vault')).toEqual(Uint8Array.of(5))
  expect(await store.read('../outside/..')).toEqual(Uint8Array.of(4))
  const names = await readdir(inside)
  expect(names).toHaveLength(2)
  for (const name of names) expect((await stat(join(inside, name))).mode & 0o077).toBe(0)
  await store.remove('vault')
  expect(await store.read('vault')).toBeNull()
})

test('a failed write leaves the old value and no part of the new one', async () => {
  const blocked = join(folder, 'blocked')
  await writeFile(blocked, 'a file where the folder should be')
  await expect(fileStore(blocked).write('vault', Uint8Array.of(1))).rejects.toThrow()
  const store = fileStore(join(folder, 'fine'))
  await store.write('vault', Uint8Array.of(7))
  const wrong = { length: 1 } as unknown as Uint8Array
  await expect(store.write('vault', wrong)).rejects.toThrow()
  expect(await store.read('vault')).toEqual(Uint8Array.of(7))
  expect(await readdir(join(folder, 'fine'))).toHaveLength(1)
})
