/**
 * What the browser and a hostile page do to the extension: the worker dies before, while and after each kind of request,
 * many things wait at once, a page floods, and whoever looks into a locked wallet's memory finds nothing.
 */
import type { CDPSession, Page } from '@playwright/test'
import type { DappApi, Outcome } from './extension/dapp.ts'
import { expect, PASSWORD, quiet, say, test } from './extension/ready-wallet.ts'

test.describe.configure({ mode: 'serial' })

const RECIPIENT = '0x00000000000000000000000000000000000c0ffe'
const TYPED = {
  types: { Mail: [{ name: 'text', type: 'string' }] },
  primaryType: 'Mail',
  domain: { name: 'A site' },
  message: { text: 'hello' },
}

let site: Page
let account: string

const request = (method: string, params: unknown[] = []): Promise<Outcome<unknown>> =>
  site.evaluate(([name, given]) => window.dapp.request(name, given), [method, params] as const) as Promise<
    Awaited<ReturnType<DappApi['request']>>
  >

test('a site is let in', async ({ ready, dapp }) => {
  site = await ready.context.newPage()
  await site.goto(dapp.url)
  const connected = await ready.answering(['approve'], () => request('eth_requestAccounts'))
  expect(connected).toMatchObject({ ok: true, value: [expect.stringMatching(/^0x/)] })
  if (connected.ok) account = (connected.value as string[])[0]!
})

for (const [kind, ask] of [
  ['personal_sign', () => request('personal_sign', ['hello', account])],
  ['eth_signTypedData_v4', () => request('eth_signTypedData_v4', [account, TYPED])],
  ['eth_sendTransaction', () => request('eth_sendTransaction', [{ from: account, to: RECIPIENT, value: '0x1' }])],
] as const)
  test(`${kind}: the worker dies before it, while it waits, and once it is answered`, async ({ ready, stand }) => {
    const nonce = async () => Number(await stand.rpc<string>('eth_getTransactionCount', account, 'pending'))
    const before = await nonce()
    await ready.killWorker()
    const answer = ask()
    await ready.approval()
    await ready.killWorker()
    await say(ready, 'approve')
    const given = await answer
    expect(given).toMatchObject({ ok: true, value: expect.stringMatching(/^0x[0-9a-f]{64}/) })
    await ready.killWorker()
    // Nothing is left over, and nothing was done twice.
    expect(await request('eth_accounts')).toEqual({ ok: true, value: [account] })
    await expect(ready.wallet.getByTestId('approval')).toHaveCount(0)
    expect((await nonce()) - before).toBe(kind === 'eth_sendTransaction' ? 1 : 0)
  })

test('reads outlive the worker', async ({ ready }) => {
  for (const [method, params] of [
    ['eth_chainId', []],
    ['eth_blockNumber', []],
    ['eth_getBalance', [account, 'finalized']],
    ['wallet_getPermissions', []],
  ] as const) {
    const answer = request(method, [...params])
    await ready.killWorker()
    expect(await answer, method).toMatchObject({ ok: true })
  }
})

test('ten things wait at once, an eleventh is too many; each is asked', async ({ ready }) => {
  const texts = Array.from({ length: 10 }, (_, i) => `number ${i}`)
  const answers = texts.map((text) => request('personal_sign', [text, account]))
  const surplus = expect.poll(() => request('personal_sign', ['one more', account])).toMatchObject({ code: -32005 })
  await ready.approval()
  await surplus
  for (const i of texts.keys()) await say(ready, i % 2 === 0 ? 'approve' : 'reject')
  const codes = (await Promise.all(answers)).map((answer) => (answer.ok ? 0 : answer.code))
  expect(codes.filter((code) => code === 0)).toHaveLength(5)
  expect(codes.filter((code) => code === 4001)).toHaveLength(5)
})

test('a window for approvals that is closed before its page has come says no', async ({ ready }) => {
  await quiet(ready)
  ready.context.once('page', (opened) => void opened.close())
  expect(await request('personal_sign', ['who sees this?', account])).toMatchObject({ ok: false, code: 4001 })
  await expect(ready.wallet.getByTestId('approval')).toHaveCount(0)
})

