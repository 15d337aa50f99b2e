import { PROFILES } from '@glowworm/light-client/ledgers/ethereum/profiles'
import type { Wallet } from '@glowworm/wallet-core'
import { PROVIDER_PROTOCOL } from '@glowworm/wallet-core/provider/injected'
import { expect, test } from 'vitest'
import { fundedWallet, settle, type TestWallet, until } from '../../../wallet-core/test/wallet.ts'
import { chosenNetwork } from './chosen-network.ts'
import { createHost, REST_AFTER } from './host.ts'

const ORIGIN = 'https://dapp.example'

function fakePort(name: string) {
  const sent: Record<string, unknown>[] = []
  const heard = new Set<(message: unknown) => void>()
  const gone = new Set<() => void>()
  let open = true
  return {
    sent,
    get open() {
      return open
    },
    say: (message: unknown) => [...heard].forEach((listener) => void listener(message)),
    request: (id: string, method: string, params?: unknown) =>
      [...heard].forEach(
        (listener) => void listener({ protocol: PROVIDER_PROTOCOL, type: 'request', id, method, params }),
      ),
    response: (id: string) => sent.find((message) => message.type === 'response' && message.id === id),
    leave: () => [...gone].forEach((listener) => void listener()),
    port: {
      name,
      postMessage: (message: unknown) => void sent.push(message as Record<string, unknown>),
      disconnect: () => {
        open = false
      },
      onMessage: {
        addListener: (listener: (message: unknown) => void) => void heard.add(listener),
        removeListener: (listener: (message: unknown) => void) => void heard.delete(listener),
      },
      onDisconnect: { addListener: (listener: () => void) => void gone.add(listener) },
    },
  }
}

/** A host over a whole wallet on a fake chain; `calls` is what it did to the browser. */
async function setUp(options: { chosen?: boolean; shown?: () => number } = {}) {
  const { shown = () => 7 } = options
  const texts = new Map<string, string>()
  const network = chosenNetwork({
    get: async (key) => texts.get(key) ?? null,
    set: async (key, value) => void texts.set(key, value),
    remove: async (key) => void texts.delete(key),
  })
  if (options.chosen !== false) await network.choose(JSON.stringify(PROFILES.sepolia))
  const calls: string[] = []
  const call = (name: string) => async () => void calls.push(name)
  let attention = () => {}
  const t: TestWallet = await fundedWallet({ attention: () => attention() })
  let started: Wallet | null = null
  const host = createHost({
    network,
    async startWallet(_profile, raise) {
      calls.push('start')
      attention = raise
      started = started === null ? t.wallet : await t.reborn()
      return started
    },
    forgetSources: call('forget sources'),
    session: t.ports.session,
    clock: t.clock,
    closePeers: call('close peers'),
    async showApprovals() {
      calls.push('show approvals')
      return shown()
    },
    approvalsLeave: (window) => void calls.push(`window ${window} leaves`),
    showSetUp: call('show set-up'),
    alarm: { start: call('start alarm'), stop: call('stop alarm') },
    stayAwake() {
      calls.push('awake')
      return call('may sleep')
    },
    showCount: async (count) => void calls.push(`count ${count}`),
  })
  return { host, calls, t, network }
}

test('the wallet starts when it is first needed, once, and not before a network was chosen', async () => {
  const { host, calls, network } = await setUp({ chosen: false })
  expect(await host.answer({ ask: 'open' })).toEqual({ state: 'choose-network' })
  expect(await host.answer({ ask: 'network' })).toEqual({ name: null })
  const site = fakePort('site')
  await host.serveSite(site.port, ORIGIN)
  site.request('1', 'eth_accounts')
  site.request('2', 'eth_requestAccounts')
  expect(site.response('1')).toMatchObject({ error: { code: 4100 } })
  expect(site.response('2')).toMatchObject({ error: { code: 4100 } })
  expect(calls).toEqual(['show set-up'])
  await network.choose(JSON.stringify(PROFILES.sepolia))
  const answers = await Promise.all([host.answer({ ask: 'open' }), host.answer({ ask: 'open' })])
  expect(answers).toEqual([{ state: 'ready' }, { state: 'ready' }])
  expect(calls.filter((name) => name === 'start')).toHaveLength(1)
})

