import { expect, it } from 'vitest'
import { platformHttp } from '../../infrastructure/http.ts'
import { below, exchange, originOf } from './exchange.ts'

it('no part of an address but its origin appears in an error', async () => {
  expect(() => originOf('http://user:secret@node.example')).toThrow(/user name or password/)
  expect(() => originOf('not a URL with secret')).not.toThrow(/secret/)
  const url = 'http://127.0.0.1:9/key/SECRET?token=SECRET'
  const request = { url, method: 'GET', headers: {}, maxBytes: 10, signal: AbortSignal.timeout(2000) } as const
  const error = await exchange(platformHttp, originOf(url), request).catch((failure) => failure)
  expect(error.code).toBe('SOURCE_UNREACHABLE')
  expect(`${error.message} ${error.stack} ${String(error.cause)}`).not.toContain('SECRET')
})

it('an access key in path or query stays where it is', () => {
  expect(below('https://node.example/v1/KEY/', '/eth/x')).toBe('https://node.example/v1/KEY/eth/x')
  expect(below('https://node.example?key=K', '/eth/x', { count: 2 })).toBe('https://node.example/eth/x?key=K&count=2')
})
