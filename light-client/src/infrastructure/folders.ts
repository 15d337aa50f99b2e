/** Folders that a person names for a program to keep things in. For Node. @module */
import { access, constants, mkdir, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { InvalidInput } from '../errors.ts'

/**
 * Makes the folder where it is missing, readable by its owner only, and sees that it can be written to.
 * @param argument what an error calls it
 * @throws {InvalidInput} when it is no folder, or cannot be made or written to
 */
export async function prepareFolder(folder: string, argument: string): Promise<void> {
  try {
    await makeFolder(resolve(folder))
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (cause) {
    const { code = 'unknown reason' } = cause as { code?: string }
    throw new InvalidInput(argument, `${folder} ${WHY[code] ?? `cannot be used (${code})`}`, 'Name another folder.')
  }
}

const WHY: Readonly<Record<string, string>> = {
  ENOTDIR: 'is no folder, or lies in something that is none',
  EACCES: 'may not be written to by this user',
  EPERM: 'may not be written to by this user',
  EROFS: 'lies on a file system that cannot be written to',
  ENOENT: 'cannot be made there',
}

/** `mkdir` with `recursive` never returns where a file system denies a folder and its parent exists, as in /proc. */
export async function makeFolder(folder: string): Promise<void> {
  const make = async () => {
    try {
      await mkdir(folder, { mode: 0o700 })
    } catch (cause) {
      if (codeOf(cause) !== 'EEXIST') throw cause
      if (!(await stat(folder)).isDirectory()) throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' })
    }
  }
  try {
    await make()
  } catch (cause) {
    if (codeOf(cause) !== 'ENOENT' || dirname(folder) === folder) throw cause
    await makeFolder(dirname(folder))
    await make()
  }
}

const codeOf = (cause: unknown): string | undefined => (cause as { code?: string }).code