test('what a site says before the wallet is ready is answered', async () => {
  const { host } = await setUp()
  const site = fakePort('site')
  const served = host.serveSite(site.port, ORIGIN)
  site.request('1', 'eth_accounts')
  await served
  await settle()
  expect(site.response('1')).toMatchObject({ result: [] })
})

test('a page that came before a network was chosen is sent away then, and served when it comes again', async () => {
  const { host } = await setUp({ chosen: false })
  const hello = { protocol: 'glowworm.facade.1', type: 'hello', client: '1' }
  const early = fakePort('wallet')
  const served = host.servePage(early.port, null)
  early.say(hello)
  await served
  expect(early.sent).toEqual([])
  expect(early.open).toBe(true)
  const profile = JSON.stringify(PROFILES.sepolia)
  expect(await host.answer({ ask: 'choose-network', profile })).toEqual({ problem: null })
  expect(early.open).toBe(false)
  const again = fakePort('wallet')
  await host.servePage(again.port, null)
  again.say(hello)
  await settle()
  expect(again.sent).toMatchObject([{ type: 'state' }])
})

test('while somebody is asked the worker stays awake; closing the window says no to sites only', async () => {
  const { host, calls, t } = await setUp()
  const page = fakePort('wallet')
  await host.servePage(page.port, 7)
  const site = fakePort('site')
  await host.serveSite(site.port, ORIGIN)
  site.request('1', 'eth_requestAccounts')
  await until(() => t.state.approvals.length === 1, 'the question')
  const own = { accountId: 'eth-0', to: `0x${'22'.repeat(20)}`, value: 1n }
  await t.wallet.facade.prepareSend(own)
  await settle()
  expect(calls).toContain('show approvals')
  expect(calls.filter((name) => name.startsWith('count')).at(-1)).toBe('count 1')
  page.leave()
  await settle()
  expect(calls).toContain('awake')
  expect(calls).not.toContain('may sleep')
  host.windowClosed(8)
  await settle()
  expect(site.response('1')).toBeUndefined()
  host.windowClosed(7)
  await settle()
  expect(site.response('1')).toMatchObject({ error: { code: 4001 } })
  expect(t.state.approvals).toMatchObject([{ kind: 'send-transaction', origin: null }])
  await t.wallet.facade.reject({ id: t.state.approvals[0]!.id })
  await settle()
  expect(calls).toContain('may sleep')
})

test('a window that is closed before its page has come says no as well', async () => {
  const { host, t } = await setUp({ shown: () => 12 })
  const site = fakePort('site')
  await host.serveSite(site.port, ORIGIN)
  site.request('1', 'eth_requestAccounts')
  await until(() => t.state.approvals.length === 1, 'the question')
  await settle()
  host.windowClosed(11)
  await settle()
  expect(site.response('1')).toBeUndefined()
  host.windowClosed(12)
  await settle()
  expect(site.response('1')).toMatchObject({ error: { code: 4001 } })
  expect(t.state.approvals).toEqual([])
})

test('a window that is closed while the browser still opens it says no as well', async () => {
  const { host, t } = await setUp({
    shown() {
      host.windowClosed(12)
      return 12
    },
  })
  const site = fakePort('site')
  await host.serveSite(site.port, ORIGIN)
  site.request('1', 'eth_requestAccounts')
  await until(() => site.response('1'), 'an answer')
  expect(site.response('1')).toMatchObject({ error: { code: 4001 } })
  expect(t.state.approvals).toEqual([])
})

