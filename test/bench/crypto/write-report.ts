import { mkdir, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PlacedRow } from '../compare.ts'
import { reportHtml } from './report-html.ts'

const FOLDER = fileURLToPath(new URL('../reports/', import.meta.url))

/** Writes the page with charts into a folder that git ignores. @returns its path. */
export async function writeReport(rows: readonly PlacedRow[]): Promise<string> {
  const file = join(FOLDER, 'crypto.html')
  await mkdir(FOLDER, { recursive: true })
  const day = new Date().toISOString().slice(0, 16).replace('T', ' ')
  const machine = cpus()[0]?.model.trim() ?? process.arch
  await writeFile(file, reportHtml(rows, `${day} UTC, Node ${process.versions.node}, ${machine}`))
  return file
}
