/** serve from outside: who may ask, what happens to malformed requests, and the command itself. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Devnet, FIXTURE_CONTRACT, POKED_TOPIC, startDevnet } from '@glowworm/devnet'
import type { LightClient } from '@glowworm/light-client'
import { serveRpc } from '@glowworm/light-client/application/serve/serve-rpc'
import type { WebServer } from '@glowworm/light-client/infrastructure/web-server'
import { loadEngines } from '@glowworm/wasm-core'
import { JsonRpcProvider } from 'ethers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { runCli } from '../run-cli.ts'
import { advance, followDevnet, until } from './devnet-client.ts'

const BIN = fileURLToPath(new URL('../../light-client/bin/glowworm.mjs', import.meta.url))
const PAGE = 'https://app.example'

let devnet: Devnet
let client: LightClient
let server: WebServer
beforeAll(async () => {
  devnet = await startDevnet({ mode: 'manual' })
  client = followDevnet(devnet, await loadEngines())
  await client.ready()
  server = await serveRpc(client, { port: 0, origins: [PAGE] })
})
afterAll(async () => {
  await server?.close()
  await client?.close()
  await devnet?.close()
})

const CHAIN_ID = '{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}'

interface Told {
  readonly status: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly text: string
}
/** One exchange with exactly these headers: `fetch` would put in its own. */
function post(body: string, headers: Record<string, string> = {}, method = 'POST'): Promise<Told> {
  return new Promise((resolve, reject) => {
    const asking = httpRequest(
      {
        port: server.port,
        host: '127.0.0.1',
        method,
        headers: { 'content-type': 'application/json', host: `127.0.0.1:${server.port}`, ...headers },
      },
      async (response) => {
        let text = ''
        for await (const part of response) text += part
        resolve({ status: response.statusCode!, headers: response.headers, text })
      },
    )
    asking.on('error', reject)
    asking.end(body)
  })
}
const ask = async (body: unknown) => JSON.parse((await post(JSON.stringify(body))).text)

