/**
 * Builds the extension into `dist`: pages and worker as modules, the two scripts that go into web pages each as one
 * file, icons and manifest. `node build.ts --size` also prints what each entry loads. `--browser firefox` builds the same
 * sources for Firefox into `dist-firefox`; `--out FOLDER` somewhere else.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { build, type InlineConfig } from 'vite'
import { oneByteScripts } from '../light-client/one-byte-scripts.ts'
import { iconPng } from '../wallet-ui/icon-png.ts'
import { type BrowserName, ICON_SIZES, MANIFESTS } from './manifest.ts'

// Whoever builds, a test among them, whose environment would have React's parts for development built in.
process.env.NODE_ENV = 'production'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const { values: given } = parseArgs({
  options: { size: { type: 'boolean' }, browser: { type: 'string' }, out: { type: 'string' } },
})
const browser = (given.browser ?? 'chromium') as BrowserName
if (!Object.hasOwn(MANIFESTS, browser)) throw new Error(`--browser: expected ${Object.keys(MANIFESTS).join(' or ')}`)
const DIST = given.out ? resolve(given.out) : here(browser === 'chromium' ? './dist' : './dist-firefox')
/** What runs behind the pages: a worker, and a document for what it cannot do; or a page that can do both. */
const [BEHIND, DOCUMENTS] = browser === 'chromium' ? ['worker', ['offscreen']] : (['background', []] as const)
const PAGES = ['popup', 'approval', 'network']
/** libp2p belongs into the offscreen document; in the worker it could do nothing. */
const NEVER_IN_WORKER = /libp2p|multiformats|node_modules\/react/

/** The most an entry may load before it runs, in KB gzipped, for `--size`. */
const BUDGETS: Readonly<Record<string, number>> = {
  'popup.js': 150,
  'approval.js': 150,
  'network.js': 150,
  // with the EVM, proof receipts and the tables of ENSIP-15, what calls mean, what Permit2 lets others take, sessions of phones,
  // accounts whose keys are on one, and what identity has of the vault and the chain, which in a service worker cannot come later
  'worker.js': 350,
  'offscreen.js': 20,
  'inpage.js': 6,
  'content.js': 3,
}

/** The modules each file was made of, and the files it imports at once. */
interface Made {
  readonly code: string
  readonly imports: readonly string[]
  readonly modules: readonly string[]
}
const made = new Map<string, Made>()

const shared: InlineConfig = {
  configFile: false,
  root: here('.'),
  base: './',
  publicDir: false,
  logLevel: 'warn',
  mode: 'production',
  define: { 'process.env.NODE_ENV': '"production"' },
  resolve: { conditions: ['source', 'module', 'browser', 'production'] },
  plugins: [
    react(),
    oneByteScripts(),
    {
      name: 'record-chunks',
      generateBundle(_, bundle) {
        for (const file of Object.values(bundle))
          if (file.type === 'chunk')
            made.set(file.fileName, { code: file.code, imports: file.imports, modules: file.moduleIds })
      },
    },
  ],
}
const output = {
  outDir: DIST,
  emptyOutDir: false,
  target: [browser === 'chromium' ? 'chrome116' : 'firefox128', 'es2022'],
  // A kernel inlined as a data: URL would be refused by the content security policy.
  assetsInlineLimit: 0,
  modulePreload: { polyfill: false },
  chunkSizeWarningLimit: 2000,
}

await rm(DIST, { recursive: true, force: true })
await mkdir(DIST, { recursive: true })
const names = {
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name]-[hash].js',
  assetFileNames: 'assets/[name]-[hash][extname]',
}
const inputs = (files: readonly string[]) => Object.fromEntries(files.map((name) => [name, here(`./${name}.html`)]))
const behind = { [BEHIND]: here(`./src/${BEHIND}.ts`) }
// Each file that a page must wait for costs it some 10 ms on a slow phone: what is drawn at once lies in one. So what has
// nothing to draw is built apart, or it would load that file, too.
const drawn = { groups: [{ name: 'draw', test: /\/src\/page\/draw\.tsx$/, includeDependenciesRecursively: true }] }
// A page can load modules later, a service worker cannot: all of it lies in one file, and what is imported later is not
// run before that.
const builds = [
  { input: inputs(PAGES), codeSplitting: drawn },
  browser === 'chromium' ? { input: behind, codeSplitting: false } : { input: behind },
  ...(DOCUMENTS.length > 0 ? [{ input: inputs(DOCUMENTS) }] : []),
]
for (const { input, codeSplitting = true } of builds)
  await build({
    ...shared,
    build: { ...output, rolldownOptions: { input, output: { ...names, codeSplitting } } },
  })
for (const name of ['inpage', 'content'])
  await build({
    ...shared,
    build: {
      ...output,
      rolldownOptions: {
        input: { [name]: here(`./src/${name}.ts`) },
        output: { entryFileNames: '[name].js', format: 'iife' },
      },
    },
  })
for (const size of ICON_SIZES) await writeFile(`${DIST}/icon-${size}.png`, iconPng(size))
await writeFile(`${DIST}/manifest.json`, `${JSON.stringify(MANIFESTS[browser], null, 2)}\n`)

const strays = filesOf(`${BEHIND}.js`).flatMap(
  (file) => made.get(file)?.modules.filter((id) => NEVER_IN_WORKER.test(id)) ?? [],
)
const foreign = strays.filter((id) => id.includes('/node_modules/'))
if (foreign.length > 0) throw new Error(`The worker would load what does not belong there:\n${foreign.join('\n')}`)
for (const name of ['inpage.js', 'content.js'])
  if (made.get(name)?.imports.length !== 0) throw new Error(`${name} must stand alone: web pages load one file`)
if (given.size) await printSizes()

/** An entry and everything it imports before it runs. */
function filesOf(entry: string, found = new Set<string>()): string[] {
  if (!found.has(entry)) {
    found.add(entry)
    for (const next of made.get(entry)?.imports ?? []) filesOf(next, found)
  }
  return [...found]
}

async function printSizes(): Promise<void> {
  for (const [entry, budget] of Object.entries(BUDGETS)) {
    if (!made.has(entry)) continue
    const files = filesOf(entry)
    const sizes = await Promise.all(files.map(async (file) => gzipSync(await readFile(`${DIST}/${file}`)).length))
    const size = sizes.reduce((sum, bytes) => sum + bytes, 0) / 1024
    const over = size > budget
    if (over) process.exitCode = 1
    const words = `${entry.padEnd(12)} ${size.toFixed(1).padStart(6)} of ${budget} KB gz${over ? ': over budget' : ''}`
    process.stdout.write(`${words}\n`)
  }
}
