/**
 * What a hostile page, or another extension, may try against the built extension: addresses that pretend, pages without
 * an origin, forged messages, requests that are traps. Each gets the error of its kind, nothing is executed, and the
 * next honest request is answered. What the methods themselves refuse is tested beside them.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from '@playwright/test'
import { findChromium, launchArguments } from '../test/browser/chromium.ts'
import { dappOf } from './extension/acts.ts'
import { letIn } from './extension/let-in.ts'
import { expect, quiet, say, test } from './extension/ready-wallet.ts'
import { EXTENSION } from './extension/wallet-browser.ts'

test.describe.configure({ mode: 'serial' })
test.use({ story: 'hostile-page' })

/** What runs in the other extension. */
const STRANGER = `
  const ask = (id, message) => chrome.runtime.sendMessage(id, message).then((answer) => ({ answer }), () => 'refused')
  const connect = (id, name) =>
    new Promise((resolve) => {
      const port = chrome.runtime.connect(id, { name })
      port.onMessage.addListener((message) => resolve({ message }))
      port.onDisconnect.addListener(() => resolve('refused'))
      port.postMessage({ protocol: 'glowworm.facade.1', type: 'hello', client: '1' })
    })
  const tryAll = async (id, profile) => [
    await ask(id, { ask: 'network' }),
    await ask(id, { ask: 'choose-network', profile }),
    await connect(id, 'wallet'),
    await connect(id, 'site'),
    await connect(id, 'carrier'),
  ]`

const TO = '0x00000000000000000000000000000000000c0ffe'

let site: Page
let account: string

const ask = (method: string, params: unknown = []) => dappOf(site, 'request', method, params)

test('a site is let in', async ({ ready, dapp }) => {
  ;({ site, account } = await letIn(ready, dapp.url))
  await quiet(ready)
})

test('another port and another spelling are other sites; who stands before the @ is not who asks', async ({
  ready,
  dapp,
}) => {
  const { port } = new URL(dapp.url)
  for (const [address, origin] of [
    [`http://bank.example:secret@localhost:${port}/`, `http://localhost:${port}`],
    // Cyrillic letters that look like “apple”
    [`http://аррӏе.localhost:${port}/`, `http://xn--80ak6aa92e.localhost:${port}`],
  ] as const) {
    const page = await ready.context.newPage()
    await page.goto(address)
    expect(await dappOf(page, 'accounts')).toEqual({ ok: true, value: [] })
    const refused = dappOf(page, 'connect')
    const question = await ready.approval()
    await expect(question.getByTestId('approval-origin')).toHaveText(origin)
    await expect(question.getByTestId('approval')).not.toContainText(/bank\.example|secret|аррӏе/)
    await say(ready, 'reject')
    expect(await refused).toMatchObject({ ok: false, code: 4001 })
    await page.close()
    await quiet(ready)
  }
})

test('pages without an address of their own see no wallet, whoever opened them', async ({ ready }) => {
  const blob = await site.evaluate(() => URL.createObjectURL(new Blob(['<p>blob'], { type: 'text/html' })))
  const frames = {
    data: { src: 'data:text/html,<p>data' },
    blob: { src: blob },
    sandboxed: { src: '/', sandbox: 'allow-scripts' },
    written: { srcdoc: '<p>srcdoc' },
  }
  for (const [name, attributes] of Object.entries(frames)) {
    await site.evaluate(
      ([id, given]) =>
        new Promise((loaded) => {
          const frame = Object.assign(document.createElement('iframe'), { name: id, onload: loaded })
          for (const [key, value] of Object.entries(given)) frame.setAttribute(key, value)
          document.body.append(frame)
        }),
      [name, attributes] as const,
    )
    expect(await site.frame(name)!.evaluate(() => 'ethereum' in window), name).toBe(false)
  }
  const opened = ready.context.waitForEvent('page')
  await site.evaluate((url) => void window.open(url), blob)
  const page = await opened
  await page.waitForLoadState()
  expect(page.url()).toBe(blob)
  expect(await page.evaluate(() => 'ethereum' in window)).toBe(false)
  await page.close()
})

test('forged messages in the page reach nobody, and nobody answers them', async ({ ready }) => {
  const heard = await site.evaluate(async (from) => {
    const answers: unknown[] = []
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = ({ data }) => answers.push(data)
    const request = {
      protocol: 'glowworm.provider.1',
      type: 'request',
      id: 'forged',
      method: 'eth_accounts',
      params: [],
    }
    window.postMessage('glowworm.handover.1', '*', [port2])
    port1.postMessage(request)
    window.postMessage(request, '*')
    // A forged yes to what the page itself asked.
    window.postMessage({ protocol: 'glowworm.provider.1', type: 'response', id: 'forged', result: [from] }, '*')
    await window.dapp.request('eth_chainId', [])
    await new Promise((resolve) => setTimeout(resolve, 500))
    return { answers, runtime: 'runtime' in ((window as { chrome?: object }).chrome ?? {}) }
  }, account)
  expect(heard).toEqual({ answers: [], runtime: false })
  await quiet(ready)
})