test('a page that floods costs itself, not the others', async ({ ready, dapp }) => {
  const calm = await ready.context.newPage()
  await calm.goto(dapp.otherUrl)
  // Of accounts that were never asked about: what is known already is answered too fast to wait.
  const flood = site.evaluate(async () => {
    const accounts = Array.from({ length: 3000 }, (_, i) => `0x${(i + 1).toString(16).padStart(40, '0')}`)
    const asked = accounts.map((who) => window.dapp.request('eth_getBalance', [who, 'latest']))
    return (await Promise.all(asked)).filter((answer) => !answer.ok && answer.code === -32005).length
  })
  expect(await calm.evaluate(() => window.dapp.request('eth_chainId'))).toEqual({ ok: true, value: '0x539' })
  expect(await flood).toBeGreaterThan(0)
  await calm.close()
})

test('while locked the memory of the worker holds no secret, and a site learns nothing', async ({ ready }) => {
  const { wallet } = ready
  const phrase = await readPhrase(wallet)
  expect(phrase.split(' ')).toHaveLength(12)
  await wallet.getByTestId('nav-settings').click()
  await wallet.getByTestId('lock').click()
  await expect(wallet.getByTestId('unlock')).toBeVisible()
  for (const method of ['personal_sign', 'eth_signTypedData_v4', 'eth_sendTransaction'])
    expect(
      await request(method, method === 'eth_sendTransaction' ? [{ from: account }] : [account, account]),
    ).toMatchObject({ ok: false })
  expect(await request('eth_accounts')).toEqual({ ok: true, value: [] })
  const heap = await heapOfWorker(await ready.context.newCDPSession(wallet))
  expect(heap.length).toBeGreaterThan(100_000)
  expect(heap).toContain('eth_sendTransaction')
  // As text, and as the JSON of the ports has them.
  for (const secret of [phrase, PASSWORD])
    for (const text of [secret, Buffer.from(secret).toString('base64')]) expect(heap.includes(text)).toBe(false)
  await wallet.getByTestId('password').fill(PASSWORD)
  await wallet.getByTestId('unlock').click()
  await expect.poll(() => request('eth_accounts')).toMatchObject({ value: [account] })
})

test('nothing asked for a host that nobody chose', async ({ ready, stand, dapp }) => {
  const chosen = [stand.networkUrl, stand.walletUrl, dapp.url, dapp.otherUrl].map((url) => new URL(url).host)
  const strange = [...ready.hosts].filter((host) => !chosen.includes(host) && host !== stand.faucetHost)
  // Extensions' own pages, and the bridge of the chosen network.
  const bridges = (await ready.network()).sources.peers.flatMap((peer) => /\/tcp\/(\d+)\/ws/.exec(peer)?.[1] ?? [])
  expect(
    strange.filter(
      (host) => host !== new URL(ready.page('')).host && !bridges.some((port) => host.endsWith(`:${port}`)),
    ),
  ).toEqual([])
})

async function readPhrase(wallet: Page): Promise<string> {
  await wallet.getByTestId('nav-settings').click()
  await wallet.getByTestId('reveal-phrase').click()
  await wallet.getByTestId('password').fill(PASSWORD)
  await wallet.getByTestId('reveal').click()
  await wallet.getByTestId('phrase-reveal').click()
  const words: string[] = []
  for (let i = 1; i <= 12; i++) words.push((await wallet.getByTestId(`phrase-word-${i}`).textContent())!.trim())
  await wallet.reload()
  return words.join(' ')
}

/** Every string in the worker's memory, after a collection. */
async function heapOfWorker(page: CDPSession): Promise<string> {
  const browser = page
  const { targetInfos } = await browser.send('Target.getTargets')
  const worker = targetInfos.find(({ type, url }) => type === 'service_worker' && url.endsWith('/worker.js'))
  expect(worker).toBeDefined()
  const { sessionId } = await browser.send('Target.attachToTarget', { targetId: worker!.targetId, flatten: false })
  let heap = ''
  let count = 0
  const waiting = new Map<number, () => void>()
  browser.on('Target.receivedMessageFromTarget', ({ message }) => {
    const told = JSON.parse(message) as { id?: number; method?: string; params?: { chunk?: string } }
    if (told.method === 'HeapProfiler.addHeapSnapshotChunk') heap += told.params?.chunk ?? ''
    if (told.id !== undefined) waiting.get(told.id)?.()
  })
  for (const method of ['HeapProfiler.enable', 'HeapProfiler.collectGarbage', 'HeapProfiler.takeHeapSnapshot']) {
    const id = ++count
    const done = new Promise<void>((resolve) => waiting.set(id, resolve))
    await browser.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method }) })
    await done
  }
  return heap
}
