import { readBls12381GroupsFile } from './infrastructure/bls12381-groups-file.ts'
import { readWasmFile } from './infrastructure/wasm-files.ts'
import { isRefusal } from './load-engines.ts'
import { nobleBls12381Groups } from './noble/bls12381-groups.ts'
import type { Bls12381Groups } from './slots.ts'
import { createWasmBls12381Groups } from './wasm/bls12381-groups.ts'

/**
 * The `Bls12381Groups` slot, apart from `loadEngines` because only credentials need it: the WASM kernels, or noble where
 * WebAssembly is refused.
 * @param read where the artefacts come from; by default they lie beside this package's sources.
 * @throws {MissingArtefact} when one cannot be read.
 */
export async function loadBls12381Groups(
  read: (name: 'bls12381' | 'bls12381-groups') => Promise<BufferSource> = readFile,
): Promise<Bls12381Groups> {
  if (typeof WebAssembly === 'undefined') return nobleBls12381Groups
  try {
    const [pairing, groups] = await Promise.all([read('bls12381'), read('bls12381-groups')])
    return await createWasmBls12381Groups(pairing, groups)
  } catch (error) {
    if (isRefusal(error)) return nobleBls12381Groups
    throw error
  }
}

function readFile(name: 'bls12381' | 'bls12381-groups'): Promise<BufferSource> {
  return name === 'bls12381' ? readWasmFile(name) : readBls12381GroupsFile()
}
