import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { InvalidInput } from '../errors.ts'

/** A text file, for command-line programs. */
export const readText = (path: string): Promise<string> => readFile(path, 'utf8')

/** @throws {InvalidInput} when it cannot be read or is larger than `maxBytes` */
export async function readBytes(path: string, maxBytes: number): Promise<Uint8Array> {
  try {
    const { size } = await stat(path)
    if (size > maxBytes) throw new InvalidInput(path, `it has ${size} bytes, at most ${maxBytes} are read`)
    return new Uint8Array(await readFile(path))
  } catch (cause) {
    if (cause instanceof InvalidInput) throw cause
    throw new InvalidInput(path, `it cannot be read (${(cause as { code?: string }).code ?? 'unknown reason'})`)
  }
}

/** Whole or not at all: a file that was there before stays until the new one is complete. @throws {InvalidInput} */
export async function writeBytes(path: string, bytes: Uint8Array): Promise<void> {
  const fresh = `${path}.${process.pid}.part`
  try {
    await writeFile(fresh, bytes)
    await rename(fresh, path)
  } catch (cause) {
    await rm(fresh, { force: true })
    throw new InvalidInput(path, `it cannot be written (${(cause as { code?: string }).code ?? 'unknown reason'})`)
  }
}
