import { type FileHandle, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { InvalidInput } from '../errors.ts'

/** A text file, for command-line programs. */
export const readText = (path: string): Promise<string> => readFile(path, 'utf8')

/**
 * Stops reading where it would be too much: devices and pipes do not say how long they are.
 * @throws {InvalidInput} when it cannot be read or is larger than `maxBytes`
 */
export async function readBytes(path: string, maxBytes: number): Promise<Uint8Array> {
  let file: FileHandle | undefined
  try {
    file = await open(path, 'r')
    const chunks: Uint8Array[] = []
    let size = 0
    for (;;) {
      const { bytesRead, buffer } = await file.read(new Uint8Array(1024 * 1024), 0)
      if (bytesRead === 0) break
      size += bytesRead
      if (size > maxBytes) throw new InvalidInput(path, `it is larger than ${maxBytes} bytes`)
      chunks.push(buffer.subarray(0, bytesRead))
    }
    return new Uint8Array(Buffer.concat(chunks, size))
  } catch (cause) {
    if (cause instanceof InvalidInput) throw cause
    throw new InvalidInput(path, `it cannot be read (${(cause as { code?: string }).code ?? 'unknown reason'})`)
  } finally {
    await file?.close()
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
