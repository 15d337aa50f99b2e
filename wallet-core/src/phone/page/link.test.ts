import { expect, it } from 'vitest'
import { type InjectedProvider, injectProvider, PROVIDER_PROTOCOL } from '../../provider/injected.ts'
import { createLink, type LineEvents } from './link.ts'

/** A page's provider over a link, and the far end of its line. */
function setUp(options: { refuse?: string; version?: number; silent?: boolean } = {}) {
  const late = Promise.withResolvers<void>()
  const sent: Record<string, unknown>[] = []
  const asked: LineEvents[] = []
  let open = false
  const link = createLink({
    clock: { now: () => 0, sleep: () => late.promise },
    self: () => ({ name: 'A page', origin: 'https://dapp.example' }),
    chainId: 1,
    async connect(hears) {
      asked.push(hears)
      if (options.refuse) throw new Error(options.refuse)
      open = true
      if (!options.silent)
        queueMicrotask(() => hears.text(JSON.stringify({ type: 'welcome', version: options.version ?? 1 })))
      return {
        send: (text) => void sent.push(JSON.parse(text)),
        close() {
          open = false
          hears.closed()
        },
      }
    },
  })
  const provider = injectProvider({
    channel: link.channel,
    target: Object.assign(new EventTarget(), { CustomEvent, Event }),
    uuid: '00000000-0000-4000-8000-000000000000',
    icon: 'data:,',
    surface: (error) => {
      throw error
    },
  })
  const events: unknown[][] = []
  for (const event of ['connect', 'accountsChanged', 'chainChanged', 'disconnect'])
    provider.on(event, (data: unknown) =>
      events.push([event, data instanceof Error ? (data as never as { code: number }).code : data]),
    )
  const say = (message: unknown) => asked.at(-1)!.text(JSON.stringify(message))
  const reply = (id: unknown, result: unknown) => say({ protocol: PROVIDER_PROTOCOL, type: 'response', id, result })
  const state = (chainId: string, accounts: string[]) =>
    say({ protocol: PROVIDER_PROTOCOL, type: 'state', chainId, accounts })
  return { late, link, provider, sent, asked, events, say, reply, state, isOpen: () => open }
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 0))
const ask = (provider: InjectedProvider, method: string) => provider.request({ method })

it('a phone that connects and says nothing is left after a while, and another may be tried', async () => {
  const { provider, late, isOpen, asked } = setUp({ silent: true })
  const first = ask(provider, 'eth_requestAccounts')
  await settle()
  expect(isOpen()).toBe(true)
  late.resolve()
  await expect(first).rejects.toMatchObject({ code: 4001, message: 'The phone does not answer.' })
  expect(isOpen()).toBe(false)
  await expect(ask(provider, 'eth_requestAccounts')).rejects.toMatchObject({ code: 4001 })
  expect(asked).toHaveLength(2)
})

it('without a phone it answers what is known, asks nobody, and says what to do', async () => {
  const { provider, asked } = setUp()
  expect(await ask(provider, 'eth_accounts')).toEqual([])
  expect(await ask(provider, 'eth_chainId')).toBe('0x1')
  expect(await ask(provider, 'net_version')).toBe('1')
  expect(await ask(provider, 'wallet_revokePermissions')).toBeNull()
  await expect(ask(provider, 'personal_sign')).rejects.toMatchObject({ code: 4900 })
  await expect(ask(provider, 'constructor')).rejects.toMatchObject({ code: 4900 })
  expect(asked).toEqual([])
})

it('asking for accounts connects once, says what the page is, and carries the request', async () => {
  const { provider, sent, asked, reply, state, events } = setUp()
  await ask(provider, 'eth_chainId')
  const both = [ask(provider, 'eth_requestAccounts'), ask(provider, 'eth_requestAccounts')]
  await settle()
  expect(asked).toHaveLength(1)
  expect(sent[0]).toEqual({ type: 'hello', version: 1, name: 'A page', origin: 'https://dapp.example' })
  expect(sent.slice(1).map(({ method }) => method)).toEqual(['eth_requestAccounts', 'eth_requestAccounts'])
  state('0xaa36a7', [])
  for (const { id } of sent.slice(1)) reply(id, ['0x01'])
  expect(await Promise.all(both)).toEqual([['0x01'], ['0x01']])
  // It was told another chain before.
  expect(events).toContainEqual(['chainChanged', '0xaa36a7'])
})

it('a person who does not want to is 4001; the next time they are asked again', async () => {
  const { provider, asked } = setUp({ refuse: 'No phone was connected.' })
  for (const count of [1, 2]) {
    await expect(ask(provider, 'eth_requestAccounts')).rejects.toMatchObject({ code: 4001 })
    expect(asked).toHaveLength(count)
  }
})

it('a phone that leaves ends what waits, and the page hears of it', async () => {
  const { provider, sent, asked, reply, state, events, link } = setUp()
  const first = ask(provider, 'eth_requestAccounts')
  await settle()
  state('0x1', ['0x01'])
  reply(sent[1]!.id, ['0x01'])
  await first
  const waiting = ask(provider, 'personal_sign')
  await settle()
  link.disconnect()
  await expect(waiting).rejects.toMatchObject({ code: 4900 })
  expect(events.slice(-2)).toEqual([
    ['accountsChanged', []],
    ['disconnect', 4900],
  ])
  expect(await ask(provider, 'eth_accounts')).toEqual([])
  const again = ask(provider, 'eth_requestAccounts')
  await settle()
  expect(asked).toHaveLength(2)
  reply(sent.at(-1)!.id, ['0x02'])
  expect(await again).toEqual(['0x02'])
})

it('answers nobody asked for, a second answer, and nonsense change nothing', async () => {
  const { provider, sent, say, reply, asked, events } = setUp()
  const first = ask(provider, 'eth_requestAccounts')
  await settle()
  asked[0]!.text('{')
  asked[0]!.text('null')
  asked[0]!.text('[]')
  say({ protocol: 'another', type: 'state', chainId: '0x5', accounts: ['0xbad'] })
  reply('somebody:1', ['0xbad'])
  reply(sent[1]!.id, ['0x01'])
  reply(sent[1]!.id, ['0xbad'])
  expect(await first).toEqual(['0x01'])
  expect(JSON.stringify(events)).not.toContain('bad')
})

it('another version is not spoken with: the line is closed again', async () => {
  const { provider, sent, isOpen } = setUp({ version: 2 })
  await expect(ask(provider, 'eth_requestAccounts')).rejects.toMatchObject({
    code: 4001,
    message: expect.stringContaining('another version'),
  })
  expect([sent, isOpen()]).toEqual([[], false])
})

it('too much at once, or too long, is refused in the page', async () => {
  const { provider, sent, reply } = setUp()
  const first = ask(provider, 'eth_requestAccounts')
  await settle()
  reply(sent[1]!.id, [])
  await first
  const params = ['x'.repeat(1024 * 1024)]
  await expect(provider.request({ method: 'personal_sign', params })).rejects.toMatchObject({ code: -32602 })
  const many = Array.from({ length: 300 }, () => ask(provider, 'eth_blockNumber').catch(({ code }) => code))
  await settle()
  expect(sent.filter(({ method }) => method === 'eth_blockNumber')).toHaveLength(256)
  expect(await Promise.all(many.slice(256))).toEqual(Array(44).fill(-32005))
})
