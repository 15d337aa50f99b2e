import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, vi } from 'vitest'
import { toHex } from '../test/vectors.ts'
import { NODE_SHA256_BYTES } from './infrastructure/node-hashes.ts'
import { loadEngines } from './load-engines.ts'
import { loadHeadlessEngines } from './load-headless-engines.ts'

describe('loadHeadlessEngines', () => {
  it('answers like the engines for browsers, on both sides of the threshold', async () => {
    const [headless, plain] = await Promise.all([loadHeadlessEngines(), loadEngines()])
    expect(headless.kind).toBe('wasm')
    for (const length of [0, 64, NODE_SHA256_BYTES - 1, NODE_SHA256_BYTES, NODE_SHA256_BYTES + 1, 100_000]) {
      const data = Uint8Array.from({ length }, (_, i) => i * 3)
      expect(headless.hashes.sha256(data)).toEqual(plain.hashes.sha256(data))
    }
  })

  it('gives long messages to Node, also over noble', async () => {
    vi.stubGlobal('WebAssembly', undefined)
    const engines = await loadHeadlessEngines().finally(() => vi.unstubAllGlobals())
    expect(engines.kind).toBe('noble')
    expect(NODE_SHA256_BYTES).toBeLessThanOrEqual(512)
    const hash = engines.hashes.sha256(new Uint8Array(512))
    expect(Object.getPrototypeOf(hash)).toBe(Uint8Array.prototype)
    expect(hash.buffer.byteLength).toBe(32)
    expect(toHex(hash)).toBe('076a27c79e5ace2a3d47f9dd2e83e4ff6ea8872b3c2218f66c92b89b55f36560')
  })

  it('is the only way to a module of Node: what browsers load imports none', () => {
    const reached = (entry: string) => [...importsFrom(fileURLToPath(new URL(entry, import.meta.url)))]
    expect(reached('load-headless-engines.ts').filter((name) => name.startsWith('node:'))).toEqual(['node:crypto'])
    expect(reached('index.ts').length).toBeGreaterThan(20)
    expect(reached('index.ts').filter((name) => name.startsWith('node:'))).toEqual([])
  })
})

/** All files that a file imports, directly or not, and the names of packages. */
function importsFrom(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  for (const [, name] of readFileSync(file, 'utf8').matchAll(/ from '([^']+)'/g)) {
    if (name!.startsWith('.')) importsFrom(join(dirname(file), name!), seen)
    else seen.add(name!)
  }
  return seen
}
