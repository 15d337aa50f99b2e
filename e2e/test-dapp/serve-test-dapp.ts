/**
 * Serves MetaMask's test DApp on loopback, as it is published, with one script before its own: it writes down what the
 * page asks the wallet and what it is told. The page does not see the difference.
 */
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'

/** One request of the page, and how it ended. */
export interface Asked {
  readonly method: string
  /** Null while it waits; `value` is not kept, for what matters of it is shown by the page. */
  outcome: 'value' | number | null
  /** What an error says. */
  message?: string
}

declare global {
  interface Window {
    asked: Asked[]
  }
}

const FOLDER = join(dirname(fileURLToPath(import.meta.resolve('@metamask/test-dapp/package.json'))), 'dist')
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
}

const LISTEN = `<script>
  window.asked = []
  const wallet = window.ethereum, request = wallet.request
  // It leaves its buttons dead for any other wallet. The product never says this of itself.
  wallet.isMetaMask = true
  wallet.request = (args) => {
    const entry = { method: args?.method, outcome: null }
    window.asked.push(entry)
    const answer = request.call(wallet, args)
    answer.then(() => (entry.outcome = 'value'), ({ code, message }) => ((entry.outcome = code), (entry.message = message)))
    return answer
  }
</script>`

export async function serveTestDapp(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1')
    const file = normalize(pathname === '/' ? '/index.html' : pathname)
    try {
      const bytes = await readFile(join(FOLDER, file))
      response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream')
      response.end(file === '/index.html' ? bytes.toString().replace('<head>', `<head>${LISTEN}`) : bytes)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
