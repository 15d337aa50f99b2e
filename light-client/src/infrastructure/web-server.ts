/** A web server, on the loopback interface unless told otherwise: HTTP with small bodies, and WebSockets. @module */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { GlowwormError } from '../errors.ts'

/** What is known of a request before its body. */
export interface RequestHead {
  readonly method: string
  readonly path: string
  /** Tells this connection from all others that are open. */
  readonly connection: string
  /** Lower-case names; null: absent. */
  header(name: string): string | null
}

export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface Socket {
  send(text: string): void
  close(code: number, reason: string): void
}

export interface SocketHandler {
  /** A rejection ends this connection and nothing else. */
  message(text: string): Promise<void>
  closed(): void
}

export interface WebService {
  /** A reply ends the matter before the body is read; null lets it in. */
  admit(head: RequestHead, kind: 'http' | 'websocket'): Reply | null
  /** @param gone aborts when the peer no longer waits for the reply */
  respond(head: RequestHead, body: string, gone: AbortSignal): Promise<Reply>
  /** What is said when the body is too large, or no reply could be made. Default: the bare status. */
  failed?(head: RequestHead, status: 413 | 500, maxBytes: number): Reply
  connect(socket: Socket, head: RequestHead): SocketHandler
}

export interface WebServerLimits {
  readonly bodyBytes: number
  readonly connections: number
  /** Bytes that may wait for a WebSocket peer that does not read. */
  readonly unsentBytes: number
  /** Messages of one WebSocket that are worked on at once; no more are read before some are answered. */
  readonly unanswered: number
}

export interface WebServer {
  readonly port: number
  close(): Promise<void>
}

const LOOPBACK = '127.0.0.1'
const HEADERS_WITHIN = 10_000
const REQUEST_WITHIN = 30_000
/** Milliseconds that the rest of a body that is too large is read, and thrown away. */
const LINGER = 2000

/** @param port 0: any free one. @throws {PortUnavailable} */
export async function startWebServer(
  service: WebService,
  port: number,
  limits: WebServerLimits,
  host = LOOPBACK,
): Promise<WebServer> {
  const server = createServer(
    { headersTimeout: HEADERS_WITHIN, requestTimeout: REQUEST_WITHIN, maxHeaderSize: 16 * 1024 },
    (request, response) => void answer(service, request, response, limits.bodyBytes),
  )
  server.maxConnections = limits.connections
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: limits.bodyBytes,
    perMessageDeflate: false,
    clientTracking: true,
  })
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    // A peer that breaks off in the middle is its own business.
    stream.on('error', () => stream.destroy())
    const refusal = service.admit(headOf(request), 'websocket')
    if (refusal)
      return stream.end(`HTTP/1.1 ${refusal.status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
    sockets.handleUpgrade(request, stream, head, (socket) => attach(service, socket, headOf(request), limits))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(new PortUnavailable(port, cause)))
    server.listen(port, host, resolve)
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    async close() {
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

function headOf(request: IncomingMessage): RequestHead {
  return {
    method: request.method ?? '',
    path: request.url ?? '/',
    connection: `${request.socket.remoteAddress} ${request.socket.remotePort}`,
    header(name) {
      // one that stands there twice is neither of both
      return request.headersDistinct[name]?.join(', ') ?? null
    },
  }
}

async function answer(
  service: WebService,
  request: IncomingMessage,
  response: ServerResponse,
  maxBytes: number,
): Promise<void> {
  const send = ({ status, headers, body }: Reply) => {
    response.writeHead(status, { ...headers, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
    response.end(body)
  }
  const head = headOf(request)
  const failed = (status: 413 | 500): Reply => service.failed?.(head, status, maxBytes) ?? { status }
  try {
    const refusal = service.admit(head, 'http')
    if (refusal) return send(refusal)
    const body = await readBody(request, maxBytes)
    if (body === null) {
      const { status, headers, body } = failed(413)
      send({ status, headers: { ...headers, connection: 'close' }, ...(body === undefined ? {} : { body }) })
      // A peer that is cut off while it still writes never reads the answer: what it writes is let go by, for a while.
      request.resume()
      setTimeout(() => request.destroy(), LINGER).unref()
      return
    }
    const gone = new AbortController()
    response.once('close', () => gone.abort(new PeerGone()))
    send(await service.respond(head, body, gone.signal))
  } catch {
    // The peer has gone, or the answer could not be made; either way there is nobody to tell more.
    if (response.headersSent) response.destroy()
    else send(failed(500))
  }
}

/** Null: it is longer than allowed. */
async function readBody(request: IncomingMessage, maxBytes: number): Promise<string | null> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return null
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += part.length
    if (size > maxBytes) return null
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

function attach(service: WebService, socket: WebSocket, head: RequestHead, limits: WebServerLimits): void {
  const peer: Socket = {
    send(text) {
      if (socket.bufferedAmount > limits.unsentBytes) return socket.terminate()
      socket.send(text, () => {})
    },
    close: (code, reason) => socket.close(code, reason),
  }
  const handler = service.connect(peer, head)
  let unanswered = 0
  const answered = () => {
    unanswered--
    if (unanswered < limits.unanswered && socket.isPaused) socket.resume()
  }
  socket.on('message', (data, isBinary) => {
    if (isBinary) return socket.close(1003, 'text is expected')
    unanswered++
    if (unanswered >= limits.unanswered) socket.pause()
    handler.message(data.toString()).then(answered, () => socket.terminate())
  })
  socket.on('close', () => handler.closed())
  // `close` follows; a malformed frame ends one connection and nothing else.
  socket.on('error', () => {})
}

/** The peer closed the connection before it had its answer. */
export class PeerGone extends GlowwormError {
  constructor() {
    super(
      { name: 'Infrastructure.PeerGone', code: 'PEER_GONE', kind: 'closed' },
      'nobody waits for the answer any more',
    )
  }
}

/** The port cannot be listened on. */
export class PortUnavailable extends GlowwormError {
  constructor(port: number, cause: unknown) {
    const code = (cause as { code?: string }).code ?? 'unknown'
    super(
      { name: 'Infrastructure.PortUnavailable', code: 'PORT_UNAVAILABLE', kind: 'usage' },
      `port ${port} cannot be listened on (${code})`,
      { cause, next: 'Choose another port.' },
    )
  }
}
