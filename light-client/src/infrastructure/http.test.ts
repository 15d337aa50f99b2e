import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { platformHttp } from './http.ts'

it('sends again when a kept connection was closed under it, and only once', async () => {
  let requests = 0
  let drop = 1
  const server = createServer((request, response) => {
    requests++
    if (drop-- > 0) request.socket.destroy()
    else response.end('yes')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const ask = () =>
    platformHttp({ url, method: 'POST', headers: {}, body: '{}', maxBytes: 9, signal: AbortSignal.timeout(5000) })
  try {
    expect(new TextDecoder().decode((await ask()).bytes)).toBe('yes')
    expect(requests).toBe(2)
    drop = 2
    await expect(ask()).rejects.toThrow()
    expect(requests).toBe(4)
  } finally {
    server.closeAllConnections()
    server.close()
  }
})
