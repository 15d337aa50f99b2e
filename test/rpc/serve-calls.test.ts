/** Calls that compute without end: others are answered meanwhile, and such calls end by the limit or with who asked. */
import { request as httpRequest } from 'node:http'
import { type Devnet, FIXTURE_CONTRACT, startDevnet } from '@glowworm/devnet'
import type { Hex, LightClient } from '@glowworm/light-client'
import { serveRpc } from '@glowworm/light-client/application/serve/serve-rpc'
import type { ContractLayer } from '@glowworm/light-client/contract/contract-layer'
import {
  type ThreadedContractLayer,
  threadedContractLayer,
} from '@glowworm/light-client/infrastructure/threaded-contract-layer'
import type { WebServer } from '@glowworm/light-client/infrastructure/web-server'
import { type Engines, loadEngines } from '@glowworm/wasm-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { followDevnet } from './devnet-client.ts'

let devnet: Devnet
let engines: Engines
beforeAll(async () => {
  engines = await loadEngines()
  devnet = await startDevnet({ mode: 'manual', forks: { fulu: 0 }, pastPeriods: 1 })
})
afterAll(() => devnet?.close())

const BURNER: Hex = `0x${'b0'.repeat(20)}`
/** JUMPDEST PUSH1 0 JUMP: 50 million gas of it take many seconds. */
const LOOP: Hex = '0x5b600056'
/** Calls itself with all its gas, twice: no JUMPDEST, but frames without end. */
const TREE: Hex = '0x5f5f5f5f5f305af15f5f5f5f5f305af100'
const ENDLESS = 600_000
const burn = (code: string, id = 1, method = 'eth_call') => ({
  jsonrpc: '2.0',
  id,
  method,
  params: [{ to: BURNER }, 'latest', { [BURNER]: { code } }],
})
/** BLAKE2F, 40 million rounds in one precompile: nothing inside the EVM can interrupt it. */
const BLAKE2F: Hex = `0x${'09'.padStart(40, '0')}`
const PRECOMPILE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'eth_call',
  params: [{ to: BLAKE2F, data: `0x02625a00${'11'.repeat(192)}${'00'.repeat(16)}01` }, 'latest'],
}
const GOOD = {
  jsonrpc: '2.0',
  id: 7,
  method: 'eth_call',
  params: [{ to: FIXTURE_CONTRACT, data: `0x${'1'.padStart(64, '0')}` }, 'latest'],
}
const RAN = { id: 7, result: expect.stringMatching(/^0x/) }
const TOO_LONG = { error: { code: -32005, message: expect.any(String), data: { code: 'CALL_TOOK_TOO_LONG' } } }
const TOO_MANY = { error: { code: -32005, data: { code: 'TOO_MANY_CALLS' } } }

let client: LightClient | null = null
let server: WebServer | null = null
let layer: ThreadedContractLayer | null = null
let isBurning = false
afterEach(async () => {
  await server?.close()
  await client?.close()
  await layer?.close()
  client = server = layer = null
})

type Where = 'in a thread of its own' | 'in the same thread'
const WHERE: readonly Where[] = ['in a thread of its own', 'in the same thread']

async function serve(where: Where, milliseconds: number, atOnce = 8, waiting = 64): Promise<void> {
  const threaded = where === 'in a thread of its own' ? threadedContractLayer() : null
  layer = threaded
  isBurning = false
  const { execute } = threaded ?? (await import('@glowworm/light-client/contract/index'))
  const noting: ContractLayer = {
    execute(ground, claim, work) {
      isBurning ||= claim.type === 'call' && (claim.call.to === BURNER || claim.call.to === BLAKE2F)
      return execute(ground, claim, work)
    },
  }
  client = followDevnet(devnet, engines, {
    calls: { milliseconds, atOnce, waiting },
    loadContractLayer: async () => noting,
  })
  await client.ready()
  server = await serveRpc(client, { port: 0 })
}

function post(body: unknown): { answer: Promise<unknown>; leave: () => void } {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  const asking = httpRequest(
    { port: server!.port, host: '127.0.0.1', method: 'POST', headers: { 'content-type': 'application/json' } },
    async (response) => {
      let text = ''
      for await (const part of response) text += part
      resolve(JSON.parse(text))
    },
  )
  asking.on('error', reject)
  asking.end(JSON.stringify(body))
  return { answer: promise, leave: () => asking.destroy() }
}
const ask = (body: unknown) => post(body).answer

