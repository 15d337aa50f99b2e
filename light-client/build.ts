/**
 * Builds the package that `npm pack` ships: this package and wasm-core as a few ES modules that share one copy of
 * everything, the artefacts beside them, and type declarations.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { brotliCompressSync } from 'node:zlib'
import { build, type Plugin, type Rolldown } from 'vite'
import { oneByteScripts } from './one-byte-scripts.ts'
import { PAGE_PARTS, pageSize } from './page-size.ts'

/**
 * Bytes of all modules and WASM, each compressed on its own: what an installation weighs, command line, bridge and
 * JSON-RPC included. Raising it is a decision: say why in the commit.
 */
const BUDGET = 223_500

const here = fileURLToPath(new URL('.', import.meta.url))
const root = join(here, '..')
/** `--out FOLDER`: somewhere else than where `npm pack` looks, for who must not disturb others. */
const { out } = parseArgs({ options: { out: { type: 'string' } } }).values
const dist = out ? resolve(out) : join(here, 'dist')
const types = join(dist, 'types')
const { dependencies } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>
}
const external = Object.keys(dependencies)
const MINIFY = { compress: true, mangle: false, codegen: { removeWhitespace: true } }

/** Where each address of `exports` leads to, the command, the worker of a page, and the threads of `serve`. */
const ENTRIES = {
  index: 'src/index.ts',
  provider: 'src/provider.ts',
  browser: 'src/browser.ts',
  worker: 'src/worker.ts',
  node: 'src/node.ts',
  receipts: 'src/receipts.ts',
  peers: 'src/peers.ts',
  cli: 'src/application/cli/main.ts',
  'contract-thread': 'src/infrastructure/contract-thread.ts',
}
/** Entries that run where there is no Node: nothing they reach may ask for one. */
const ANYWHERE = ['index', 'provider', 'browser', 'worker', 'receipts', 'peers']

rmSync(dist, { recursive: true, force: true })
const { output } = (await build({
  configFile: false,
  root: here,
  logLevel: 'warn',
  resolve: { conditions: ['source'] },
  ssr: { noExternal: [/^@glowworm\//], external },
  plugins: [flatAddresses(), oneByteScripts()],
  build: {
    ssr: true,
    outDir: dist,
    target: 'es2023',
    rolldownOptions: {
      input: Object.fromEntries(Object.entries(ENTRIES).map(([name, path]) => [name, join(here, path)])),
      preserveEntrySignatures: 'strict',
      output: {
        format: 'es',
        entryFileNames: '[name].js',
        chunkFileNames: '[name].js',
        // Names stay, so that a stack trace can be read; a bundler of a page shortens them.
        minify: MINIFY,
        // What every entry needs most of, in one module: each entry would split it further, and small modules compress badly.
        codeSplitting: {
          groups: [{ name: 'ledgers', test: /light-client\/src\/(data|ledgers|consensus|errors)\b/, minShareCount: 2 }],
        },
      },
    },
  },
})) as Rolldown.RolldownOutput
const chunks = new Map(output.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file] as const] : [])))
refuseNode()
// The artefacts that the modules name, and no others.
const named = [...chunks.values()].flatMap(({ code }) => [...code.matchAll(/wasm\/([\w-]+\.wasm)/g)])
for (const name of new Set(named.map(([, name]) => name!)))
  cpSync(join(root, 'wasm-core/wasm', name), join(dist, 'wasm', name))

declareTypes()
const brotli = brotliSize(dist)
console.log(`light-client: ${brotli} bytes of modules and WASM, brotli`)
if (brotli > BUDGET) throw new Error(`the light client has ${brotli} bytes, its budget is ${BUDGET}`)
for (const [what, { budget, source }] of Object.entries(PAGE_PARTS)) {
  const bytes = await pageSize(here, source)
  console.log(`${what} as a page loads it: ${bytes} of ${budget} bytes, brotli`)
  if (bytes > budget) throw new Error(`the ${what} has ${bytes} bytes, its budget is ${budget}`)
}

/**
 * Every module comes to lie in one folder. The addresses of files in it stay literal `new URL('…', import.meta.url)`,
 * the form in which bundlers recognise them.
 */
function flatAddresses(): Plugin {
  const inFolder = (path: string) =>
    `./${path.slice(path.lastIndexOf(path.includes('/wasm/') ? 'wasm/' : '/')).replace(/^\//, '')}`
  return {
    name: 'flat-addresses',
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle))
        if (file.type === 'chunk')
          file.code = file.code.replaceAll(
            /new URL\(([`'"])(\.[^`'"]*)\1, ?import\.meta\.url\)/g,
            (_, _quote, path: string) => `new URL('${inFolder(path).replace(/\.ts$/, '.js')}',import.meta.url)`,
          )
    },
  }
}

/** By what is written, not by the bundler's lists: those name modules that were dropped in the end. */
function refuseNode(): void {
  const reached = new Set(ANYWHERE.map((name) => `${name}.js`))
  for (const name of reached) {
    const { code } = chunks.get(name)!
    for (const [, next] of code.matchAll(/(?:\bfrom|\bimport) ?\(? ?[`'"]([^`'"]+)[`'"]/g)) {
      if (next!.startsWith('node:')) throw new Error(`what runs in browsers would ask for ${next}, in ${name}`)
      if (next!.startsWith('./')) reached.add(next!.slice(2))
    }
  }
}

/** Declarations for both packages; imports of the workspace name become relative, for it is not published. */
function declareTypes(): void {
  execFileSync(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(here, 'tsconfig.build.json'), '--outDir', types],
    { stdio: 'inherit' },
  )
  for (const file of filesBelow(types)) {
    if (!file.endsWith('.d.ts')) continue
    const target = relative(join(file, '..'), join(types, 'wasm-core/src'))
    const prefix = target.startsWith('.') ? target : `./${target}`
    const source = readFileSync(file, 'utf8')
    const changed = source
      .replaceAll(/(['"])@glowworm\/wasm-core\/([^'"]+)\1/g, (_, quote, path) => `${quote}${prefix}/${path}.js${quote}`)
      .replaceAll(/(['"])@glowworm\/wasm-core\1/g, (_, quote) => `${quote}${prefix}/index.js${quote}`)
    if (changed !== source) writeFileSync(file, changed)
  }
}

function brotliSize(folder: string): number {
  return filesBelow(folder)
    .filter((file) => /\.(js|wasm)$/.test(file))
    .reduce((sum, file) => sum + brotliCompressSync(readFileSync(file)).length, 0)
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? filesBelow(path) : [path]
  })
}
