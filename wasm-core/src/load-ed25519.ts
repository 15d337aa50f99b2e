import { readEd25519File } from './infrastructure/ed25519-file.ts'
import { isRefusal } from './load-engines.ts'
import { nobleEd25519 } from './noble/ed25519.ts'
import type { Ed25519 } from './slots.ts'
import { createWasmEd25519 } from './wasm/ed25519.ts'

/**
 * The `Ed25519` slot, apart from `loadEngines` because most chains do without: the WASM kernel, or noble where
 * WebAssembly is refused.
 * @param read where the artefact comes from; by default it lies beside this package's sources.
 * @throws {MissingArtefact} when it cannot be read.
 */
export async function loadEd25519(read: () => Promise<BufferSource> = readEd25519File): Promise<Ed25519> {
  if (typeof WebAssembly === 'undefined') return nobleEd25519
  try {
    return await createWasmEd25519(await read())
  } catch (error) {
    if (isRefusal(error)) return nobleEd25519
    throw error
  }
}
