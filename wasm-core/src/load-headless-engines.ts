import { nodeHashes } from './infrastructure/node-hashes.ts'
import { readWasmFile, type WasmFile } from './infrastructure/wasm-files.ts'
import { loadEngines } from './load-engines.ts'
import type { Engines } from './slots.ts'

/**
 * `loadEngines` for programs that run in Node and are never bundled for browsers: the same slots, with what Node does
 * faster done by Node. Both give the same answers.
 * @throws {MissingArtefact} when an artefact cannot be read.
 */
export async function loadHeadlessEngines(
  read: (name: WasmFile) => Promise<BufferSource> = readWasmFile,
): Promise<Engines> {
  const engines = await loadEngines(read)
  return { ...engines, hashes: nodeHashes(engines.hashes) }
}
