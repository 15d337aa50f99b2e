import { type Engines, loadEngines, nobleEngines } from '@glowworm/wasm-core'

/** Both sets of engines, for suites that must hold in either. */
export const ENGINES: readonly (readonly [name: string, load: () => Promise<Engines>])[] = [
  ['noble', async () => nobleEngines()],
  ['wasm', loadEngines],
]
