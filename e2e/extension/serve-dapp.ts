/** Builds the site and serves it on loopback, where two names of this computer make two origins. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build, type Rolldown } from 'vite'

export interface Dapp {
  readonly url: string
  /** The same site under another origin. */
  readonly otherUrl: string
  close(): Promise<void>
}

/** @param entry the site's script, beside this file */
export async function serveDapp(entry = 'dapp.ts'): Promise<Dapp> {
  const script = await bundle(entry)
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1')
    const isScript = pathname === '/dapp.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html; charset=utf-8')
    response.end(isScript ? script : pageAt(pathname, port))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    otherUrl: `http://localhost:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function pageAt(path: string, port: number): string {
  const script = '<script src="/dapp.js"></script>'
  const frames =
    path === '/frames'
      ? `<iframe name="own" src="/"></iframe><iframe name="other" src="http://localhost:${port}/"></iframe>`
      : ''
  return `<!doctype html><html lang="en"><title>A site</title>${script}<main><h1>A site</h1>${frames}</main></html>`
}

async function bundle(entry: string): Promise<string> {
  const built = (await build({
    configFile: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
    build: {
      write: false,
      target: 'es2022',
      lib: { entry: fileURLToPath(new URL(entry, import.meta.url)), formats: ['iife'], name: 'site' },
    },
  })) as Rolldown.RolldownOutput[]
  return built[0]!.output[0].code
}
