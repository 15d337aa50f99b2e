import { readFile } from 'node:fs/promises'

/** A text file, for command-line programs. */
export const readText = (path: string): Promise<string> => readFile(path, 'utf8')
