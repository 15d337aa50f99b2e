import { memoryStore } from '@glowworm/light-client/infrastructure/memory-store'
import { expect, it } from 'vitest'
import { ADDRESS, fundedWallet, PASSWORD, settle, type TestWallet, until, utf8 } from '../../test/wallet.ts'
import type { ByteStore, RemotePhone } from '../ports.ts'
import { PROVIDER_PROTOCOL } from '../provider/injected.ts'
import { createPhoneSessions } from './phone-sessions.ts'

const ORIGIN = 'https://dapp.example'

/** The document's side, with pages that the test speaks for. */
function fakePhone() {
  const handlers = new Set<(line: number, text: string | null) => void>()
  const heard = new Map<number, Record<string, unknown>[]>()
  const closed: number[] = []
  let count = 0
  const phone: RemotePhone = {
    answer: async () => ({ code: 'GLOWWORM-PAGE-1:A', expiresAt: 1, bridge: null }),
    post: async () => {},
    async connected() {
      count += 1
      heard.set(count, [])
      return count
    },
    send: (line, text) => void heard.get(line)!.push(JSON.parse(text)),
    close(line) {
      closed.push(line)
      queueMicrotask(() => leave(line))
    },
    cancel() {},
    listen(handler) {
      handlers.add(handler)
      return () => handlers.delete(handler)
    },
  }
  const raw = (line: number, text: string | null) => {
    for (const handler of handlers) handler(line, text)
  }
  const leave = (line: number) => raw(line, null)
  return {
    phone,
    heard,
    closed,
    raw,
    leave,
    say: (line: number, message: unknown) => raw(line, JSON.stringify(message)),
  }
}

interface Setting extends ReturnType<typeof fakePhone> {
  readonly t: TestWallet
}

async function setUp(parts: { readonly store?: ByteStore } = {}): Promise<Setting> {
  const fake = fakePhone()
  const t = await fundedWallet({ ...parts, loadPhone: async (core) => createPhoneSessions(core, fake.phone) })
  return { t, ...fake }
}

/** A page connects and says what it is. */
async function connect({ t, say }: Setting, line = 1, hello: object = {}): Promise<string> {
  const connected = t.wallet.facade.phoneConnected()
  await settle()
  say(line, { type: 'hello', version: 1, name: 'A page', origin: ORIGIN, ...hello })
  return (await connected).site
}

const ask = ({ say }: Setting, line: number, id: string, method: string, params?: unknown) =>
  say(line, { protocol: PROVIDER_PROTOCOL, type: 'request', id, method, params })
const answer = ({ heard }: Setting, line: number, id: string) =>
  heard.get(line)!.find((message) => message.type === 'response' && message.id === id)

/** The page asks for accounts, and the person says yes. */
async function letIn(setting: Setting, line = 1): Promise<void> {
  const { t } = setting
  ask(setting, line, `${line}:accounts`, 'eth_requestAccounts')
  const approval = await until(() => t.state.approvals[0], 'the question')
  await t.wallet.facade.approve({ id: approval.id, revision: approval.revision })
  await until(() => answer(setting, line, `${line}:accounts`), 'the accounts')
}

it('a page connects, is asked about like a site, and signs with the account it was given', async () => {
  const setting = await setUp()
  const { t, heard } = setting
  expect(t.state.servesPages).toBe(true)
  const site = await connect(setting)
  expect(heard.get(1)![0]).toEqual({ type: 'welcome', version: 1 })
  expect(t.state.phoneSessions).toMatchObject([{ site, name: 'A page', origin: ORIGIN }])
  await letIn(setting)
  expect(answer(setting, 1, '1:accounts')).toMatchObject({ result: [ADDRESS] })
  expect(t.state.sites).toMatchObject([{ origin: site }])

  ask(setting, 1, '2', 'personal_sign', ['0x68656c6c6f', ADDRESS])
  const approval = await until(() => t.state.approvals[0], 'the question')
  expect(approval).toMatchObject({ kind: 'sign-message', origin: site, text: 'hello' })
  await t.wallet.facade.approve({ id: approval.id, revision: approval.revision })
  await until(() => answer(setting, 1, '2'), 'the signature')
  expect(answer(setting, 1, '2')!.result).toMatch(/^0x[0-9a-f]{130}$/)
})

