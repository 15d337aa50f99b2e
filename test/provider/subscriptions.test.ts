/** `eth_subscribe` through the wallet's provider, over a live devnet: what is told, to whom, and when it ends. */
import { type Devnet, FIXTURE_CONTRACT, POKED_TOPIC, startDevnet } from '@glowworm/devnet'
import { channelPair } from '@glowworm/wallet-core/facade/channel'
import { type HeadlessWallet, headlessWallet } from '@glowworm/wallet-core/headless'
import { injectProvider, PROVIDER_PROTOCOL } from '@glowworm/wallet-core/provider/injected'
import { serveProvider } from '@glowworm/wallet-core/provider/serve'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'

const PHRASE = 'test test test test test test test test test test test junk'
const ORIGIN = 'https://site.example'

let devnet: Devnet
let wallet: HeadlessWallet
beforeAll(async () => {
  devnet = await startDevnet({ secondsPerSlot: 1 })
  wallet = await headlessWallet({ network: devnet.liveProfile(), phrase: PHRASE, policy: { version: 1 } })
})
afterAll(async () => {
  await wallet?.close()
  await devnet?.close()
})

interface Told {
  readonly subscription: string
  readonly result: Record<string, unknown>
}

/** A page of the site. `raw` are the messages that the wallet sent it. */
function openPage(uuid: string, origin = ORIGIN) {
  const [near, far] = channelPair()
  const told: Told[] = []
  const raw: Record<string, unknown>[] = []
  near.listen((message) => raw.push(message as Record<string, unknown>))
  const target = { addEventListener() {}, dispatchEvent: () => true, CustomEvent, Event }
  const provider = injectProvider({
    ...{ channel: near, target, uuid, icon: 'data:,' },
    surface(error) {
      throw error
    },
  })
  provider.on('message', ((message: { type: string; data: Told }) => {
    expect(message.type).toBe('eth_subscription')
    told.push(message.data)
  }) as never)
  const close = serveProvider(wallet.provider, far, { origin })
  const ask = (method: string, params: unknown[] = []) => provider.request({ method, params })
  return { ask, told, raw, close, send: near.send }
}

it('is for sites that were let in', async () => {
  const page = openPage('stranger', 'https://stranger.example')
  await expect(page.ask('eth_subscribe', ['newHeads'])).rejects.toMatchObject({ code: 4100 })
  page.close()
})

it('tells proven heads and logs, each once, in order, until it is ended', async () => {
  const page = openPage('a')
  await page.ask('eth_requestAccounts')
  const heads = await page.ask('eth_subscribe', ['newHeads'])
  const logs = await page.ask('eth_subscribe', ['logs', { address: FIXTURE_CONTRACT, topics: [POKED_TOPIC] }])
  expect(heads).not.toBe(logs)
  for (const params of [['newPendingTransactions'], ['syncing'], [], [7], ['logs', { address: 'nobody' }]])
    await expect(page.ask('eth_subscribe', params)).rejects.toMatchObject({ code: -32602 })
  const of = (name: unknown) => page.told.flatMap(({ subscription, result }) => (subscription === name ? [result] : []))
  // The devnet pokes its contract once an epoch of eight slots.
  await vi.waitUntil(() => of(heads).length >= 4 && of(logs).length >= 1, { timeout: 40_000, interval: 100 })
  const numbers = of(heads).map(({ number }) => Number(number))
  expect(numbers).toEqual(numbers.map((_, i) => numbers[0]! + i))
  const block = await devnet.execution<{ hash: string }>('eth_getBlockByNumber', of(heads)[0]!.number, false)
  expect(of(heads)[0]!.hash).toBe(block.hash)
  expect(of(logs)[0]).toMatchObject({ address: FIXTURE_CONTRACT, topics: [POKED_TOPIC], removed: false })

  expect(await page.ask('eth_unsubscribe', [heads])).toBe(true)
  expect(await page.ask('eth_unsubscribe', [heads])).toBe(false)
  for (const name of [null, {}, '0x01', 1]) expect(await page.ask('eth_unsubscribe', [name])).toBe(false)
  const count = of(heads).length
  const before = Number(await page.ask('eth_blockNumber'))
  await vi.waitUntil(async () => Number(await page.ask('eth_blockNumber')) > before + 1, { timeout: 20_000 })
  expect(of(heads)).toHaveLength(count)
  page.close()
})

it('the request that made one makes the same one for the page that took its place', async () => {
  const request = {
    protocol: PROVIDER_PROTOCOL,
    type: 'request',
    id: 'b:1',
    method: 'eth_subscribe',
    params: ['newHeads'],
  }
  const answers = (page: ReturnType<typeof openPage>) =>
    page.raw.flatMap(({ type, id, result }) => (type === 'response' && id === 'b:1' ? [result] : []))
  const first = openPage('b')
  first.send(request)
  first.send(request)
  await vi.waitUntil(() => answers(first).length === 2)
  first.close()
  const second = openPage('b')
  second.send(request)
  await vi.waitUntil(() => answers(second).length === 1)
  expect(new Set([...answers(first), ...answers(second)]).size).toBe(1)
  await vi.waitUntil(() => second.told.length > 0, { timeout: 20_000 })
  expect(second.told[0]!.subscription).toBe(answers(second)[0])
  expect(second.told.every(({ result }, i, all) => i === 0 || result.number !== all[i - 1]!.result.number)).toBe(true)
  second.close()
})

it('a site has sixteen, over all its pages, and those of a page that left are free again', async () => {
  const [one, other] = [openPage('c'), openPage('d')]
  for (let i = 0; i < 15; i++) await one.ask('eth_subscribe', ['newHeads'])
  const last = await other.ask('eth_subscribe', ['newHeads'])
  await expect(one.ask('eth_subscribe', ['newHeads'])).rejects.toMatchObject({ code: -32005 })
  // What could not be made takes no room.
  expect(await other.ask('eth_unsubscribe', [last])).toBe(true)
  await expect(other.ask('eth_subscribe', ['nothing'])).rejects.toMatchObject({ code: -32602 })
  await other.ask('eth_subscribe', ['newHeads'])
  one.close()
  await other.ask('eth_subscribe', ['newHeads'])
  other.close()
})

it('they end with the permission', async () => {
  const page = openPage('e')
  const heads = await page.ask('eth_subscribe', ['newHeads'])
  await vi.waitUntil(() => page.told.length > 0, { timeout: 20_000 })
  await wallet.facade.disconnectSite({ origin: ORIGIN })
  const count = page.told.length
  const before = Number(await page.ask('eth_blockNumber'))
  await vi.waitUntil(async () => Number(await page.ask('eth_blockNumber')) > before + 1, { timeout: 20_000 })
  expect(page.told).toHaveLength(count)
  expect(await page.ask('eth_unsubscribe', [heads])).toBe(false)
  await expect(page.ask('eth_subscribe', ['newHeads'])).rejects.toMatchObject({ code: 4100 })
  page.close()
})
