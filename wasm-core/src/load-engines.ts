import { secureRandom } from './infrastructure/secure-random.ts'
import { readWasmFile, type WasmFile } from './infrastructure/wasm-files.ts'
import type { Engines } from './slots.ts'
import { createWasmBls } from './wasm/bls12381.ts'
import { wasmHashes } from './wasm/hashes.ts'
import { instantiateHashes } from './wasm/hashes-module.ts'
import { wasmMerkle } from './wasm/merkle.ts'
import { createWasmSecp256k1 } from './wasm/secp256k1.ts'

/**
 * The engines for this platform: the WASM kernels, or noble where WebAssembly is refused (absent, forbidden by a
 * content security policy, or without SIMD). Both give the same answers; noble is slower.
 * @param read where the artefacts come from; by default they lie beside this package's sources.
 * @param loadNoble brings noble when it is needed: where WebAssembly is welcome, nobody loads it. A service worker
 *   cannot load a module then; it must have come with it.
 * @throws {MissingArtefact} when an artefact cannot be read.
 */
export async function loadEngines(
  read: (name: WasmFile) => Promise<BufferSource> = readWasmFile,
  loadNoble: () => Promise<{ nobleEngines(): Engines }> = () => import('./noble/engines.ts'),
): Promise<Engines> {
  const fallback = async () => (await loadNoble()).nobleEngines()
  if (typeof WebAssembly === 'undefined') return fallback()
  try {
    const [hashes, secp256k1, bls] = await Promise.all([
      read('hashes').then(instantiateHashes),
      read('secp256k1').then((bytes) => createWasmSecp256k1(bytes, secureRandom)),
      read('bls12381').then(createWasmBls),
    ])
    return { kind: 'wasm', hashes: wasmHashes(hashes), merkle: wasmMerkle(hashes), secp256k1, bls }
  } catch (error) {
    if (isRefusal(error)) return fallback()
    throw error
  }
}

/** Chromium and Firefox report a policy as CompileError, WebKit as EvalError; a missing feature is a CompileError. */
export function isRefusal(error: unknown): boolean {
  return error instanceof WebAssembly.CompileError || error instanceof EvalError
}
