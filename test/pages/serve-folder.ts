/** Serves the files of bundled pages. @module */
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'

const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' }

export interface ServedFolder {
  readonly origin: string
  close(): Promise<void>
}

/** A file of a bundled page. Null: there is none. */
export async function readPageFile(folder: string, path: string): Promise<{ body: Uint8Array; type: string } | null> {
  const name = path === '/' ? 'index.html' : normalize(path)
  const body = await readFile(join(folder, name)).catch(() => null)
  return body && { body, type: TYPES[extname(name)] ?? 'application/octet-stream' }
}

/**
 * On a free port.
 * @param headers of every file
 * @param host address to listen on
 */
export async function serveFolder(
  folder: string,
  headers: Readonly<Record<string, string>> = {},
  host = '127.0.0.1',
): Promise<ServedFolder> {
  const server = createServer(async (request, response) => {
    const file = await readPageFile(folder, new URL(request.url ?? '/', 'http://page').pathname)
    if (!file) return void response.writeHead(404, { 'content-type': 'text/plain' }).end()
    // kept by browsers as the files of an application are, whose names change with them
    const cached = file.type === 'text/html' ? {} : { 'cache-control': 'max-age=3600' }
    response.writeHead(200, { 'content-type': file.type, ...cached, ...headers }).end(file.body)
  })
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the page server has no port')
  return {
    origin: `http://${host}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
