import { loadEngines } from '@glowworm/wasm-core'
import { readWasmFile, type WasmFile } from '@glowworm/wasm-core/infrastructure/wasm-files'
import { median, type PlacedRow, round } from '../compare.ts'
import { INSTANTIATION } from './goals.ts'

const ROUNDS = 41

/**
 * Compiling and starting the kernels of a verifier, from bytes that are there already. Engines keep compiled modules
 * for bytes they have seen, so each round appends a custom section of its own: nothing is reused.
 */
export async function instantiation(where: PlacedRow['where'], only: string): Promise<PlacedRow[]> {
  const { name } = INSTANTIATION
  if (!name.includes(only)) return []
  const files = new Map<WasmFile, Uint8Array>()
  for (const file of ['hashes', 'secp256k1', 'bls12381'] as const) files.set(file, await readWasmFile(file))
  const times: number[] = []
  for (let i = 0; i < ROUNDS; i++) {
    const fresh = new Map([...files].map(([file, bytes]) => [file, Uint8Array.of(...bytes, 0, 5, 1, 0x78, i, 0, 0)]))
    const start = performance.now()
    const { kind } = await loadEngines(async (file) => fresh.get(file)!)
    times.push(performance.now() - start)
    if (kind !== 'wasm') throw new Error('WebAssembly was refused: there is nothing to measure')
  }
  return [{ name, ours: round(median(times)), peer: null, peerName: null, ratio: null, unit: 'ms', where }]
}
