/** The engines this client verifies with: WASM kernels, or noble where WebAssembly is refused. */
export { type Engines, loadEngines, nobleEngines } from '@glowworm/wasm-core'
