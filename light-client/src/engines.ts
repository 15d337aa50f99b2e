/** The engines this client verifies with: WASM kernels, or noble where WebAssembly is refused. */
export type { Engines } from '@glowworm/wasm-core'
export { loadEngines } from '@glowworm/wasm-core/load-engines'
