/**
 * What a page downloads of this package, bundled and minified as an application would. What is loaded on demand only
 * (noble where WebAssembly is refused, WebTransport, the EVM) is not in it.
 */
import { brotliCompressSync } from 'node:zlib'
import { build, type Rolldown } from 'vite'

/** Bytes, each file brotli-compressed. Raising a budget is a decision: say why in the commit. */
export const PAGE_PARTS = {
  verifier: {
    // consensus, proofs of state and receipts, HTTP sources and the WASM kernels
    budget: 90 * 1024,
    source: `
export {
  beaconRestSource, createLightClient, executionRpcSource, loadEngines, PROFILES, platformHttp,
} from './src/index.ts'
`,
  },
  swarm: {
    // peers: libp2p with WebRTC, relays, gossip, and this project's protocols
    budget: 140 * 1024,
    source: `export { createBrowserNode } from './src/network/libp2p/browser-node.ts'`,
  },
} as const

const ENTRY = 'virtual:entry'

/**
 * @param folder of the light-client package
 * @param source of a module; what it loads on demand only is not counted
 */
export async function pageSize(folder: string, source: string): Promise<number> {
  const { output } = (await build({
    configFile: false,
    root: folder,
    logLevel: 'warn',
    resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
    plugins: [
      {
        name: 'entry',
        resolveId: (id, importer) => {
          if (id === ENTRY) return `${folder}${ENTRY}`
          return importer?.endsWith(ENTRY) ? `${folder}${id.slice(2)}` : null
        },
        load: (id) => (id.endsWith(ENTRY) ? source : null),
      },
    ],
    build: {
      write: false,
      target: 'es2023',
      assetsInlineLimit: 0,
      rolldownOptions: { input: ENTRY, preserveEntrySignatures: 'strict', output: { format: 'es' } },
    },
  })) as Rolldown.RolldownOutput
  const chunks = output.filter((file) => file.type === 'chunk')
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
  const loaded = new Set<Rolldown.OutputChunk>()
  const load = (chunk: Rolldown.OutputChunk) => {
    if (loaded.has(chunk)) return
    loaded.add(chunk)
    for (const name of chunk.imports) if (byName.has(name)) load(byName.get(name)!)
  }
  for (const chunk of chunks) if (chunk.isEntry) load(chunk)
  const code = [...loaded].map((chunk) => Buffer.from(chunk.code))
  // assets of what is loaded on demand are not told apart; the parts that have any load them at once
  const wasm = output.flatMap((file) => (file.type === 'asset' ? [Buffer.from(file.source)] : []))
  return [...code, ...wasm].reduce((sum, bytes) => sum + brotliCompressSync(bytes).length, 0)
}
