/** The headless wallet over a live devnet: in a page that Playwright drives, and by its policy alone. */
import { execFile } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Devnet, startDevnet } from '@glowworm/devnet'
import { memoryStore } from '@glowworm/light-client/infrastructure/memory-store'
import { type HeadlessWallet, headlessWallet } from '@glowworm/wallet-core/headless'
import { type Browser, chromium, type Page } from '@playwright/test'
import { verifyMessage } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium, launchArguments } from '../browser/chromium.ts'

const PHRASE = 'test test test test test test test test test test test junk'
const ME = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'
const FRIEND = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'
const STRANGER = '0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc'
const MILLI = 10n ** 15n
const POLICY = {
  version: 1,
  methods: ['eth_requestAccounts', 'personal_sign', 'eth_sendTransaction'],
  contracts: [{ address: FRIEND, selectors: ['0x'] }],
  limits: [{ asset: 'native', most: String(10n * MILLI), per: 3600 }],
  secondApproval: { above: [{ asset: 'native', most: String(5n * MILLI) }] },
}

let devnet: Devnet
let browser: Browser
let site: Server
let url: string
beforeAll(async () => {
  devnet = await startDevnet({ secondsPerSlot: 1 })
  const gift = await fetch(devnet.faucetUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ address: ME }),
  })
  expect(gift.ok).toBe(true)
  site = createServer((request, response) => {
    response.setHeader('content-type', 'text/html')
    const frame = `<iframe name="other" src="http://localhost:${(site.address() as AddressInfo).port}/"></iframe>`
    response.end(`<!doctype html><title>A site</title>${request.url === '/frames' ? frame : ''}`)
  })
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(site.address() as AddressInfo).port}/`
  browser = await chromium.launch({ executablePath: await findChromium(), args: [...launchArguments] })
})
afterAll(async () => {
  await browser?.close()
  site?.close()
  await devnet?.close()
})

const wallet = (more: object = {}) =>
  headlessWallet({ network: devnet.liveProfile(), phrase: PHRASE, policy: POLICY, ...more })

/** What `window.ethereum` says in the page; errors as their code. */
const ask = (page: Page, method: string, params: unknown[] = []) =>
  page.evaluate(
    ([name, given]) =>
      (window as unknown as { ethereum: { request(args: object): Promise<unknown> } }).ethereum
        .request({ method: name, params: given })
        .catch((error: { code: number }) => error.code),
    [method, params] as const,
  )
const pay = (page: Page, to: string, value: bigint) =>
  ask(page, 'eth_sendTransaction', [
    { from: ME, to, value: `0x${value.toString(16)}`, gas: '0x5208', maxFeePerGas: '0x77359400' },
  ])

describe('in a page', () => {
  let headless: HeadlessWallet
  let page: Page
  const refused: string[] = []
  beforeAll(async () => {
    headless = await wallet({
      onRefusal: (_: unknown, why: string) => refused.push(why),
      secondApproval: () => true,
    })
    page = await browser.newPage()
    await headless.attach(page)
    await page.goto(url)
  })
  afterAll(async () => {
    await headless?.close()
  })

  it('connects, signs and pays without anybody', async () => {
    expect(await ask(page, 'eth_accounts')).toEqual([])
    expect(await ask(page, 'eth_requestAccounts')).toEqual([ME])
    const signature = (await ask(page, 'personal_sign', ['hello', ME])) as `0x${string}`
    expect(await verifyMessage({ address: ME, message: 'hello', signature })).toBe(true)
    const hash = await pay(page, FRIEND, MILLI)
    expect(hash).toMatch(/^0x[0-9a-f]{64}$/)
    await expect
      .poll(() => ask(page, 'eth_getTransactionReceipt', [hash]), { timeout: 30_000 })
      .toMatchObject({
        status: '0x1',
        from: ME,
        to: FRIEND,
      })
    expect(headless.facade.state.sites).toMatchObject([{ origin: new URL(url).origin }])
  })

  it('what the policy does not allow is refused with its reason, and nothing is sent', async () => {
    const before = headless.facade.state.activity.length
    expect(await pay(page, STRANGER, 1n)).toBe(4100)
    expect(await pay(page, FRIEND, 11n * MILLI)).toBe(4100)
    expect(
      await ask(page, 'eth_signTypedData_v4', [ME, { types: { A: [] }, primaryType: 'A', domain: {}, message: {} }]),
    ).toBe(4100)
    expect(refused).toEqual([
      'this recipient is not allowed',
      expect.stringContaining('more than 10000000000000000 of native'),
      'eth_signTypedData_v4 is not allowed',
    ])
    expect(headless.facade.state.activity).toHaveLength(before)
    // The second approver says yes, and then the limit over time is used up.
    expect(await pay(page, FRIEND, 6n * MILLI)).toMatch(/^0x/)
    expect(await pay(page, FRIEND, 6n * MILLI)).toBe(4100)
  })

  it('knows each frame by its own origin, and lives through a reload', async () => {
    await page.goto(`${url}frames`)
    expect(await ask(page, 'eth_accounts')).toEqual([ME])
    const other = page.frame('other')!
    const found = () => other.evaluate(() => 'ethereum' in window)
    await expect.poll(found).toBe(true)
    const code = await other.evaluate(() =>
      (window as unknown as { ethereum: { request(args: object): Promise<unknown> } }).ethereum
        .request({ method: 'eth_accounts' })
        .catch((error: { code: number }) => error.code),
    )
    expect(code).toBe(4100)
    await page.goto('about:blank')
    await page.goto(url)
    expect(await ask(page, 'eth_accounts')).toEqual([ME])
  })
})

it('the example of the documentation runs', async () => {
  const example = fileURLToPath(new URL('../../docs/examples/headless/run.mjs', import.meta.url))
  const env = { ...process.env, CHROMIUM: await findChromium() }
  const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=source', example], { env })
  const [account, signature] = stdout.trim().split(' ')
  expect(account).toBe(ME)
  const signed = { address: ME, message: 'Let me in.', signature: signature as `0x${string}` } as const
  expect(await verifyMessage(signed)).toBe(true)
})

describe('as a signer', () => {
  const origin = 'https://program.example'
  let count = 0
  const request = (headless: HeadlessWallet, method: string, params: unknown[] = []) =>
    headless.provider.handle({ origin, id: `signer:${++count}`, method, params })

  it('keeps count of its limits beyond the process, and asks nobody twice in vain', async () => {
    const vault = () => ({ store, password: new TextEncoder().encode('a password of a program') })
    const store = memoryStore()
    const send = (headless: HeadlessWallet, value: bigint) =>
      request(headless, 'eth_sendTransaction', [
        { from: ME, to: FRIEND, value: `0x${value.toString(16)}`, gas: '0x5208', maxFeePerGas: '0x77359400' },
      ])
    const first = await wallet({ vault: vault() })
    expect(await request(first, 'eth_requestAccounts')).toEqual([ME])
    await expect(send(first, 6n * MILLI)).rejects.toMatchObject({ code: 4001 })
    for (let i = 0; i < 2; i++) expect(await send(first, 4n * MILLI)).toMatch(/^0x/)
    await first.close()
    const second = await wallet({ vault: vault() })
    expect(second.facade.state.activity).toHaveLength(2)
    await expect(send(second, 4n * MILLI)).rejects.toMatchObject({ code: 4100 })
    // A lock in between is not the program's business.
    await second.facade.lock()
    expect(await request(second, 'eth_accounts')).toEqual([ME])
    await second.close()
  })

  it('says what is wrong with what it was given', async () => {
    await expect(wallet({ policy: { version: 1, limit: [] } })).rejects.toMatchObject({ code: 'INVALID_POLICY' })
    await expect(
      wallet({ network: { ...devnet.profile, sources: { beacon: [], execution: [], peers: [] } } }),
    ).rejects.toThrow(/no beacon node/)
    await expect(wallet({ phrase: 'not a phrase' })).rejects.toMatchObject({ problem: { code: 'INVALID_PHRASE' } })
  })
})
