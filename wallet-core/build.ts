/**
 * Builds what cannot be used from the sources: the script that the headless wallet puts into pages, the headless wallet
 * itself as modules for Node, with light client and kernels in them, and the module by which pages reach a phone.
 */
import { cpSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build, type Plugin, type Rolldown } from 'vite'
import { oneByteScripts } from '../light-client/one-byte-scripts.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const DIST = here('./dist')
/** Bytes. What is loaded when the camera is used is not counted. */
const PHONE_BUDGET = 30 * 1024

rmSync(DIST, { recursive: true, force: true })
await build({
  configFile: false,
  root: here('.'),
  logLevel: 'warn',
  resolve: { conditions: ['source'] },
  build: {
    outDir: DIST,
    emptyOutDir: false,
    target: 'es2022',
    rolldownOptions: {
      input: { 'headless-page': here('./src/headless/page.ts') },
      output: { format: 'iife', entryFileNames: '[name].js' },
    },
  },
})
const phone = (await build({
  configFile: false,
  root: here('.'),
  logLevel: 'warn',
  resolve: { conditions: ['source'] },
  build: {
    outDir: DIST,
    emptyOutDir: false,
    target: 'es2023',
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { phone: here('./src/phone.ts') },
      preserveEntrySignatures: 'strict',
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'phone-[name].js' },
    },
  },
})) as Rolldown.RolldownOutput
weighPhone(phone.output.filter((file) => file.type === 'chunk'))
const { output } = (await build({
  configFile: false,
  root: here('.'),
  logLevel: 'warn',
  resolve: { conditions: ['source'] },
  ssr: { noExternal: [/^@glowworm\//], resolve: { conditions: ['source', 'node', 'import', 'module', 'default'] } },
  plugins: [flatAddresses(), oneByteScripts()],
  build: {
    ssr: true,
    outDir: DIST,
    emptyOutDir: false,
    target: 'es2023',
    rolldownOptions: {
      input: { headless: here('./src/headless.ts') },
      preserveEntrySignatures: 'strict',
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunk-[hash].js' },
    },
  },
})) as Rolldown.RolldownOutput
const code = output.map((file) => (file.type === 'chunk' ? file.code : '')).join('\n')
for (const name of new Set([...code.matchAll(/wasm\/([\w-]+\.wasm)/g)].map(([, found]) => found!)))
  cpSync(here(`../wasm-core/wasm/${name}`), `${DIST}/wasm/${name}`)

/** A page pays for this with each visit: fails past the budget, and where the swarm of peers came in with it. */
function weighPhone(chunks: readonly Rolldown.OutputChunk[]): void {
  const loaded = new Set<Rolldown.OutputChunk>()
  const load = (chunk: Rolldown.OutputChunk) => {
    if (loaded.has(chunk)) return
    loaded.add(chunk)
    for (const name of chunk.imports) for (const one of chunks) if (one.fileName === name) load(one)
  }
  for (const chunk of chunks) if (chunk.isEntry) load(chunk)
  const size = [...loaded].reduce((sum, { code }) => sum + gzipSync(code, { level: 9 }).length, 0)
  console.log(`phone: ${size} of ${PHONE_BUDGET} bytes as a page loads it, gzip`)
  if (size > PHONE_BUDGET) throw new Error('the module for pages is past its budget')
  const strange = chunks.flatMap(({ moduleIds }) => moduleIds).filter((id) => /node_modules\/(?!qr\/)/.test(id))
  if (strange.length > 0) throw new Error(`the module for pages has what it does without: ${strange.join(', ')}`)
}

/** Every module comes to lie in one folder, and what they read beside them. */
function flatAddresses(): Plugin {
  return {
    name: 'flat-addresses',
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle))
        if (file.type === 'chunk')
          file.code = file.code.replaceAll(
            /new URL\(([`'"])[^`'"]*(wasm\/[\w-]+\.wasm)\1, ?import\.meta\.url\)/g,
            (_, _quote, path: string) => `new URL('./${path}',import.meta.url)`,
          )
    },
  }
}
