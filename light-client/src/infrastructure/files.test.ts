import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readBytes, writeBytes } from './files.ts'

it('gives back what was written, and refuses what is too large, absent or without end', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'glowworm-files-'))
  const path = join(folder, 'file')
  try {
    const bytes = new Uint8Array(3_000_000).map((_, i) => i)
    await writeBytes(path, bytes)
    expect(await readBytes(path, 3_000_000)).toEqual(bytes)
    await expect(readBytes(path, 2_999_999)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    writeFileSync(path, '')
    expect(await readBytes(path, 10)).toEqual(new Uint8Array(0))
    await expect(readBytes(join(folder, 'absent'), 10)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(readBytes(folder, 10)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    if (process.platform === 'linux')
      await expect(readBytes('/dev/zero', 5_000_000)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
