/** A light client behind a channel, as a page has one in its worker: the same answers, typed errors, kept evidence. */
import { type Devnet, FIXTURE_CODE, FIXTURE_CONTRACT, startDevnet } from '@glowworm/devnet'
import { GlowwormError, memoryStore } from '@glowworm/light-client'
import { hostLightClient } from '@glowworm/light-client/application/embedding/host-client'
import { type HostedLightClient, openHosted } from '@glowworm/light-client/application/embedding/hosted-client'
import type { HostedOptions } from '@glowworm/light-client/application/embedding/messages'
import { clonedChannel } from '@glowworm/light-client/network/message-channel'
import { RPC_CODES, RpcError } from '@glowworm/light-client/provider'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { clockOf, until } from '../rpc/devnet-client.ts'

const ABSENT = '0x1234567890123456789012345678901234567890'
/** A port that nothing listens on. */
const NOWHERE = 'http://127.0.0.1:9'

let devnet: Devnet
beforeAll(async () => {
  devnet = await startDevnet({ mode: 'manual' })
})
afterAll(() => devnet.close())

const open: HostedLightClient[] = []
afterEach(async () => {
  for (const client of open.splice(0)) await client.close()
})

async function start(more: Partial<HostedOptions> = {}, store = memoryStore()): Promise<HostedLightClient> {
  const { port1, port2 } = new MessageChannel()
  hostLightClient(clonedChannel(port2 as never), { openStore: () => store, clock: clockOf(devnet) })
  const host = {
    channel: clonedChannel(port1 as never),
    failed: new Promise<never>(() => {}),
    end() {
      port1.close()
      port2.close()
    },
  }
  const options: HostedOptions = {
    network: devnet.profile,
    checkpoint: devnet.checkpoint,
    beacon: [devnet.beaconUrl],
    execution: [devnet.executionUrl],
    ...more,
  }
  const client = await openHosted(host, options)
  open.push(client)
  return client
}

const thrown = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (cause: unknown) => cause as RpcError,
  )

describe('a hosted light client', () => {
  it('answers like a provider in the process, with provenance', async () => {
    const client = await start()
    const head = await client.ready()
    expect(client).toMatchObject({ engines: 'wasm', network: { chainId: devnet.profile.chainId } })
    const address = devnet.accounts[1]!.address
    const { result, provenance } = await client.answer({ method: 'eth_getBalance', params: [address, 'finalized'] })
    expect(BigInt(result as string)).toBeGreaterThan(10n ** 18n)
    expect(provenance).toMatchObject({ standing: 'verified', block: { number: head.finalized.blockNumber } })
    expect(await client.request({ method: 'eth_getCode', params: [FIXTURE_CONTRACT] })).toBe(FIXTURE_CODE)
    expect(await client.request({ method: 'eth_getBalance', params: [ABSENT] })).toBe('0x0')
  })

  it('passes on status and events until it is closed', async () => {
    const client = await start()
    await client.ready()
    const events: unknown[] = []
    const states: string[] = []
    client.on('message', (event) => events.push(event))
    client.subscribe(({ state }) => states.push(state))
    const subscription = await client.request({ method: 'eth_subscribe', params: ['newHeads'] })
    await devnet.advance(3)
    await until(() => events.length > 0)
    expect(events[0]).toMatchObject({ type: 'eth_subscription', data: { subscription } })
    await client.close()
    expect(states.at(-1)).toBe('closed')
    expect(await thrown(client.request({ method: 'eth_chainId' }))).toMatchObject({ code: RPC_CODES.disconnected })
    await expect(client.ready()).rejects.toThrow('closed')
  })

  it('answers what was under way at the close, with an error if need be', async () => {
    const client = await start()
    await client.ready()
    const asked = thrown(client.request({ method: 'eth_getBalance', params: [ABSENT] }))
    await client.close()
    const outcome = await asked
    if (outcome !== null) expect(outcome).toMatchObject({ code: RPC_CODES.disconnected })
  })

  it('keeps errors typed', async () => {
    const client = await start()
    await client.ready()
    const refused = await thrown(client.request({ method: 'eth_sign', params: [] }))
    expect(refused).toBeInstanceOf(RpcError)
    expect(refused).toMatchObject({ code: 4200, data: { code: 'METHOD_REFUSED' } })
    const far = await thrown(client.request({ method: 'eth_getBlockByHash', params: ['0x12', false] }))
    expect(far).toMatchObject({ code: RPC_CODES.invalidParams })
    const bad = await thrown(client.request({ method: 'eth_getBalance', params: [() => 1] }))
    expect(bad).toMatchObject({ code: RPC_CODES.invalidParams })
  })

  it.each([
    ['network', { network: 'nowhere' }],
    ['checkpoint', { checkpoint: '0x12' }],
    ['source URL', { beacon: ['ftp://node.example'] }],
    ['execution', { execution: 'http://node.example' as never }],
  ] as const)('names a malformed option: %s', async (name, options) => {
    const cause = await thrown(start(options))
    expect(cause).toBeInstanceOf(GlowwormError)
    expect(cause).toMatchObject({ kind: 'usage', message: expect.stringContaining(name) })
  })

  it('says why it stalls', async () => {
    const client = await start({ beacon: [NOWHERE], database: null })
    const cause = await thrown(client.ready())
    expect(cause).toBeInstanceOf(GlowwormError)
    expect(cause).toMatchObject({ kind: 'unreachable', code: 'SOURCE_UNREACHABLE' })
  })
})

describe('evidence kept from an earlier visit', () => {
  const visit = async (store = memoryStore()) => {
    const client = await start({}, store)
    await client.ready()
    const { status } = client
    await client.close()
    if (status.state !== 'following') throw new Error('it did not follow')
    return { store, finalized: status.head.finalized }
  }
  const offline = { beacon: [NOWHERE], execution: [NOWHERE] }

  it('is proven again when nobody answers, with its age; nothing else is answered from it', async () => {
    const { store, finalized } = await visit()
    const client = await start(offline, store)
    const head = await client.ready()
    expect(head.finalized).toEqual(finalized)
    expect(head.finalized.time).toBeLessThanOrEqual(Date.now())
    const asked = await thrown(client.request({ method: 'eth_getBalance', params: [ABSENT] }))
    expect(asked).toMatchObject({ code: RPC_CODES.disconnected })
  })

  it('is shown no newer than what still holds of it', async () => {
    const keys: string[] = []
    const inner = memoryStore()
    const store = {
      ...inner,
      write(key: string, value: Uint8Array) {
        keys.push(key)
        return inner.write(key, value)
      },
    }
    const { finalized } = await visit(store)
    const key = keys.find((one) => one.endsWith('/head'))!
    const head = (await store.read(key))!
    for (const changed of [
      head.with(1, head[1]! ^ 1),
      head.with(head.length - 100, head.at(-100)! ^ 1),
      head.with(0, 9),
    ]) {
      await inner.write(key, changed)
      const client = await start(offline, store)
      expect((await client.ready()).finalized.slot).toBeLessThan(finalized.slot)
      await client.close()
    }
  })

  it('is shown while the committees since then are asked for', async () => {
    const { store, finalized } = await visit()
    await devnet.advance(3 * 64)
    const client = await start(offline, store)
    await expect(client.ready()).rejects.toMatchObject({ kind: 'unreachable' })
    expect(client.status).toMatchObject({ state: 'stalled', head: null, kept: { finalized } })
    await client.close()
    const online = await start({}, store)
    expect((await online.ready()).finalized.slot).toBeGreaterThan(finalized.slot)
  })
})
