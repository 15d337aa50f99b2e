/** Public test vectors, read only through GLOWWORM_VECTORS. A missing file throws. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

export const vectorRoot = process.env.GLOWWORM_VECTORS

export function vectorPath(path: string): string {
  if (!vectorRoot) throw new Error('GLOWWORM_VECTORS is not set: it names the folder of the public test vectors')
  return join(vectorRoot, path)
}

export function vectorBytes(path: string): Uint8Array {
  return new Uint8Array(readFileSync(vectorPath(path)))
}

export function vectorText(path: string): string {
  return readFileSync(vectorPath(path), 'utf8')
}

/** JSON, unpacked first when the name ends in `.gz`. */
export function vectorJson<T = unknown>(path: string): T {
  const bytes = readFileSync(vectorPath(path))
  return JSON.parse((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')) as T
}

/** Names in a folder, or none when the vectors are not there (the suite is then skipped anyway). */
export function vectorNames(path: string): string[] {
  return vectorRoot ? readdirSync(join(vectorRoot, path)).sort() : []
}
