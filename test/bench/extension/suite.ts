/**
 * The extension in Chromium: what its files weigh before they run, what it costs a page that loads, and how long a page
 * waits for an answer when the worker runs, and when the browser has stopped it and it has to begin anew. Times are of
 * this machine.
 * @module
 */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startDevnet } from '@glowworm/devnet'
import { type BrowserContext, chromium, type Page } from '@playwright/test'
import { findChromium, launchArguments } from '../../browser/chromium.ts'
import { pageLoads } from './page-load.ts'

export interface ExtensionRow {
  readonly name: string
  readonly value: number
  readonly unit: 'KB gz' | 'ms' | '×'
  /** At most. */
  readonly goal: number | null
}

const BUILD = fileURLToPath(new URL('../../../extension/build.ts', import.meta.url))
const GOALS: Readonly<Record<string, number>> = { 'inpage.js': 6, 'popup.js': 150 }
const ROUNDS = 9

export async function run(): Promise<ExtensionRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'glowworm-bench-extension-'))
  try {
    const extension = join(folder, 'extension')
    // Over budget it ends with an error, after it has printed; the rows say so, too.
    const { stdout } = await promisify(execFile)(process.execPath, [BUILD, '--size', '--out', extension]).catch(
      (error: { stdout: string }) => error,
    )
    const sizes = [...stdout.matchAll(/^(\w+\.js)\s+([\d.]+) of/gm)].map(
      ([, file, size]): ExtensionRow => ({
        name: `${file}, with what it loads at once`,
        value: Number(size),
        unit: 'KB gz',
        goal: GOALS[file!] ?? null,
      }),
    )
    const loads = await pageLoads(extension, folder)
    return [...sizes, ...loads, ...(await answers(extension, join(folder, 'profile')))]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** For `npm run bench -- extension` without `--json`. */
export async function present(rows: readonly ExtensionRow[]): Promise<string> {
  const line = ({ name, value, unit, goal }: ExtensionRow) =>
    `${name.padEnd(56)} ${String(value).padStart(8)} ${unit.padEnd(5)}${goal === null ? '' : ` at most ${goal}${value > goal ? ': short' : ''}`}\n`
  return rows.map(line).join('')
}

async function answers(extension: string, profile: string): Promise<ExtensionRow[]> {
  const devnet = await startDevnet({ secondsPerSlot: 1 })
  const server = createServer((_, response) =>
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>A site</title>'),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: await findChromium(),
    headless: true,
    args: [...launchArguments, `--disable-extensions-except=${extension}`, `--load-extension=${extension}`],
  })
  try {
    const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'))
    await worker.evaluate(
      `chrome.storage.local.set({ 'network-profile': ${JSON.stringify(JSON.stringify(devnet.liveProfile()))} })`,
    )
    const own = await context.newPage()
    await own.goto(new URL('network.html', worker.url()).href)
    const site = await context.newPage()
    await site.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    await ask(site)
    const warm: number[] = []
    const woken: number[] = []
    for (let tries = 0; woken.length < ROUNDS; tries++) {
      if (tries > 4 * ROUNDS) throw new Error('the browser does not stop the worker')
      warm.push(await ask(site))
      await worker.evaluate('globalThis.firstLife = true')
      await stopWorker(context, own)
      const waited = await ask(site)
      // An answer of the old worker does not count.
      if (await worker.evaluate(`!('firstLife' in globalThis)`)) woken.push(waited)
    }
    const [warmly, anew] = [median(warm), median(woken)]
    return [
      { name: 'answer to a page, median', value: warmly, unit: 'ms', goal: null },
      { name: 'answer to a page after the death of the worker, median', value: anew, unit: 'ms', goal: 150 },
      { name: '… at worst', value: round(Math.max(...woken)), unit: 'ms', goal: null },
    ]
  } finally {
    await context.close()
    server.close()
    await devnet.close()
  }
}

/** As the page sees it, in ms. */
function ask(site: Page): Promise<number> {
  return site.evaluate(async () => {
    const { ethereum } = window as unknown as { ethereum: { request(args: object): Promise<unknown> } }
    const start = performance.now()
    await ethereum.request({ method: 'eth_chainId' })
    return performance.now() - start
  })
}

async function stopWorker(context: BrowserContext, own: Page): Promise<void> {
  const session = await context.newCDPSession(own)
  await session.send('ServiceWorker.enable')
  await session.send('ServiceWorker.stopAllWorkers')
  await session.detach()
}

const round = (value: number): number => Math.round(value * 10) / 10
const median = (values: readonly number[]): number => round([...values].sort((a, b) => a - b)[values.length >> 1]!)
