import { describe, expect, test } from 'vitest'
import { ADDRESS, fundedWallet, settle, until } from '../../test/wallet.ts'
import { type Channel, channelPair } from '../facade/channel.ts'
import { injectProvider, occupyEthereum, PROVIDER_PROTOCOL } from './injected.ts'
import { serveProvider } from './serve.ts'

const ORIGIN = 'https://dapp.example'
const ICON = 'data:image/svg+xml,<svg/>'

class Page extends EventTarget {
  readonly CustomEvent = CustomEvent
  readonly Event = Event
  ethereum?: unknown
}
const newPage = () => {
  const page = new Page()
  Reflect.deleteProperty(page, 'ethereum')
  return page
}

function inject(channel: Channel, page = newPage(), uuid = crypto.randomUUID() as string) {
  const surfaced: unknown[] = []
  const provider = injectProvider({ channel, target: page, uuid, icon: ICON, surface: (error) => surfaced.push(error) })
  return { provider, page, uuid, surfaced }
}

describe('the provider in the page', () => {
  test('announces itself at load and on request, frozen, under its own name', () => {
    const page = newPage()
    const heard: { info: Record<string, string>; provider: unknown }[] = []
    page.addEventListener('eip6963:announceProvider', (event: Event) => {
      if (event instanceof CustomEvent) heard.push(event.detail)
    })
    const { provider, uuid } = inject(channelPair()[0], page)
    page.dispatchEvent(new Event('eip6963:requestProvider'))
    expect(heard).toHaveLength(2)
    expect(heard[0]!.info).toEqual({ uuid, name: 'Glowworm', icon: ICON, rdns: 'org.glowworm.wallet' })
    expect(heard[0]!.provider).toBe(provider)
    expect(Object.isFrozen(heard[0])).toBe(true)
    expect(Object.isFrozen(heard[0]!.info)).toBe(true)
    expect('isMetaMask' in provider).toBe(false)
    occupyEthereum(provider, page)
    expect(page.ethereum).toBe(provider)
    const other = inject(channelPair()[0]).provider
    occupyEthereum(other, page)
    expect(page.ethereum).toBe(provider)
  })

  test('requests, events and errors all the way to the wallet', async () => {
    const t = await fundedWallet()
    const [near, far] = channelPair()
    const { provider, surfaced } = inject(near)
    const events: unknown[] = []
    provider.on('connect', (info) => events.push(['connect', info]))
    provider.on('accountsChanged', () => {
      throw new Error('a careless page')
    })
    const listener = (accounts: unknown) => events.push(['accountsChanged', accounts])
    provider.on('accountsChanged', listener)
    expect(provider.isConnected()).toBe(false)
    const stop = serveProvider(t.wallet.provider, far, { origin: ORIGIN })
    await settle()
    expect(provider.isConnected()).toBe(true)
    const accounts = provider.request({ method: 'eth_requestAccounts' })
    const approval = await until(() => t.state.approvals[0], 'the question')
    await t.wallet.facade.approve({ id: approval.id, revision: approval.revision })
    expect(await accounts).toEqual([ADDRESS])
    await settle()
    expect(events).toEqual([
      ['connect', { chainId: '0x539' }],
      ['accountsChanged', [ADDRESS]],
    ])
    expect(surfaced).toHaveLength(1)
    provider.removeListener('accountsChanged', listener)
    const failed = provider.request({ method: 'debug_traceTransaction', params: [] })
    await expect(failed).rejects.toMatchObject({ name: 'ProviderRpcError', code: 4200 })
    await expect(failed).rejects.toBeInstanceOf(Error)
    await t.wallet.facade.disconnectSite({ origin: ORIGIN })
    await settle()
    expect(events).toHaveLength(2)
    stop()
  })

  test('malformed requests fail in the page', async () => {
    const { provider } = inject(channelPair()[0])
    const request = (args: unknown) => (provider.request as (args: unknown) => Promise<unknown>)(args)
    for (const args of [
      undefined,
      null,
      'eth_accounts',
      [],
      {},
      { method: '' },
      { method: 7 },
      { method: 'x', params: 1 },
    ])
      await expect(request(args)).rejects.toMatchObject({ code: -32600 })
    const circular: unknown[] = []
    circular.push(circular)
    for (const params of [[1n], circular])
      await expect(request({ method: 'x', params })).rejects.toMatchObject({ code: -32602 })
  })

  test('getters that throw, lie or cannot be carried', async () => {
    const [near, far] = channelPair()
    const heard: { method: string; params: unknown }[] = []
    far.listen((message) => heard.push(message as never))
    const { provider } = inject(near)
    const request = (args: unknown) => (provider.request as (args: unknown) => Promise<unknown>)(args)
    const fails = () => {
      throw new Error('from the page')
    }
    await expect(request(Object.defineProperty({}, 'method', { get: fails }))).rejects.toMatchObject({ code: -32600 })
    await expect(request(new Proxy({}, { get: fails }))).rejects.toMatchObject({ code: -32600 })
    for (const params of [[Object.defineProperty({}, 'from', { enumerable: true, get: fails })], { toJSON: fails }])
      await expect(request({ method: 'x', params })).rejects.toMatchObject({ code: -32602 })
    let reads = 0
    void request({
      get method() {
        return reads++ === 0 ? 'eth_chainId' : 'eth_sendTransaction'
      },
      params: JSON.parse('[{"__proto__": {"polluted": true}}]'),
    })
    await settle()
    expect(heard.map(({ method }) => method)).toEqual(['eth_chainId'])
    expect('polluted' in {}).toBe(false)
  })

  test('the ways to ask from before EIP-1193', async () => {
    const [near, far] = channelPair()
    far.listen((message) => {
      const { id, method, params } = message as Record<string, unknown>
      const answer =
        method === 'fails' ? { error: { code: 4200, message: 'no' } } : { result: [method, params ?? null] }
      far.send({ protocol: PROVIDER_PROTOCOL, type: 'response', id, ...answer })
    })
    const { provider } = inject(near)
    const called = (payload: unknown, way: 'send' | 'sendAsync') =>
      new Promise((resolve) =>
        provider[way](payload, (error: unknown, response: unknown) => resolve(error ?? response)),
      )
    expect(await provider.enable()).toEqual(['eth_requestAccounts', null])
    expect(await provider.send('eth_chainId')).toEqual(['eth_chainId', null])
    expect(await provider.send('eth_call', [1])).toEqual(['eth_call', [1]])
    const response = (id: number, method: string) => ({ id, jsonrpc: '2.0', result: [method, [id]] })
    expect(await provider.send({ id: 7, method: 'a', params: [7] })).toEqual(response(7, 'a'))
    for (const way of ['send', 'sendAsync'] as const) {
      expect(await called({ id: 1, method: 'a', params: [1] }, way)).toEqual(response(1, 'a'))
      expect(await called({ id: 1, method: 'fails' }, way)).toMatchObject({ code: 4200 })
      expect(await called(null, way)).toMatchObject({ code: -32600 })
    }
    const batch = [1, 2].map((id) => ({ id, method: 'a', params: [id] }))
    expect(await called(batch, 'sendAsync')).toEqual([response(1, 'a'), response(2, 'a')])
    expect(() => provider.sendAsync({ id: 1, method: 'a' }, undefined)).toThrow(TypeError)
  })

  test('a reconnection is not an event, a loss is', async () => {
    const t = await fundedWallet()
    const [near, far] = channelPair()
    let reopened = () => {}
    const { provider } = inject({
      ...near,
      onReopen(handler) {
        reopened = handler
        return () => {}
      },
    })
    const events: unknown[] = []
    for (const event of ['connect', 'disconnect', 'accountsChanged', 'chainChanged'])
      provider.on(event, () => events.push(event))
    const stop = serveProvider(t.wallet.provider, far, { origin: ORIGIN })
    await settle()
    stop()
    serveProvider(t.wallet.provider, far, { origin: ORIGIN })
    reopened()
    await settle()
    expect(events).toEqual(['connect'])
    const hanging = provider.request({ method: 'eth_requestAccounts' })
    far.send({ protocol: PROVIDER_PROTOCOL, type: 'lost' })
    await expect(hanging).rejects.toMatchObject({ code: 4900 })
    expect(events).toEqual(['connect', 'disconnect'])
    expect(provider.isConnected()).toBe(false)
  })

  test('listeners: once, removal while emitting, and all at once', async () => {
    const [near, far] = channelPair()
    const { provider } = inject(near)
    const events: string[] = []
    provider.once('accountsChanged', () => events.push('once'))
    provider.on('accountsChanged', () => events.push('on'))
    provider.on('no such event', () => events.push('never'))
    const state = (accounts: string[]) =>
      far.send({ protocol: PROVIDER_PROTOCOL, type: 'state', chainId: '0x1', accounts })
    state(['0x1'])
    state(['0x1'])
    state(['0x2'])
    await settle()
    expect(events).toEqual(['once', 'on', 'on'])
    provider.removeAllListeners()
    state(['0x3'])
    far.send({ type: 'state', chainId: '0x2', accounts: [] })
    await settle()
    expect(events).toHaveLength(3)
  })
})
