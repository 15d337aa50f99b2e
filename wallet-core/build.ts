/**
 * Builds what cannot be used from the sources: the script that the headless wallet puts into pages, the headless wallet
 * itself as modules for Node, with light client and kernels in them, and the module by which pages reach a phone.
 */
import { cpSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build, type Plugin, type Rolldown } from 'vite'
import { oneByteScripts } from '../light-client/one-byte-scripts.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const DIST = here('./dist')

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
await build({
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
})
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
