/** A page of the tests: one script, bundled and served. @module */
import { fileURLToPath } from 'node:url'
import { bundlePages } from '../pages/bundle.ts'
import { type ServedFolder, serveFolder } from '../pages/serve-folder.ts'

export type PageServer = ServedFolder

/**
 * @param script path from this folder
 * @param host address to listen on
 */
export async function servePage(script: string, host = '127.0.0.1'): Promise<PageServer> {
  const { folder, remove } = await bundlePages(fileURLToPath(new URL('.', import.meta.url)), [script])
  const server = await serveFolder(folder, {}, host)
  return {
    origin: server.origin,
    async close() {
      await server.close()
      await remove()
    },
  }
}
