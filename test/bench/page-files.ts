import { readFile } from 'node:fs/promises'
import { extname, join, normalize } from 'node:path'

const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' }

/** A file of a bundled page. Null: there is none. */
export async function readPageFile(folder: string, path: string): Promise<{ body: Uint8Array; type: string } | null> {
  const name = path === '/' ? 'index.html' : normalize(path)
  const body = await readFile(join(folder, name)).catch(() => null)
  return body && { body, type: TYPES[extname(name)] ?? 'application/octet-stream' }
}
