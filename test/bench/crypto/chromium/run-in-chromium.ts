import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from '@playwright/test'
import { build, type Plugin } from 'vite'
import { findChromium, launchArguments } from '../../../browser/chromium.ts'
import type { PlacedRow } from '../../compare.ts'
import { readPageFile } from '../../page-files.ts'

/**
 * Bundles the contests with Vite, serves them from loopback and runs them in a headless Chromium.
 * @throws {ChromiumNotFound}
 */
export async function runInChromium(say: (name: string) => void, only: string): Promise<PlacedRow[]> {
  const executablePath = await findChromium()
  const folder = await mkdtemp(join(tmpdir(), 'glowworm-bench-'))
  let server: Server | undefined
  const browser = await chromium.launch({ executablePath, args: [...launchArguments] })
  try {
    await bundle(folder)
    server = serve(folder)
    await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('the page server has no port')
    const page = await browser.newPage()
    const failed = new Promise<never>((_, reject) => page.on('pageerror', reject))
    await page.exposeFunction('say', say)
    await page.goto(`http://127.0.0.1:${address.port}/`)
    const ran = page
      .waitForFunction(() => 'bench' in window)
      .then(() => page.evaluate((part) => window.bench.run(part), only))
    return await Promise.race([ran, failed])
  } finally {
    await browser.close()
    server?.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function bundle(folder: string): Promise<void> {
  await build({
    configFile: false,
    root: fileURLToPath(new URL('.', import.meta.url)),
    logLevel: 'error',
    resolve: {
      conditions: ['source', 'browser', 'module', 'import', 'default'],
      // Their main modules are for Node; the browser builds stand beside them.
      alias: [
        { find: /^bls-eth-wasm$/, replacement: 'bls-eth-wasm/browser/bls.js' },
        { find: /^mcl-wasm$/, replacement: 'mcl-wasm/browser/mcl.js' },
      ],
    },
    plugins: [wasmAsModule()],
    build: { outDir: folder, emptyOutDir: true, target: 'esnext', assetsInlineLimit: 0, chunkSizeWarningLimit: 10_000 },
  })
}

/** `import * as wasm from './x.wasm'` as tiny-secp256k1 writes it: a module whose imports are modules beside it. */
function wasmAsModule(): Plugin {
  return {
    name: 'wasm-as-module',
    enforce: 'pre',
    async load(id) {
      if (!id.endsWith('.wasm')) return null
      const module = new WebAssembly.Module(await readFile(id))
      const imports = [...new Set(WebAssembly.Module.imports(module).map((entry) => entry.module))]
      const names = WebAssembly.Module.exports(module).map((entry) => entry.name)
      const asset = this.emitFile({ type: 'asset', name: 'peer.wasm', source: await readFile(id) })
      return [
        ...imports.map((from, i) => `import * as import${i} from ${JSON.stringify(from)}`),
        `const response = await fetch(import.meta.ROLLUP_FILE_URL_${asset})`,
        'const { instance } = await WebAssembly.instantiate(await response.arrayBuffer(), {',
        ...imports.map((from, i) => `  ${JSON.stringify(from)}: import${i},`),
        '})',
        `export const { ${names.join(', ')} } = instance.exports`,
      ].join('\n')
    },
  }
}

/** Isolated from other origins, a page gets a clock that is twenty times as fine. */
function serve(folder: string): Server {
  return createServer(async (request, response) => {
    response.setHeader('cross-origin-opener-policy', 'same-origin')
    response.setHeader('cross-origin-embedder-policy', 'require-corp')
    const file = await readPageFile(folder, new URL(request.url ?? '/', 'http://page').pathname)
    if (!file) return void response.writeHead(404).end()
    response.writeHead(200, { 'content-type': file.type }).end(file.body)
  })
}
