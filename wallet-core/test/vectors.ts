import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe } from 'vitest'

/** Folder of public test vectors. Unset: suites that need it are skipped by name. Set: a missing file fails. */
const folder = process.env.GLOWWORM_VECTORS

/** A suite over public vectors. Read files inside its tests, not while it is being collected. */
export function describeVectors(name: string, body: () => void): void {
  describe.skipIf(!folder)(folder ? name : `${name} (skipped: GLOWWORM_VECTORS is not set)`, body)
}

/** JSON, unpacked first when the name ends in `.gz`. */
export function vectorJson<T>(path: string): T {
  const bytes = readFileSync(vectorPath(path))
  return JSON.parse((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')) as T
}

export function vectorText(path: string): string {
  return readFileSync(vectorPath(path), 'utf8')
}

export function vectorNames(path: string): string[] {
  return readdirSync(vectorPath(path)).sort()
}

function vectorPath(path: string): string {
  if (!folder) throw new Error('GLOWWORM_VECTORS is not set')
  return join(folder, path)
}