test('a window that closes since nothing waits takes nobody with it who asks at that moment', async () => {
  const { host, calls, t } = await setUp()
  await host.servePage(fakePort('wallet').port, 7)
  const site = fakePort('site')
  await host.serveSite(site.port, ORIGIN)
  site.request('1', 'eth_requestAccounts')
  await until(() => t.state.approvals.length === 1, 'the question')
  expect(await host.answer({ ask: 'leave' })).toEqual({ may: false })
  await t.wallet.facade.reject({ id: t.state.approvals[0]!.id })
  expect(await host.answer({ ask: 'leave' })).toEqual({ may: true })
  expect(calls).toContain('window 7 leaves')
  site.request('2', 'eth_requestAccounts')
  await until(() => t.state.approvals.length === 1, 'the next question')
  host.windowClosed(7)
  await settle()
  expect(site.response('2')).toBeUndefined()
  expect(t.state.approvals).toHaveLength(1)
})

test('rests when nobody asks for anything, and follows the chain again when somebody does', async () => {
  const { host, calls, t } = await setUp()
  await t.wallet.facade.setAutoLock({ minutes: 60 })
  const site = fakePort('site')
  await host.serveSite(site.port, ORIGIN)
  site.request('1', 'eth_blockNumber')
  await until(() => site.response('1'), 'an answer')
  await t.clock.pass(REST_AFTER - 1)
  await host.tick()
  expect(t.state.pulse.state).toBe('following')
  await t.clock.pass(1)
  await host.tick()
  expect(t.state.pulse.state).toBe('idle')
  expect(t.state.phase).toBe('unlocked')
  expect(calls).toContain('close peers')
  const before = t.opened.length
  site.request('2', 'eth_blockNumber')
  site.request('3', 'eth_blockNumber')
  await until(() => site.response('2') && site.response('3'), 'answers')
  expect(site.response('2')).toEqual({ ...site.response('1'), id: '2' })
  expect(t.opened.length).toBe(before + 1)
  expect(t.state.pulse.state).toBe('following')
})

test('never rests while a page of the wallet is open', async () => {
  const { host, t } = await setUp()
  await t.wallet.facade.setAutoLock({ minutes: 60 })
  const page = fakePort('wallet')
  await host.servePage(page.port, null)
  await t.clock.pass(2 * REST_AFTER)
  await host.tick()
  expect(t.state.pulse.state).toBe('following')
  page.leave()
  await host.tick()
  expect(t.state.pulse.state).toBe('idle')
})

test('the alarm locks in time, and ends a session no wallet is there for', async () => {
  const { host, calls, t } = await setUp()
  await host.tick()
  expect(calls).toEqual(['close peers'])
  await host.answer({ ask: 'open' })
  // As after a sleep of the device, in which timers stood still.
  const passed = t.clock.now() + 16 * 60_000
  Object.assign(t.clock, { now: () => passed })
  await host.tick()
  expect(t.state.phase).toBe('locked')

  const other = await setUp()
  const later = other.t.clock.now() + 16 * 60_000
  Object.assign(other.t.clock, { now: () => later })
  await other.host.tick()
  expect(other.calls).toEqual(['stop alarm', 'close peers'])
  expect(await other.t.ports.session.restore(0)).toBeNull()
})

test('another network locks the wallet, forgets the sources and sends everybody away', async () => {
  const { host, calls, t } = await setUp()
  const [page, site] = [fakePort('wallet'), fakePort('site')]
  await host.servePage(page.port, null)
  await host.serveSite(site.port, ORIGIN)
  expect(await host.answer({ ask: 'choose-network', profile: 'nonsense' })).toMatchObject({
    problem: { code: 'UNREADABLE_PROFILE' },
  })
  expect(t.state.phase).toBe('unlocked')
  expect(page.open).toBe(true)
  const profile = JSON.stringify(PROFILES.mainnet)
  expect(await host.answer({ ask: 'choose-network', profile })).toEqual({ problem: null })
  expect(t.state.phase).toBe('locked')
  expect(t.state.pulse.state).toBe('idle')
  expect(calls).toContain('forget sources')
  expect([page.open, site.open]).toEqual([false, false])
  expect(await host.answer({ ask: 'network' })).toEqual({ name: PROFILES.mainnet?.name })
  await host.answer({ ask: 'open' })
  expect(calls.filter((name) => name === 'start')).toHaveLength(2)
})