describe.each(WHERE)('executed %s', (where) => {
  it.each([
    ['a loop', LOOP, 'eth_call'],
    // Where a thread is ended from outside, it does not matter what it computes.
    ...(where === 'in the same thread'
      ? ([
          ['frames without end', TREE, 'eth_call'],
          ['an estimate of a loop', LOOP, 'eth_estimateGas'],
        ] as const)
      : []),
  ] as const)('%s ends by the limit, and others are answered meanwhile', async (_name, code, method) => {
    await serve(where, 1000)
    let ended = false
    const answer = ask(burn(code, 1, method)).finally(() => {
      ended = true
    })
    for (let i = 0; i < 5; i++) {
      expect(await ask({ jsonrpc: '2.0', id: 2, method: 'eth_chainId' })).toMatchObject({ result: '0x539' })
      const balance = { jsonrpc: '2.0', id: 3, method: 'eth_getBalance', params: [FIXTURE_CONTRACT, 'latest'] }
      expect(await ask(balance)).toMatchObject({ result: expect.stringMatching(/^0x/) })
    }
    expect(ended).toBe(false)
    expect(await answer).toMatchObject(TOO_LONG)
    expect(await ask(GOOD)).toMatchObject(RAN)
  })

  it('who hangs up ends what was computed for them', async () => {
    await serve(where, ENDLESS, 1, 0)
    const asked = post(burn(LOOP))
    asked.answer.catch(() => {})
    await burning()
    expect(await ask(GOOD)).toMatchObject(TOO_MANY)
    asked.leave()
    expect(await eventually(GOOD)).toMatchObject(RAN)
  })

  it('a WebSocket that closes ends what was computed for it', async () => {
    await serve(where, ENDLESS, 1, 0)
    const socket = new WebSocket(`ws://127.0.0.1:${server!.port}`)
    await new Promise((resolve) => socket.once('open', resolve))
    socket.send(JSON.stringify(burn(LOOP)))
    await burning()
    expect(await ask(GOOD)).toMatchObject(TOO_MANY)
    socket.close()
    expect(await eventually(GOOD)).toMatchObject(RAN)
  })

  it('closing the client ends it too', async () => {
    await serve(where, ENDLESS)
    const called = client!.call({ to: BURNER }, { stateOverrides: { [BURNER]: { code: LOOP } } })
    const ended = expect(called).rejects.toMatchObject({ code: 'CLOSED' })
    await burning()
    await client!.close()
    await ended
  })
})

describe.each(WHERE)('a short call, executed %s,', (where) => {
  /** Never ends by itself or by the limit; those that do end are counted. */
  async function burners(count: number, body: unknown): Promise<{ ended: () => number; leave: () => void }> {
    await serve(where, ENDLESS)
    let ended = 0
    const asked = Array.from({ length: count }, () => post(body))
    for (const { answer } of asked)
      answer.then(
        () => ended++,
        () => {},
      )
    await burning()
    const leave = () => {
      for (const one of asked) one.leave()
    }
    return { ended: () => ended, leave }
  }
  const batch = (count: number) => Array.from({ length: count }, (_, id) => burn(LOOP, id))

  it('is answered before twelve long ones that came earlier, each on a connection of its own', async () => {
    const { ended, leave } = await burners(12, burn(LOOP))
    expect(await ask(GOOD)).toMatchObject(RAN)
    expect(ended()).toBe(0)
    leave()
  })

  it('is answered before fifty long ones of one connection', async () => {
    const { ended, leave } = await burners(1, batch(50))
    expect(await ask(GOOD)).toMatchObject(RAN)
    expect(ended()).toBe(0)
    leave()
  })
})

it('a short call is answered before long precompiles that nothing interrupts, of one asker or of several', async () => {
  for (const bodies of [[[PRECOMPILE, PRECOMPILE, PRECOMPILE]], [PRECOMPILE, PRECOMPILE, PRECOMPILE]]) {
    await serve('in a thread of its own', ENDLESS)
    let ended = 0
    const asked = bodies.map(post)
    for (const { answer } of asked)
      answer.then(
        () => ended++,
        () => {},
      )
    await burning()
    expect(await ask(GOOD)).toMatchObject(RAN)
    expect(ended).toBe(0)
    for (const { leave } of asked) leave()
    await server?.close()
    await client?.close()
    await layer?.close()
  }
})

it('one precompile that computes for half a minute ends by the limit as well', async () => {
  await serve('in a thread of its own', 1000)
  const answer = ask(PRECOMPILE)
  expect(await ask({ jsonrpc: '2.0', id: 2, method: 'eth_chainId' })).toMatchObject({ result: '0x539' })
  expect(await answer).toMatchObject(TOO_LONG)
  expect(await ask(GOOD)).toMatchObject(RAN)
})

it('a thread answers as the same thread does, refusals and reverts included', async () => {
  const questions = [
    GOOD,
    { ...GOOD, method: 'eth_estimateGas' },
    { ...GOOD, method: 'eth_createAccessList' },
    { ...GOOD, params: [{ to: BURNER }, 'latest', { [BURNER]: { code: '0x60006000fd' } }] },
    { ...GOOD, params: [{ to: BURNER, gas: '0x1' }, 'latest'] },
    { ...GOOD, params: [{ to: BURNER }, 'latest', { [BURNER]: { code: '0xfe' } }] },
    { ...GOOD, method: 'eth_simulateV1', params: [{ blockStateCalls: [{ calls: [{ to: BURNER }] }] }, 'latest'] },
    {
      ...GOOD,
      method: 'eth_simulateV1',
      params: [{ validation: true, blockStateCalls: [{ calls: [{ to: BURNER, nonce: '0x9', gas: '0x5208' }] }] }],
    },
  ]
  const answers: unknown[] = []
  for (const where of WHERE) {
    await serve(where, ENDLESS)
    answers.push(await Promise.all(questions.map(ask)))
    await server?.close()
    await client?.close()
    await layer?.close()
  }
  expect(answers[0]).toEqual(answers[1])
  expect(answers[0]).toMatchObject([
    { result: expect.anything() },
    {},
    {},
    { error: { code: 3 } },
    { error: {} },
    {},
    {},
    {},
  ])
})

async function burning(): Promise<void> {
  for (let i = 0; i < 400 && !isBurning; i++) await new Promise((resolve) => setTimeout(resolve, 10))
  expect(isBurning).toBe(true)
}

async function eventually(body: unknown): Promise<unknown> {
  for (let i = 0; ; i++) {
    const answer = await ask(body)
    if (!('error' in (answer as object)) || i > 400) return answer
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
