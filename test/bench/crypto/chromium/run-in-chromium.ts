import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { chromium } from '@playwright/test'
import type { Plugin } from 'vite'
import { findChromium, launchArguments } from '../../../browser/chromium.ts'
import { bundlePages } from '../../../pages/bundle.ts'
import { serveFolder } from '../../../pages/serve-folder.ts'
import type { PlacedRow } from '../../compare.ts'

/** Isolated from other origins, a page gets a clock that is twenty times as fine. */
const ISOLATED = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' }

/**
 * Bundles the contests with Vite, serves them from loopback and runs them in a headless Chromium.
 * @throws {ChromiumNotFound}
 */
export async function runInChromium(say: (name: string) => void, only: string): Promise<PlacedRow[]> {
  const executablePath = await findChromium()
  const bundle = await bundlePages(fileURLToPath(new URL('.', import.meta.url)), ['index.html'], {
    // Their main modules are for Node; the browser builds stand beside them.
    alias: [
      { find: /^bls-eth-wasm$/, replacement: 'bls-eth-wasm/browser/bls.js' },
      { find: /^mcl-wasm$/, replacement: 'mcl-wasm/browser/mcl.js' },
    ],
    plugins: [wasmAsModule()],
  })
  const server = await serveFolder(bundle.folder, ISOLATED)
  const browser = await chromium.launch({ executablePath, args: [...launchArguments] })
  try {
    const page = await browser.newPage()
    const failed = new Promise<never>((_, reject) => page.on('pageerror', reject))
    await page.exposeFunction('say', say)
    await page.goto(server.origin)
    const ran = page
      .waitForFunction(() => 'bench' in window)
      .then(() => page.evaluate((part) => window.bench.run(part), only))
    return await Promise.race([ran, failed])
  } finally {
    await browser.close()
    await server.close()
    await bundle.remove()
  }
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
