/** A loopback HTTP server that answers with whole bodies and lets every web page read them. @module */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PortTaken } from '../errors.ts'

export interface Question {
  readonly method: string
  readonly url: URL
  readonly accept: string
  /** The header of that name, if any. */
  readonly authorization?: string
  readonly body: string
}

export interface Answer {
  readonly status: number
  readonly type:
    | 'application/json'
    | 'application/octet-stream'
    | 'application/oauth-authz-req+jwt'
    | 'application/statuslist+jwt'
    | 'text/html'
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

export interface LoopbackServer {
  readonly url: string
  close(): Promise<void>
}

/** A question longer than this is refused; the longest legitimate one is a transaction with blobs or much data. */
const MAX_QUESTION_BYTES = 4 * 1024 * 1024

const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers': '*',
  'access-control-allow-private-network': 'true',
  'access-control-expose-headers': 'Eth-Consensus-Version',
  'access-control-max-age': '600',
}

export const json = (status: number, value: unknown, headers?: Record<string, string>): Answer => ({
  status,
  type: 'application/json',
  body: JSON.stringify(value),
  ...(headers ? { headers } : {}),
})

/** A page that shows one text to copy. Nothing in it comes from a stranger. */
export const page = (title: string, words: string, text: string): Answer => ({
  status: 200,
  type: 'text/html',
  body: `<!doctype html><meta charset="utf-8"><title>${title}</title><h1>${title}</h1><p>${words}</p><textarea rows="6" cols="60" readonly>${text.replaceAll('&', '&amp;')}</textarea>`,
})

/**
 * Serves on 127.0.0.1. `port` 0 takes a free one. `respond` may be given to write answers in another way than at once.
 * @throws {PortTaken}
 */
export async function serveLoopback(options: {
  port: number
  what: string
  answer: (question: Question) => Promise<Answer> | Answer
  respond?: (response: ServerResponse, answer: Answer, question: Question) => void
}): Promise<LoopbackServer> {
  const respond = options.respond ?? send
  const server = createServer((request, response) => {
    if (request.method === 'OPTIONS') {
      response.writeHead(204, CORS).end()
      return
    }
    readQuestion(request)
      .then(async (question) => {
        if (typeof question === 'number') return send(response, refusal(question))
        respond(response, await options.answer(question), question)
      })
      .catch((error: unknown) => {
        if (!response.headersSent) send(response, json(500, { code: 500, message: messageOf(error) }))
        else response.destroy()
      })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new PortTaken(options.port, options.what) : error),
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

/** Headers of an answer whose body the caller writes itself. */
export function writeHead(response: ServerResponse, answer: Answer, length?: number): void {
  response.writeHead(answer.status, {
    ...CORS,
    'content-type': answer.type,
    'cache-control': 'no-store',
    ...(length === undefined ? {} : { 'content-length': length }),
    ...answer.headers,
  })
}

export function send(response: ServerResponse, answer: Answer): void {
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body
  writeHead(response, answer, body.length)
  response.end(body)
}

async function readQuestion(request: IncomingMessage): Promise<Question | number> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    chunks.push(chunk as Buffer)
    length += (chunk as Buffer).length
    if (length > MAX_QUESTION_BYTES) return 413
  }
  const target = request.url ?? '/'
  const url = URL.canParse(target, 'http://127.0.0.1') ? new URL(target, 'http://127.0.0.1') : undefined
  if (!url) return 400
  return {
    method: request.method ?? 'GET',
    url,
    accept: request.headers.accept ?? '*/*',
    ...(request.headers.authorization === undefined ? {} : { authorization: request.headers.authorization }),
    body: Buffer.concat(chunks).toString(),
  }
}

function refusal(status: number): Answer {
  return json(status, {
    code: status,
    message: status === 413 ? 'The request is too long' : 'The request is malformed',
  })
}

export const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
