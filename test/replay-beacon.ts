/** A beacon node that replays recorded light-client data over loopback HTTP. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Recorded {
  /** Path below /eth/v1/beacon/light_client/, with the query for updates, to the recorded body. */
  answer(path: string, query: URLSearchParams): { body: Uint8Array | string; version?: string } | null
}

export async function replayBeacon(
  recorded: Recorded,
): Promise<{ url: string; requests: string[]; close(): Promise<void> }> {
  const requests: string[] = []
  const server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://localhost')
    requests.push(request.url!)
    const answer = recorded.answer(url.pathname.replace('/eth/v1/beacon/light_client/', ''), url.searchParams)
    if (!answer) {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"code":404,"message":"not found"}')
      return
    }
    const type = typeof answer.body === 'string' ? 'application/json' : 'application/octet-stream'
    response
      .writeHead(200, { 'content-type': type, ...(answer.version ? { 'eth-consensus-version': answer.version } : {}) })
      .end(answer.body)
  })
  // Who computes for long in this very process must find the connection as it was left.
  server.keepAliveTimeout = 0
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
