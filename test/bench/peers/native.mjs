/** blst as a native addon: what no WebAssembly reaches. Under Node only. */
import { createRequire } from 'node:module'

export const blst = createRequire(import.meta.url)('@chainsafe/blst')