it('what a page claims gives it nothing that another has under that origin', async () => {
  const setting = await setUp()
  const { t } = setting
  await connect(setting)
  await letIn(setting)
  const beside = t.wallet.provider.handle({ origin: ORIGIN, id: 'x', method: 'eth_accounts' })
  expect(await beside).toEqual([])
  const other = await connect(setting, 2)
  expect(t.state.phoneSessions.map(({ site }) => site)).toContain(other)
  ask(setting, 2, '1', 'eth_accounts')
  ask(setting, 2, '2', 'personal_sign', ['0x00', ADDRESS])
  await settle()
  expect(answer(setting, 2, '1')).toMatchObject({ result: [] })
  expect(answer(setting, 2, '2')).toMatchObject({ error: { code: 4100 } })
})

it('a sign-in is compared with what the page claims; identities are not for pages that nobody vouches for', async () => {
  const setting = await setUp()
  const { t } = setting
  await connect(setting)
  await letIn(setting)
  const message = (domain: string) =>
    `0x${Buffer.from(
      `${domain} wants you to sign in with your Ethereum account:\n${t.state.accounts[0]!.checksummed}\n\n\nURI: https://${domain}/\nVersion: 1\nChain ID: 1337\nNonce: abcdefgh\nIssued At: ${new Date(t.clock.now()).toISOString()}`,
    ).toString('hex')}`
  ask(setting, 1, '2', 'personal_sign', [message('bank.example'), ADDRESS])
  ask(setting, 1, '3', 'glowworm_authenticate', [{ nonce: 'nonce-of-the-desk' }])
  ask(setting, 1, '4', 'glowworm_present', [{ nonce: 'nonce-of-the-desk', dcql_query: {} }])
  await settle()
  expect(answer(setting, 1, '2')).toMatchObject({ error: { code: -32602 } })
  for (const id of ['3', '4']) expect(answer(setting, 1, id)).toMatchObject({ error: { code: 4200 } })
  ask(setting, 1, '5', 'personal_sign', [message('dapp.example'), ADDRESS])
  expect(await until(() => t.state.approvals[0], 'the question')).toMatchObject({ signIn: { domain: 'dapp.example' } })
})

it('ending a session takes back what the page may, tells it so, and then ends the line', async () => {
  const setting = await setUp()
  const { t, heard, closed } = setting
  await connect(setting)
  await letIn(setting)
  ask(setting, 1, 'waits', 'personal_sign', ['0x00', ADDRESS])
  await until(() => t.state.approvals[0], 'the question')
  await t.wallet.facade.endPhoneSession({ id: t.state.phoneSessions[0]!.id })
  await until(() => closed.length > 0, 'the end')
  await settle()
  expect(answer(setting, 1, 'waits')).toMatchObject({ error: { code: 4100 } })
  expect(heard.get(1)).toContainEqual({
    protocol: PROVIDER_PROTOCOL,
    type: 'event',
    event: 'accountsChanged',
    data: [],
  })
  expect([t.state.phoneSessions, t.state.sites, t.state.approvals]).toEqual([[], [], []])
  await expect(t.wallet.facade.endPhoneSession({ id: 'gone' })).rejects.toMatchObject({ problem: { kind: 'closed' } })
})

it('disconnecting it as a site is the same, and so is a page that leaves', async () => {
  const setting = await setUp()
  const { t, closed, leave } = setting
  const site = await connect(setting)
  await letIn(setting)
  await t.wallet.facade.disconnectSite({ origin: site })
  await settle()
  expect([closed, t.state.phoneSessions]).toEqual([[1], []])
  await connect(setting, 2)
  await letIn(setting, 2)
  ask(setting, 2, 'waits', 'personal_sign', ['0x00', ADDRESS])
  await until(() => t.state.approvals[0], 'the question')
  leave(2)
  await settle()
  expect([t.state.phoneSessions, t.state.sites, t.state.approvals]).toEqual([[], [], []])
})

it.each([
  [
    'ended by the person',
    async ({ t }: Setting) => t.wallet.facade.endPhoneSession({ id: t.state.phoneSessions[0]!.id }),
  ],
  ['left by the page', async ({ leave }: Setting) => leave(1)],
])(
  'a session is over when it is %s, though the store takes nothing; the vault is told at unlocking',
  async (_, end) => {
    const inner = memoryStore()
    let full = false
    const write: ByteStore['write'] = (...entry) =>
      full ? Promise.reject(new Error('no room')) : inner.write(...entry)
    const setting = await setUp({ store: { ...inner, write } })
    const { t } = setting
    await connect(setting)
    await letIn(setting)
    ask(setting, 1, 'waits', 'personal_sign', ['0x00', ADDRESS])
    await until(() => t.state.approvals[0], 'the question')
    full = true
    await end(setting)
    await until(() => t.state.phoneSessions.length === 0, 'the end')
    await settle()
    expect(t.state.approvals).toEqual([])
    full = false
    await t.wallet.facade.lock()
    await t.wallet.facade.unlock({ password: utf8(PASSWORD) })
    await until(() => t.state.sites.length === 0, 'the end of what was allowed')
  },
)

it('locked: no accounts, 4100 for signatures; what ended meanwhile is taken back at unlocking', async () => {
  const setting = await setUp()
  const { t, heard, leave } = setting
  await connect(setting)
  await letIn(setting)
  await t.wallet.facade.setSiteRule({
    origin: t.state.phoneSessions[0]!.site,
    blocked: false,
    expiresAt: t.clock.now() + 3_600_000,
    policy: null,
  })
  await t.wallet.facade.lock()
  await settle()
  expect(heard.get(1)!.at(-1)).toMatchObject({ event: 'accountsChanged', data: [] })
  ask(setting, 1, 'locked', 'personal_sign', ['0x00', ADDRESS])
  await until(() => answer(setting, 1, 'locked'), 'a refusal')
  expect(answer(setting, 1, 'locked')).toMatchObject({ error: { code: 4100 } })
  leave(1)
  await settle()
  await t.wallet.facade.unlock({ password: utf8(PASSWORD) })
  await until(() => t.state.sites.length === 0 && t.state.siteRules.length === 0, 'the end of what was allowed')
})

it('after the thread died, what pages were allowed is gone when the wallet is unlocked', async () => {
  const setting = await setUp()
  await connect(setting)
  await letIn(setting)
  await setting.t.wallet.facade.lock()
  const again = await setting.t.reborn()
  await again.facade.unlock({ password: utf8(PASSWORD) })
  await until(() => again.facade.state.phase === 'unlocked' && again.facade.state.sites.length === 0, 'the end')
})

it.each([
  ['nothing readable', { type: 'hello', version: 1 }],
  ['another version', { type: 'hello', version: 2, name: 'A', origin: ORIGIN }],
  ['a request', { protocol: PROVIDER_PROTOCOL, type: 'request', id: '1', method: 'eth_accounts' }],
  ['an origin with markup', { type: 'hello', version: 1, origin: 'https://<b>dapp</b>.example' }],
  ['an origin that is turned round', { type: 'hello', version: 1, origin: 'https://dapp.example\u202e' }],
  ['a page without encryption', { type: 'hello', version: 1, origin: 'http://dapp.example' }],
])('a page that begins with %s is left', async (_, first) => {
  const setting = await setUp()
  const { t, say, closed } = setting
  const connected = t.wallet.facade.phoneConnected()
  await settle()
  say(1, first)
  await expect(connected).rejects.toMatchObject({ problem: { code: 'PAIRING_FAILED' } })
  expect([closed, t.state.phoneSessions]).toEqual([[1], []])
})

it('a page that says nothing is left after ten seconds', async () => {
  const { t, closed } = await setUp()
  const connected = t.wallet.facade.phoneConnected().catch((error) => error.problem.code)
  await settle()
  await t.clock.pass(10_000)
  expect([await connected, closed]).toEqual(['PAIRING_FAILED', [1]])
})

it('names are shown without what is not seen, and no longer than a line', async () => {
  const setting = await setUp()
  await connect(setting, 1, { name: `\u202eevil\u0000\u200b${'x'.repeat(200)}` })
  await connect(setting, 2, { name: '\u202e' })
  expect(setting.t.state.phoneSessions.map(({ name }) => name)).toEqual([`evil${'x'.repeat(60)}`, null])
})

it('a flood costs the page itself: nonsense is passed over, requests and questions are counted', async () => {
  const setting = await setUp()
  const { t, raw } = setting
  await connect(setting)
  await letIn(setting)
  raw(1, '{')
  raw(1, 'null')
  raw(7, '{"type":"hello"}')
  for (let i = 0; i < 300; i++) ask(setting, 1, `f${i}`, 'personal_sign', ['0x00', ADDRESS])
  await settle()
  expect(t.state.approvals).toHaveLength(10)
  expect(answer(setting, 1, 'f299')).toMatchObject({ error: { code: -32005 } })
})

it('a wallet without a document that holds connections says so', async () => {
  const t = await fundedWallet()
  expect(t.state.servesPages).toBe(false)
  await expect(t.wallet.facade.phoneAnswer({ code: 'x' })).rejects.toMatchObject({ problem: { code: 'CANNOT_PAIR' } })
})
