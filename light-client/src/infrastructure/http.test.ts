/** Both ways to speak HTTP keep one contract. */
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { platformHttp } from './http.ts'
import { nodeHttp } from './node-http.ts'
import type { HttpRequest } from './ports.ts'

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/path?query=1`
}

const asking = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  url,
  method: 'GET',
  headers: {},
  maxBytes: 1000,
  signal: AbortSignal.timeout(5000),
  ...more,
})

describe.each([
  ['fetch', platformHttp],
  ['node:http', nodeHttp],
])('%s', (_, http) => {
  it('sends what is asked and gives what is answered', async () => {
    const url = await serve((request, response) => {
      let body = ''
      request.on('data', (part) => {
        body += part
      })
      request.on('end', () => {
        response.writeHead(404, { 'Content-Type': 'text/plain' })
        response.end(`${request.method} ${request.url} ${request.headers.accept} ${body}`)
      })
    })
    const answer = await http(asking(url, { method: 'POST', headers: { accept: 'text/x' }, body: 'grüße' }))
    expect(answer.status).toBe(404)
    expect(answer.header('content-type')).toBe('text/plain')
    expect(answer.header('etag')).toBeNull()
    expect(new TextDecoder().decode(answer.bytes)).toBe('POST /path?query=1 text/x grüße')
  })

  it('cuts an answer off that is too long, also one without an end', async () => {
    let closed = false
    const url = await serve((_, response) => {
      const writing = setInterval(() => response.write(new Uint8Array(100)), 1)
      response.on('close', () => {
        clearInterval(writing)
        closed = true
      })
    })
    await expect(http(asking(url))).rejects.toMatchObject({ code: 'ANSWER_TOO_LARGE' })
    await expect.poll(() => closed).toBe(true)
    const exact = await serve((_, response) => response.end(new Uint8Array(1000)))
    expect((await http(asking(exact))).bytes).toHaveLength(1000)
  })

  it('does not follow redirects', async () => {
    const target = await serve((_, response) => response.end('moved'))
    const url = await serve((_, response) => response.writeHead(302, { location: target }).end())
    await expect(http(asking(url))).rejects.toThrow(TypeError)
  })

  it('says that nobody answers, and that an answer broke off', async () => {
    const gone = await serve(() => {})
    for (const close of closers.splice(0)) close()
    await expect(http(asking(gone))).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } })
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '500' })
      response.write('half', () => response.destroy())
    })
    await expect(http(asking(url))).rejects.toThrow(TypeError)
  })

  it('sends again when a kept connection was closed under it, and only once', async () => {
    let requests = 0
    let drop = 1
    const url = await serve((request, response) => {
      requests++
      if (drop-- > 0) request.socket.destroy()
      else response.end('yes')
    })
    const ask = () => http(asking(url, { method: 'POST', body: '{}' }))
    expect(new TextDecoder().decode((await ask()).bytes)).toBe('yes')
    expect(requests).toBe(2)
    drop = 2
    await expect(ask()).rejects.toThrow()
    expect(requests).toBe(4)
  })

  it('stops with the reason of the signal, before an answer and during one', async () => {
    const silent = await serve(() => {})
    await expect(http(asking(silent, { signal: AbortSignal.timeout(30) }))).rejects.toMatchObject({
      name: 'TimeoutError',
    })
    const slow = await serve((_, response) => response.write('half'))
    const stop = new AbortController()
    setTimeout(() => stop.abort(new Error('enough')), 50)
    await expect(http(asking(slow, { signal: stop.signal }))).rejects.toThrow('enough')
  })
})
