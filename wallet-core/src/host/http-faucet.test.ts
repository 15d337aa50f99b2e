import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { platformHttp } from '@glowworm/light-client/infrastructure/http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { httpFaucet } from './http-faucet.ts'

const ADDRESS = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'
const HASH = `0x${'AB'.repeat(32)}`
let server: Server
let answer: { status: number; body: string }
let asked = ''

beforeAll(async () => {
  server = createServer(async (request, response) => {
    asked = ''
    for await (const chunk of request) asked += chunk
    response.writeHead(answer.status, answer.status === 302 ? { location: '/elsewhere' } : {}).end(answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

test('names the transaction, or says why there is none', async () => {
  const { port } = server.address() as AddressInfo
  const faucet = httpFaucet(`http://127.0.0.1:${port}/faucet`, platformHttp)
  answer = { status: 200, body: JSON.stringify({ hash: HASH }) }
  expect(await faucet(ADDRESS)).toBe(HASH)
  expect(JSON.parse(asked)).toEqual({ address: ADDRESS })
  answer = { status: 429, body: JSON.stringify({ message: 'slowly' }) }
  await expect(faucet(ADDRESS)).rejects.toMatchObject({
    code: 'REJECTED_BY_SOURCE',
    message: expect.stringContaining('slowly'),
  })
  for (const bad of [
    { status: 200, body: '{}' },
    { status: 200, body: 'no' },
    { status: 302, body: '' },
    { status: 500, body: '' },
  ]) {
    answer = bad
    await expect(faucet(ADDRESS)).rejects.toMatchObject({
      code: expect.stringMatching(/MALFORMED_ANSWER|REJECTED_BY_SOURCE|SOURCE_UNREACHABLE/),
    })
  }
  await expect(httpFaucet('http://127.0.0.1:1/', platformHttp)(ADDRESS)).rejects.toMatchObject({
    code: 'SOURCE_UNREACHABLE',
  })
})
