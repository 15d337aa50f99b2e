/**
 * Public test vectors, read only through GLOWWORM_VECTORS. Without the variable such suites skip and say so; with it a
 * missing file fails.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe } from 'vitest'

const root = process.env.GLOWWORM_VECTORS

/** A suite that needs the vectors. */
export function describeVectors(name: string, suite: () => void): void {
  if (root) describe(name, suite)
  else describe.skip(`${name} (GLOWWORM_VECTORS is not set)`, suite)
}

export function vectorPath(path: string): string {
  if (!root) throw new Error('GLOWWORM_VECTORS is not set')
  return join(root, path)
}

export function vectorBytes(path: string): Uint8Array {
  return new Uint8Array(readFileSync(vectorPath(path)))
}

export function vectorText(path: string): string {
  return readFileSync(vectorPath(path), 'utf8')
}

export function vectorJson<T = unknown>(path: string): T {
  return JSON.parse(vectorText(path)) as T
}

/** Names in a folder, or none when the vectors are not there (the suite is then skipped anyway). */
export function vectorNames(path: string): string[] {
  return root ? readdirSync(join(root, path)).sort() : []
}
