/** Chromium with the built extension in a profile of its own, and the site. One of each for the whole file. */
import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type NetworkProfile, parseProfile } from '@glowworm/light-client/ledgers/ethereum/profile'
import { type BrowserContext, chromium, type Page, type Worker } from '@playwright/test'
import { findChromium, launchArguments } from '../../test/browser/chromium.ts'
import { test as base, expect } from '../stand/stand.ts'
import { type Dapp, serveDapp } from './serve-dapp.ts'

/** Where the build lies. */
export const EXTENSION = fileURLToPath(new URL('../../extension/dist', import.meta.url))

/** Runs in the worker. */
const READ_NETWORK = `chrome.storage.local.get('network-profile').then((kept) => kept['network-profile'])`

export interface WalletBrowser {
  readonly context: BrowserContext
  /** Address of one of the extension's pages. */
  page(path: string): string
  /** The network profile that was chosen. */
  network(): Promise<NetworkProfile>
  /** The window for approvals, once it shows one. */
  approval(): Promise<Page>
  /** Stops the worker as the browser does with idle ones; resolves when it is gone. */
  killWorker(): Promise<void>
  /** Closes the document that carries peer connections, as a crash would. */
  loseCarrier(): Promise<void>
  /** Opens a page in a window of its own. */
  openWindow(url: string): Promise<void>
  /** Loads the extension anew, as an update of it does; resolves when the new worker is there. */
  update(): Promise<void>
  /** Closes the browser and starts it again with the same profile. */
  restart(): Promise<void>
}

export const test = base.extend<object, { story: string; browserWithWallet: WalletBrowser; dapp: Dapp }>({
  /** Files with one story share a browser, and what was set up in it; every other story begins with a new one. */
  story: ['ready', { option: true, scope: 'worker' }],
  browserWithWallet: [
    async ({ story: _ }, use) => {
      await access(join(EXTENSION, 'manifest.json')).catch(() => {
        throw new Error('The extension is not built: run "npm run build -w @glowworm/extension" first.')
      })
      const profile = await mkdtemp(join(tmpdir(), 'glowworm-extension-'))
      // Without it, an unpacked extension that is loaded anew stays off.
      await mkdir(join(profile, 'Default'))
      await writeFile(join(profile, 'Default/Preferences'), '{"extensions":{"ui":{"developer_mode":true}}}')
      const browser = await startBrowser(profile)
      try {
        await use(browser)
      } finally {
        await browser.context.close()
        await rm(profile, { recursive: true, force: true })
      }
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  dapp: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's dependencies from this pattern
    async ({}, use) => {
      const dapp = await serveDapp()
      await use(dapp)
      await dapp.close()
    },
    { scope: 'worker', timeout: 60_000 },
  ],
})

async function launch(profile: string): Promise<{ context: BrowserContext; worker: Worker; origin: string }> {
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: await findChromium(),
    headless: true,
    viewport: { width: 375, height: 600 },
    args: [...launchArguments, `--disable-extensions-except=${EXTENSION}`, `--load-extension=${EXTENSION}`],
  })
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'))
  return { context, worker, origin: `chrome-extension://${new URL(worker.url()).host}` }
}

async function startBrowser(profile: string): Promise<WalletBrowser> {
  let { context, worker, origin } = await launch(profile)
  const page = (path: string) => `${origin}/${path}`
  return {
    get context() {
      return context
    },
    page,
    network: async () => parseProfile(JSON.parse(await worker.evaluate(READ_NETWORK))),
    async approval() {
      const shown = () => context.pages().find((candidate) => candidate.url() === page('approval.html'))
      await expect.poll(() => shown() !== undefined, { message: 'the window for approvals opens' }).toBe(true)
      return shown()!
    },
    async killWorker() {
      const anyPage = context.pages().find((candidate) => candidate.url().startsWith(origin))
      if (!anyPage) throw new Error('stopping the worker takes a page of the extension')
      await worker.evaluate(() => Object.assign(globalThis, { firstLife: true }))
      const session = await context.newCDPSession(anyPage)
      await session.send('ServiceWorker.enable')
      await session.send('ServiceWorker.stopAllWorkers')
      await session.detach()
      // Evaluating starts it again where nothing else has; the mark tells its lives apart.
      await expect
        .poll(() => worker.evaluate(() => 'firstLife' in globalThis).catch(() => true), { message: 'the worker dies' })
        .toBe(false)
    },
    loseCarrier: () => worker.evaluate('chrome.offscreen.closeDocument()'),
    openWindow: (url) =>
      worker.evaluate(`chrome.windows.create({ url: ${JSON.stringify(url)} }).then(() => undefined)`),
    async update() {
      const next = context.waitForEvent('serviceworker')
      // It does not live to answer.
      await worker.evaluate('chrome.runtime.reload()').catch(() => undefined)
      worker = await next
    },
    async restart() {
      await context.close()
      ;({ context, worker, origin } = await launch(profile))
    },
  }
}
