/** Bundles a page's script as an application would, and serves it. @module */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { readPageFile } from '../bench/page-files.ts'

export interface PageServer {
  readonly origin: string
  close(): Promise<void>
}

/**
 * @param script path from this folder
 * @param host address to listen on
 */
export async function servePage(script: string, host = '127.0.0.1'): Promise<PageServer> {
  const folder = await mkdtemp(join(tmpdir(), 'glowworm-page-'))
  await build({
    configFile: false,
    root: fileURLToPath(new URL('.', import.meta.url)),
    base: './',
    logLevel: 'error',
    resolve: { conditions: ['source', 'browser', 'module', 'import', 'default'] },
    define: { 'process.env.NODE_DEBUG': 'undefined' },
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'esnext',
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 10_000,
      rolldownOptions: {
        input: fileURLToPath(new URL(script, import.meta.url)),
        output: { entryFileNames: 'page.js' },
        preserveEntrySignatures: 'strict',
      },
    },
  })
  await writeFile(
    join(folder, 'index.html'),
    '<!doctype html><title>page</title><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>',
  )
  const server = createServer(async (request, response) => {
    const file = await readPageFile(folder, request.url ?? '/')
    // kept by browsers as the files of an application are, whose names change with them
    const cached = file && file.type !== 'text/html' ? { 'cache-control': 'max-age=3600' } : {}
    response.writeHead(file ? 200 : 404, { 'content-type': file?.type ?? 'text/plain', ...cached }).end(file?.body)
  })
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the page server has no port')
  return {
    origin: `http://${host}:${address.port}`,
    async close() {
      await new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      })
      await rm(folder, { recursive: true, force: true })
    },
  }
}