test('traps in a request spring in the page alone', async ({ ready, stand }) => {
  const sent = async () => Number(await stand.rpc<string>('eth_getTransactionCount', account, 'pending'))
  const before = await sent()
  const outcomes = await site.evaluate(
    async ([from, to]) => {
      const { ethereum } = window as unknown as { ethereum: { request(asked: unknown): Promise<unknown> } }
      const trap = (name: string, rest: object) =>
        Object.defineProperty({ ...rest }, name, {
          enumerable: true,
          get() {
            throw new Error('sprung')
          },
        })
      const loop: unknown[] = []
      loop.push(loop)
      const tries = [
        trap('method', { params: [] }),
        trap('params', { method: 'personal_sign' }),
        { method: 'eth_sendTransaction', params: [trap('to', { from, value: '0x1' })] },
        { method: 'personal_sign', params: loop },
        { method: 'personal_sign', params: [10n, from] },
        { method: 'personal_sign', params: ['x'.repeat(3_000_000), from] },
        new Proxy(
          { method: 'eth_chainId' },
          {
            get: () => {
              throw new Error('sprung')
            },
          },
        ),
        {
          method: 'eth_sendTransaction',
          params: [JSON.parse(`{"__proto__":{"from":"${from}","to":"${to}","polluted":1}}`)],
        },
        { method: 'eth_sendTransaction', params: [{ constructor: { prototype: { polluted: 1 } } }] },
        { method: '__proto__', params: [] },
        { method: 'constructor' },
        { method: ['eth_accounts'] },
        null,
      ]
      const codes: unknown[] = []
      for (const one of tries)
        codes.push(
          await Promise.resolve()
            .then(() => ethereum.request(one))
            .then(
              (value) => ['answered', value],
              (error: { code?: unknown }) => error.code ?? String(error),
            ),
        )
      return codes
    },
    [account, TO] as const,
  )
  const invalid = [-32600, -32602]
  for (const [i, outcome] of outcomes.entries())
    expect([...invalid, 4200], `${i}: ${JSON.stringify(outcome)}`).toContain(outcome)
  expect(await ready.context.serviceWorkers()[0]!.evaluate(() => 'polluted' in {})).toBe(false)
  expect(await sent()).toBe(before)
  await quiet(ready)
  expect(await ask('eth_accounts')).toEqual({ ok: true, value: [account.toLowerCase()] })
})

test('a page that poisons its own prototypes, before it asks, changes nothing but its own view', async ({
  ready,
  dapp,
}) => {
  const page = await ready.context.newPage()
  await page.goto(dapp.otherUrl)
  await page.evaluate((who) => {
    const poison = { origin: 'https://bank.example', method: 'eth_accounts', result: [who], approved: true }
    for (const [key, value] of Object.entries(poison))
      Object.defineProperty(Object.prototype, key, { value, writable: true, configurable: true })
  }, account)
  expect(await dappOf(page, 'request', 'personal_sign', ['hello', account])).toMatchObject({ ok: false, code: 4100 })
  await page.close()
  await quiet(ready)
})

test('a chain that collides with the own one replaces nothing, and nobody it names is asked', async ({ ready }) => {
  const collides = (more: object) => [
    { chainId: '0x539', chainName: 'Mainnet', rpcUrls: ['https://rpc.evil.example'], ...more },
  ]
  const name = {
    nativeCurrency: { name: 'Evil', symbol: 'EVIL', decimals: 2 },
    iconUrls: ['https://icon.evil.example'],
  }
  for (const more of [{}, name, { blockExplorerUrls: ['https://scan.evil.example'] }]) {
    const outcome = await ask('wallet_addEthereumChain', collides(more))
    expect(outcome.ok ? outcome.value : outcome.code).toEqual(outcome.ok ? null : -32602)
  }
  expect(await ask('eth_chainId')).toEqual({ ok: true, value: '0x539' })
  await expect(ready.wallet.getByTestId('balance')).toContainText('ETH')
  expect([...ready.hosts].filter((host) => host.includes('evil'))).toEqual([])
  await quiet(ready)
})

test('another extension may neither ask nor command', async ({ ready }) => {
  const folder = await mkdtemp(join(tmpdir(), 'glowworm-other-extension-'))
  const other = join(folder, 'other')
  await mkdir(other)
  const manifest = { manifest_version: 3, name: 'Other', version: '1', background: { service_worker: 'worker.js' } }
  await writeFile(join(other, 'manifest.json'), JSON.stringify(manifest))
  await writeFile(join(other, 'worker.js'), STRANGER)
  const profile = JSON.stringify(await ready.network())
  const both = `${EXTENSION},${other}`
  const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath: await findChromium(),
    headless: true,
    args: [...launchArguments, `--disable-extensions-except=${both}`, `--load-extension=${both}`],
  })
  try {
    await expect.poll(() => context.serviceWorkers().length).toBe(2)
    const workers = context.serviceWorkers()
    const [wallet, stranger] = [
      workers.find((worker) => worker.url().endsWith('/worker.js') && worker.url().includes(hostOf(ready.page(''))))!,
      workers.find((worker) => !worker.url().includes(hostOf(ready.page(''))))!,
    ]
    const outcomes = await stranger.evaluate(
      `tryAll(${JSON.stringify(hostOf(ready.page('')))}, ${JSON.stringify(profile)})`,
    )
    expect(outcomes).toEqual(['refused', 'refused', 'refused', 'refused', 'refused'])
    expect(await wallet.evaluate('chrome.storage.local.get()')).toEqual({})
  } finally {
    await context.close()
    await rm(folder, { recursive: true, force: true })
  }
})

const hostOf = (url: string): string => new URL(url).host
