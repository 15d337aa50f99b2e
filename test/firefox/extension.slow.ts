/** The Firefox build in a real Firefox: set up, let a page in, sign, refuse a foreign frame, and sleep. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Devnet, startDevnet } from '@glowworm/devnet'
import { verifyMessage } from 'viem'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { findFirefox } from './find-firefox.ts'
import { type Firefox, startFirefox } from './marionette.ts'

const UUID = '6f1f35a4-5f5c-4d0e-9c0a-6a3b5f0f2b11'
const ORIGIN = `moz-extension://${UUID}`
const PASSWORD = 'a long enough passphrase 42'
const BUILD = fileURLToPath(new URL('../../extension/build.ts', import.meta.url))

let devnet: Devnet
let firefox: Firefox
let folder: string
let server: Server
let site: string
let page: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'glowworm-firefox-build-'))
  await promisify(execFile)(process.execPath, [BUILD, '--browser', 'firefox', '--out', join(folder, 'extension')])
  devnet = await startDevnet({ secondsPerSlot: 1 })
  server = createServer((request, response) => {
    const { port } = server.address() as AddressInfo
    const isNetwork = request.url === '/network.json'
    response.setHeader('content-type', isNetwork ? 'application/json' : 'text/html')
    if (isNetwork) return response.end(JSON.stringify(devnet.liveProfile()))
    const frames = `<iframe src="http://localhost:${port}/other"></iframe><iframe src="/own"></iframe>`
    response.end(`<!doctype html><title>A site</title><script>
      window.seen = []
      addEventListener('eip6963:announceProvider', ({ detail }) => seen.push(detail.info.rdns))
      dispatchEvent(new Event('eip6963:requestProvider'))
      if (parent !== window) parent.postMessage([location.pathname, 'ethereum' in window], '*')
      else addEventListener('message', ({ data }) => (window.frames_ = [...(window.frames_ ?? []), data]))
    </script>${request.url === '/' ? frames : ''}`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  site = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  firefox = await startFirefox(findFirefox(), { 'wallet@glowworm.org': UUID })
}, 180_000)
afterAll(async () => {
  await firefox?.close()
  server?.close()
  await devnet?.close()
  await rm(folder, { recursive: true, force: true })
})

const test = (id: string) => `[data-testid="${id}"]`
/** Asks the page's provider; errors come as their code. */
const ask = (method: string, params: unknown[] = []) =>
  firefox.run<unknown>(
    `const [method, params, done] = arguments
     ethereum.request({ method, params }).then((value) => done({ value }), ({ code }) => done({ code }))`,
    method,
    params,
  )
/** Starts a request whose answer is read later. */
const begin = (method: string, params: unknown[] = []) =>
  firefox.run<null>(
    `const [method, params, done] = arguments
     window.outcome = ethereum.request({ method, params }).then((value) => ({ value }), ({ code }) => ({ code }))
     done(null)`,
    method,
    params,
  )
const outcome = () => firefox.run<{ value?: unknown; code?: number }>('const [done] = arguments; outcome.then(done)')

/** Waits for the extension's own page, for nobody else may open one, and turns to it. */
function turnTo(path: string): Promise<string> {
  const look = async () => {
    for (const handle of await firefox.handles()) {
      await firefox.switchTo(handle).catch(() => undefined)
      if ((await firefox.url().catch(() => '')) !== `${ORIGIN}/${path}`) continue
      // Who turns to a page too early keeps the empty one that was there before it.
      const drawn = "arguments[0](document.querySelector('#root [data-testid]') !== null)"
      if (await firefox.run<boolean>(drawn).catch(() => false)) return handle
    }
    return null
  }
  return vi.waitUntil(look, { timeout: 30_000, interval: 200 })
}

/** False while there is no foot yet, and nothing to scroll. */
const SCROLL_TO_FOOT = `
  const foot = document.querySelector('.approval-foot')
  scrollTo(0, document.documentElement.scrollHeight)
  arguments[0](foot !== null)`

/** Answers what the window for approvals shows, and comes back to the page. */
async function answer(what: 'approve' | 'reject'): Promise<void> {
  const window = await turnTo('approval.html')
  // What a message says can only be signed once it was scrolled through, if it is longer than the window.
  await vi.waitUntil(() => firefox.run<boolean>(SCROLL_TO_FOOT), { timeout: 30_000, interval: 100 })
  await firefox.click(test(what))
  await vi.waitUntil(async () => !(await firefox.handles()).includes(window), { timeout: 30_000, interval: 100 })
  await firefox.switchTo(page)
}

it('is installed, and its manifest says what it collects', async () => {
  expect(await firefox.install(join(folder, 'extension'))).toBe('wallet@glowworm.org')
})

it('is set up in its own page', async () => {
  await turnTo('popup.html?surface=page')
  await firefox.click(test('network-other'))
  await firefox.type(test('network-profile'), new URL('network.json', site).href)
  await firefox.click(test('network-profile-use'))
  await firefox.click(test('create-wallet'))
  await firefox.click(test('choose-sources-continue'))
  await firefox.type(test('password'), PASSWORD)
  await firefox.type(test('password-confirm'), PASSWORD)
  await firefox.click(test('continue'))
  await firefox.click(test('backup-postpone'))
  await vi.waitUntil(
    () =>
      firefox.run<boolean>(
        `arguments[0](document.querySelector('${test('balance')}')?.textContent.includes('0 ETH') ?? false)`,
      ),
    { timeout: 60_000, interval: 300 },
  )
}, 180_000)

it('lets a page in, and signs for it', async () => {
  page = await firefox.newTab()
  await firefox.switchTo(page)
  await firefox.go(site)
  expect(await firefox.run<string[]>('arguments[0](window.seen)')).toEqual(['org.glowworm.wallet'])
  expect(await ask('eth_chainId')).toEqual({ value: `0x${devnet.profile.chainId.toString(16)}` })
  await begin('eth_requestAccounts')
  await answer('reject')
  expect(await outcome()).toEqual({ code: 4001 })
  await begin('eth_requestAccounts')
  await answer('approve')
  const { value } = (await outcome()) as { value: [`0x${string}`] }
  const [address] = value
  await begin('personal_sign', ['signed in Firefox', address])
  await answer('approve')
  const { value: signature } = (await outcome()) as { value: `0x${string}` }
  expect(await verifyMessage({ address, message: 'signed in Firefox', signature })).toBe(true)
  expect(await ask('eth_blockNumber')).toMatchObject({ value: expect.stringMatching(/^0x/) })
}, 180_000)

it('shows frames of another site nothing', async () => {
  const frames = await vi.waitUntil(
    async () => {
      const told = await firefox.run<[string, boolean][] | null>('arguments[0](window.frames_ ?? null)')
      return told?.length === 2 ? told : null
    },
    { timeout: 20_000, interval: 200 },
  )
  expect(Object.fromEntries(frames)).toEqual({ '/own': true, '/other': false })
})
