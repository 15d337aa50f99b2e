import { describe, expect, it, vi } from 'vitest'
import { toHex } from '../test/vectors.ts'
import { MissingArtefact } from './errors.ts'
import { isRefusal, loadEngines } from './load-engines.ts'

const hello = new TextEncoder().encode('hello')

describe('loadEngines', () => {
  it('gives the WASM engines under Node', async () => {
    const engines = await loadEngines()
    expect(engines.kind).toBe('wasm')
    expect(toHex(engines.hashes.sha256(hello))).toMatch(/^2cf24dba5fb0a30e/)
  })

  it.each([
    ['is absent', () => vi.stubGlobal('WebAssembly', undefined)],
    [
      'is forbidden, as Chromium and Firefox say it',
      () => refuse(new WebAssembly.CompileError('Wasm code generation disallowed by embedder')),
    ],
    ['is forbidden, as WebKit says it', () => refuse(new EvalError('Refused to create a WebAssembly object'))],
  ])('gives noble where WebAssembly %s', async (_, arrange) => {
    arrange()
    try {
      const engines = await loadEngines()
      expect(engines.kind).toBe('noble')
      expect(toHex(engines.hashes.sha256(hello))).toMatch(/^2cf24dba5fb0a30e/)
    } finally {
      vi.unstubAllGlobals()
      vi.restoreAllMocks()
    }
  })

  it('gives noble for an artefact this platform cannot compile', async () => {
    const engines = await loadEngines(async () => Uint8Array.of(0, 0x61, 0x73, 0x6d, 9, 0, 0, 0))
    expect(engines.kind).toBe('noble')
  })

  it('takes noble from whoever brought it along', async () => {
    const noble = await import('./noble/engines.ts')
    const loadNoble = vi.fn(async () => noble)
    await loadEngines(undefined, loadNoble)
    expect(loadNoble).not.toHaveBeenCalled()
    vi.stubGlobal('WebAssembly', undefined)
    try {
      expect((await loadEngines(undefined, loadNoble)).kind).toBe('noble')
      expect(loadNoble).toHaveBeenCalledOnce()
    } finally {
      vi.unstubAllGlobals()
    }
  })

  it('says so when an artefact is missing, instead of quietly becoming slow', async () => {
    const missing = new MissingArtefact('hashes', new Error('no such file'))
    await expect(loadEngines(() => Promise.reject(missing))).rejects.toBe(missing)
    expect(missing.message).toContain('npm run build')
  })

  it('takes no other error for a refusal', () => {
    expect(isRefusal(new Error('disk on fire'))).toBe(false)
    expect(isRefusal(new WebAssembly.LinkError('import missing'))).toBe(false)
  })
})

function refuse(error: Error): void {
  vi.spyOn(WebAssembly, 'instantiate').mockRejectedValue(error)
}
