import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { prepareFolder } from './folders.ts'

let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'glowworm-folders-'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

it('makes what is missing, for its owner only, and takes what is there', async () => {
  const folder = join(root, 'a', 'b', 'c')
  await prepareFolder(folder, '--data')
  await prepareFolder(folder, '--data')
  expect(statSync(folder).mode & 0o777).toBe(0o700)
})

it.each([
  ['a file', () => join(root, 'file'), 'is no folder'],
  ['a folder in a file', () => join(root, 'file', 'below'), 'is no folder'],
  ...(process.platform === 'linux'
    ? ([
        ['a folder that the system does not make', () => '/proc/nope', 'cannot be made there'],
        ['one below it', () => '/proc/nope/below', 'cannot be made there'],
      ] as const)
    : []),
] as const)('refuses %s at once, and says why', async (_, path, why) => {
  writeFileSync(join(root, 'file'), '')
  await expect(prepareFolder(path(), '--data')).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringMatching(new RegExp(`^--data: .*${why}`)),
  })
})