describe('who may ask', () => {
  it('programs on this computer, and pages of allowed origins', async () => {
    expect(await post(CHAIN_ID)).toMatchObject({ status: 200, text: expect.stringContaining('0x539') })
    expect(await post(CHAIN_ID, { host: 'localhost:8545' })).toMatchObject({ status: 200 })
    expect(await post(CHAIN_ID, { host: '[::1]' })).toMatchObject({ status: 200 })
    const page = await post(CHAIN_ID, { origin: PAGE })
    expect(page).toMatchObject({ status: 200, headers: { 'access-control-allow-origin': PAGE, vary: 'origin' } })
    const asked = { origin: PAGE, 'access-control-request-method': 'POST' }
    expect(await post('', asked, 'OPTIONS')).toMatchObject({
      status: 204,
      headers: { 'access-control-allow-origin': PAGE, 'access-control-allow-methods': 'POST' },
    })
  })

  it.each([
    ['a name that was made to point here', { host: 'evil.example' }, 403],
    ['a name that only begins like ours', { host: 'localhost.evil.example:8545' }, 403],
    ['a page of another origin', { origin: 'https://evil.example' }, 403],
    ['a page whose origin only begins like an allowed one', { origin: `${PAGE}.evil.example` }, 403],
    ['a page without an origin of its own', { origin: 'null' }, 403],
    ['a form, which a page may send anywhere', { 'content-type': 'text/plain' }, 415],
    ['another form', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['something that merely mentions JSON', { 'content-type': 'text/plain; application/json' }, 415],
  ])('not %s', async (_name, headers, status) => {
    const told = await post(CHAIN_ID, headers as Record<string, string>)
    expect(told.status).toBe(status)
    expect(told.text).not.toContain('0x539')
    expect(told.headers['access-control-allow-origin']).toBeUndefined()
  })

  it.each([
    ['with two hosts', '/', ['Host: 127.0.0.1', 'Host: evil.example'], 403],
    ['with two origins', '/', ['Host: 127.0.0.1', `Origin: ${PAGE}`, `Origin: ${PAGE}`], 403],
    ['for another server', 'http://evil.example/', ['Host: 127.0.0.1'], 400],
  ])('not %s', async (_name, target, headers, status) => {
    const socket = connect(server.port, '127.0.0.1')
    const lines = [`POST ${target} HTTP/1.1`, ...headers, 'Content-Type: application/json', 'Connection: close']
    socket.write(`${lines.join('\r\n')}\r\nContent-Length: ${CHAIN_ID.length}\r\n\r\n${CHAIN_ID}`)
    let told = ''
    for await (const part of socket) told += part
    expect(told).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(told).not.toContain('0x539')
  })

  it('not by other methods', async () => {
    expect((await post('', {}, 'GET')).status).toBe(405)
    expect((await post('', { origin: 'https://evil.example' }, 'OPTIONS')).status).toBe(403)
    expect((await post('', {}, 'OPTIONS')).status).toBe(405)
  })

  it.each([
    ['a strange host', { host: 'evil.example' }],
    ['a strange origin', { origin: 'https://evil.example' }],
  ])('no WebSocket with %s', async (_name, headers) => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}`, { headers })
    const error = await new Promise<Error>((resolve) => socket.once('error', resolve))
    expect(error.message).toContain('403')
  })
})

describe('requests', () => {
  it('malformed ones are told apart', async () => {
    expect(JSON.parse((await post('{"jsonrpc"')).text)).toMatchObject({ id: null, error: { code: -32700 } })
    for (const bad of [1, 'x', null, {}, { id: 1, method: 'eth_chainId' }, { jsonrpc: '2.0', id: {}, method: 'x' }])
      expect(await ask(bad)).toMatchObject({ error: { code: -32600 } })
    expect(await ask({ jsonrpc: '2.0', id: 'a', method: 'eth_unheardOf' })).toMatchObject({
      id: 'a',
      error: { code: -32601 },
    })
    for (const method of ['constructor', '__proto__', 'toString', 'hasOwnProperty'])
      expect(await ask({ jsonrpc: '2.0', id: 1, method })).toMatchObject({ error: { code: -32601 } })
    for (const method of ['debug_traceTransaction', 'txpool_content', 'eth_sign', 'eth_sendTransaction'])
      expect(await ask({ jsonrpc: '2.0', id: 1, method })).toMatchObject({
        error: { code: 4200, data: { code: 'METHOD_REFUSED' } },
      })
    for (const params of [[], ['0x12'], [FIXTURE_CONTRACT, 'pending'], [FIXTURE_CONTRACT, 7], [FIXTURE_CONTRACT, {}]])
      expect(await ask({ jsonrpc: '2.0', id: 1, method: 'eth_getBalance', params })).toMatchObject({
        error: { code: -32602 },
      })
    const ranks = [{ toString: 1, valueOf: 1 }]
    const history = { jsonrpc: '2.0', id: 1, method: 'eth_feeHistory', params: ['0x1', 'latest', ranks] }
    expect(await ask(history)).toMatchObject({ error: { code: -32602 } })
  })

  it('subscriptions are refused where no event could come, and a way that works is named', async () => {
    for (const method of ['eth_subscribe', 'eth_unsubscribe'])
      expect(await ask({ jsonrpc: '2.0', id: 1, method, params: ['newHeads'] })).toMatchObject({
        error: { code: -32601, message: expect.stringContaining('WebSocket'), data: { code: 'NEEDS_CONNECTION' } },
      })
  })

  it('batches keep their order and their errors apart; notifications have no answer', async () => {
    const one = (id: number, method: string, params: unknown[] = []) => ({ jsonrpc: '2.0', id, method, params })
    const answers = await ask([one(1, 'eth_chainId'), one(2, 'eth_nothing'), one(3, 'eth_getCode', [FIXTURE_CONTRACT])])
    expect(answers).toMatchObject([{ id: 1, result: '0x539' }, { id: 2, error: { code: -32601 } }, { id: 3 }])
    expect(await ask([])).toMatchObject({ error: { code: -32600 } })
    expect(await ask(Array.from({ length: 101 }, (_, i) => one(i, 'eth_chainId')))).toMatchObject({
      error: { code: -32600 },
    })
    expect(await post('{"jsonrpc":"2.0","method":"eth_chainId"}')).toMatchObject({ status: 204, text: '' })
  })

  it('bodies without end are cut off', async () => {
    const body = `"${'x'.repeat(5 * 1024 * 1024)}"`
    for (const [name, value] of [
      ['content-length', String(body.length)],
      ['transfer-encoding', 'chunked'],
    ] as const) {
      const told = await post(body, { [name]: value, origin: PAGE })
      expect(told).toMatchObject({ status: 413, headers: { 'access-control-allow-origin': PAGE } })
      expect(JSON.parse(told.text)).toMatchObject({ jsonrpc: '2.0', id: null, error: { code: -32600 } })
    }
    expect(await post(CHAIN_ID)).toMatchObject({ status: 200 })
  })

  it('a transaction for another chain, or none at all, is not sent', async () => {
    const wallet = (await import('viem/accounts')).privateKeyToAccount(`0x${'11'.repeat(32)}`)
    const foreign = await wallet.signTransaction({ chainId: 5, nonce: 0, gas: 21_000n, gasPrice: 1n, type: 'legacy' })
    for (const raw of [foreign, '0x', '0x02c0', '0xzz', undefined])
      expect(await ask({ jsonrpc: '2.0', id: 1, method: 'eth_sendRawTransaction', params: [raw] })).toMatchObject({
        error: { code: -32602 },
      })
  })
})

describe('WebSocket', () => {
  /** Sends many requests at once. @returns the errors among the answers, and how many were none */
  async function flood(count: number, method: string, params: unknown[]): Promise<{ done: number; codes: number[] }> {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}`)
    await new Promise((resolve) => socket.once('open', resolve))
    const codes: number[] = []
    let done = 0
    await new Promise<void>((resolve) => {
      socket.on('message', (data) => {
        const { id, error } = JSON.parse(String(data)) as { id?: number; error?: { code: number } }
        if (id === undefined) return
        if (error) codes.push(error.code)
        else done++
        if (codes.length + done === count) resolve()
      })
      for (let id = 0; id < count; id++) socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }))
    })
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.close()
    await closed
    return { done, codes }
  }

  it('subscriptions are bounded, also where all are asked for at once, and given back', async () => {
    for (let i = 0; i < 2; i++) {
      const { done, codes } = await flood(500, 'eth_subscribe', ['newHeads'])
      expect({ done, codes: new Set(codes) }).toEqual({ done: 128, codes: new Set([-32005]) })
    }
    // What fails takes no room.
    expect((await flood(300, 'eth_subscribe', ['nonsense'])).codes).toEqual(Array(300).fill(-32602))
    expect((await flood(128, 'eth_subscribe', ['newHeads'])).done).toBe(128)
  })

  it('answers all of what one connection sends at once', async () => {
    expect(await flood(2000, 'eth_getBalance', [FIXTURE_CONTRACT, 'latest'])).toEqual({ done: 2000, codes: [] })
  })

  it('tells new heads and logs, and stops when asked', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}`)
    await new Promise((resolve) => socket.once('open', resolve))
    const heard: {
      id?: number
      result?: unknown
      params?: { subscription: string; result: Record<string, unknown> }
    }[] = []
    socket.on('message', (data) => heard.push(JSON.parse(String(data))))
    const call = async (id: number, method: string, params: unknown[]) => {
      socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }))
      return until(() => heard.find((message) => message.id === id))
    }
    const heads = (await call(1, 'eth_subscribe', ['newHeads'])).result
    const logs = (await call(2, 'eth_subscribe', ['logs', { address: FIXTURE_CONTRACT, topics: [POKED_TOPIC] }])).result
    expect(await call(3, 'eth_subscribe', ['newPendingTransactions'])).toMatchObject({ error: { code: -32602 } })
    expect(heads).not.toBe(logs)
    const before = Number((await client.chain.head('optimistic')).value.number)
    // The devnet pokes its contract once an epoch of eight slots.
    await advance(devnet, client, 10)
    const told = (subscription: unknown) =>
      heard.flatMap(({ params }) => (params && params.subscription === subscription ? [params.result] : []))
    await until(() => told(heads).length >= 9 && told(logs).length >= 1)
    const numbers = told(heads).map(({ number }) => Number(number))
    expect(numbers).toEqual(numbers.map((_, i) => before + 1 + i))
    expect(told(logs)[0]).toMatchObject({ address: FIXTURE_CONTRACT, topics: [POKED_TOPIC], removed: false })
    const block = await devnet.execution<{ hash: string }>('eth_getBlockByNumber', told(heads)[0]!.number, false)
    expect(told(heads)[0]!.hash).toBe(block.hash)

    expect(await call(4, 'eth_unsubscribe', [heads])).toMatchObject({ result: true })
    expect(await call(5, 'eth_unsubscribe', [heads])).toMatchObject({ result: false })
    const count = told(heads).length
    await advance(devnet, client, 2)
    await call(6, 'eth_chainId', [])
    expect(told(heads)).toHaveLength(count)
    socket.send(Buffer.from([1, 2, 3]))
    await new Promise((resolve) => socket.once('close', resolve))
    expect(await post(CHAIN_ID)).toMatchObject({ status: 200 })
  })
})

describe('filters', () => {
  it('tell blocks and logs since the last call, and forget when asked', async () => {
    const rpc = async (method: string, params: unknown[] = []) =>
      (await ask({ jsonrpc: '2.0', id: 1, method, params })).result
    const blocks = await rpc('eth_newBlockFilter')
    const logs = await rpc('eth_newFilter', [{ address: FIXTURE_CONTRACT }])
    expect(await rpc('eth_getFilterChanges', [blocks])).toEqual([])
    await advance(devnet, client, 10)
    const hashes = await rpc('eth_getFilterChanges', [blocks])
    expect(hashes.length).toBeGreaterThanOrEqual(9)
    expect(hashes.at(-1)).toBe((await client.chain.head('optimistic')).value.hash)
    expect(await rpc('eth_getFilterChanges', [logs])).toMatchObject([{ address: FIXTURE_CONTRACT }])
    expect(await rpc('eth_getFilterChanges', [logs])).toEqual([])
    expect(await rpc('eth_getFilterLogs', [logs])).toEqual(expect.any(Array))
    expect(await rpc('eth_uninstallFilter', [blocks])).toBe(true)
    expect(await rpc('eth_uninstallFilter', [blocks])).toBe(false)
    expect(await ask({ jsonrpc: '2.0', id: 1, method: 'eth_getFilterChanges', params: [blocks] })).toMatchObject({
      error: { code: -32000, data: { code: 'FILTER_NOT_FOUND' } },
    })
  })
})

describe('glowworm serve', () => {
  it('prints its address, answers an unmodified library, and ends cleanly on Ctrl-C', async () => {
    const live = await startDevnet({ secondsPerSlot: 1 })
    const folder = mkdtempSync(join(tmpdir(), 'glowworm-serve-'))
    writeFileSync(join(folder, 'profile.json'), JSON.stringify(live.profile))
    const child = spawn(
      process.execPath,
      [BIN, 'serve', '--network', join(folder, 'profile.json'), '--port', '0', '--json'],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    )
    try {
      let printed = ''
      child.stdout.on('data', (data) => {
        printed += data
      })
      const said = JSON.parse(await until(() => printed.includes('\n') && printed))
      expect(said).toMatchObject({ chainId: live.profile.chainId, http: expect.stringContaining('http://127.0.0.1:') })
      const provider = new JsonRpcProvider(said.http)
      expect(await provider.getBalance(live.accounts[1]!.address)).toBe(10_000n * 10n ** 18n)
      provider.destroy()
      const ended = new Promise((resolve) => child.once('close', (code) => resolve(code)))
      child.kill('SIGINT')
      expect(await ended).toBe(0)
    } finally {
      child.kill('SIGKILL')
      await live.close()
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('says what is wrong with its options', async () => {
    const beacon = ['--checkpoint', `0x${'11'.repeat(32)}`, '--beacon', 'http://127.0.0.1:1']
    const execution = ['--execution', 'http://127.0.0.1:1']
    expect((await runCli(['serve', ...beacon, '--execution', 'http://127.0.0.1:1', '--port', '70000'])).code).toBe(2)
    const origin = await runCli(['serve', ...beacon, ...execution, '--port', '0', '--allow-origin', 'app.example/x'])
    expect(origin).toMatchObject({ code: 2, stderr: expect.stringContaining('--allow-origin') })
    const taken = await runCli(['serve', ...beacon, ...execution, '--port', String(server.port)])
    expect(taken).toMatchObject({ code: 2, stderr: expect.stringContaining(`port ${server.port}`) })
  })
})
