/** Serves the built wallet and the network profile it reads, on loopback, to nobody but the browser here. @module */
import { createReadStream, existsSync, statSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize, sep } from 'node:path'
import { PortTaken } from '../errors.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
}

/**
 * Scripts come from here only and WebAssembly may be compiled. The wallet may ask nodes and bridges: on this machine in
 * the clear, elsewhere over TLS. Nobody may frame it.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "manifest-src 'self'",
  "connect-src 'self' http://127.0.0.1:* http://localhost:* ws://127.0.0.1:* ws://localhost:* https: wss:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(self), microphone=(), geolocation=(), usb=(), payment=()',
}

export interface WalletServer {
  readonly url: string
  close(): Promise<void>
}

/**
 * @param options.profile what `/network.json` answers; undefined while the network starts (503)
 * @throws {PortTaken}
 */
export async function serveWallet(options: {
  folder: string
  port: number
  profile: () => unknown
}): Promise<WalletServer> {
  const server = createServer((request, response) => answer(options, request, response))
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new PortTaken(options.port, 'the wallet') : error),
    )
    server.listen(options.port, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

type Options = Parameters<typeof serveWallet>[0]

function answer(options: Options, request: IncomingMessage, response: ServerResponse): void {
  const path = pathOf(request.url)
  if (!isLoopbackName(request.headers.host)) refuse(response, 421, 'This server answers to 127.0.0.1 only')
  else if (request.method !== 'GET' && request.method !== 'HEAD') refuse(response, 405, 'Only GET is answered here')
  else if (path === undefined) refuse(response, 400, 'Malformed path')
  else if (path === '/network.json') sendProfile(response, options.profile())
  else sendFile(response, path, fileFor(options.folder, path))
}

function sendProfile(response: ServerResponse, profile: unknown): void {
  if (profile === undefined) {
    refuse(response, 503, 'The network is starting')
    return
  }
  response.writeHead(200, { ...HEADERS, 'content-type': TYPES['.json'], 'cache-control': 'no-store' })
  response.end(JSON.stringify(profile))
}

/** Node leaves the body of an answer to HEAD out on its own. */
function sendFile(response: ServerResponse, path: string, file: string | undefined): void {
  if (!file) {
    refuse(response, 404, 'Nothing is here')
    return
  }
  response.writeHead(200, {
    ...HEADERS,
    'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
    'content-length': statSync(file).size,
    // Vite puts a content hash into the names below /assets/; everything else is asked for again.
    'cache-control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
  })
  createReadStream(file)
    .on('error', () => response.destroy())
    .pipe(response)
}

/** A page elsewhere whose name was pointed at 127.0.0.1 sends its own name as the host. */
function isLoopbackName(host: string | undefined): boolean {
  return host !== undefined && /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host)
}

function pathOf(url: string | undefined): string | undefined {
  try {
    return decodeURIComponent(new URL(url ?? '/', 'http://127.0.0.1').pathname)
  } catch {
    return undefined
  }
}

/** The file for a path; paths without an extension are screens of the wallet, which is one page. */
function fileFor(folder: string, path: string): string | undefined {
  const wanted = normalize(join(folder, path))
  if (!wanted.startsWith(normalize(folder) + sep) && wanted !== normalize(folder + sep)) return undefined
  if (wanted.includes('\0')) return undefined
  if (existsSync(wanted) && statSync(wanted).isFile()) return wanted
  const page = join(folder, 'index.html')
  return extname(path) === '' && existsSync(page) ? page : undefined
}

function refuse(response: ServerResponse, status: number, words: string): void {
  response.writeHead(status, { ...HEADERS, 'content-type': TYPES['.txt'], 'cache-control': 'no-store' })
  response.end(`${words}\n`)
}
