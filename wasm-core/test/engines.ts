import { nodeHashes } from '../src/infrastructure/node-hashes.ts'
import { secureRandom } from '../src/infrastructure/secure-random.ts'
import { readWasmFile } from '../src/infrastructure/wasm-files.ts'
import { nobleEngines } from '../src/noble/engines.ts'
import type { Hashes, Merkle, Secp256k1 } from '../src/slots.ts'
import { wasmHashes } from '../src/wasm/hashes.ts'
import { instantiateHashes } from '../src/wasm/hashes-module.ts'
import { wasmMerkle } from '../src/wasm/merkle.ts'
import { createWasmSecp256k1 } from '../src/wasm/secp256k1.ts'

export interface EnginesUnderTest {
  name: 'noble' | 'wasm'
  hashes: Hashes
  merkle: Merkle
  secp256k1: Secp256k1
}

const module = await instantiateHashes(await readWasmFile('hashes'))

export const noble: EnginesUnderTest = { name: 'noble', ...nobleEngines() }
export const wasm: EnginesUnderTest = {
  name: 'wasm',
  hashes: wasmHashes(module),
  merkle: wasmMerkle(module),
  secp256k1: await createWasmSecp256k1(await readWasmFile('secp256k1'), secureRandom),
}

/** For `describe.each`: every suite runs on both. */
export const enginesUnderTest = [noble, wasm]
/** The same for the hashes alone, which a third engine gives: WASM with long messages by Node. */
export const hashesUnderTest: readonly { name: string; hashes: Hashes }[] = [
  ...enginesUnderTest,
  { name: 'node', hashes: nodeHashes(wasm.hashes) },
]
