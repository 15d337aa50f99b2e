/** How soon a tab shows a proven balance: through a bridge, and through another tab when the bridge has died. @module */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Devnet, startDevnet } from '@glowworm/devnet'
import { type Browser, type BrowserContext, chromium } from '@playwright/test'
import { startBridge } from '../../browser/bridge-command.ts'
import { findChromium, launchArguments, PEER_CONNECTION_PERMISSIONS } from '../../browser/chromium.ts'
import { servePage } from '../../browser/page-server.ts'
import { median } from '../compare.ts'
import { NAMES, type P2pRow, row } from './goals.ts'
import type { Shown, Visit } from './tab-page.ts'

const VISITS = 5
const WARM_NOTE =
  'The third load in a profile: evidence kept in IndexedDB, proven again, shown with its age, before anybody is asked.'
const BALANCE = (10_000n * 10n ** 18n).toString()

export async function tabRows(say: (text: string) => void): Promise<P2pRow[]> {
  const devnet = await startDevnet({ mode: 'manual' })
  const server = await servePage('../bench/p2p/tab-page.ts')
  const folder = await mkdtemp(join(tmpdir(), 'glowworm-tab-'))
  const profile = join(folder, 'profile.json')
  await writeFile(profile, JSON.stringify(devnet.profile))
  const bridge = await startBridge(profile)
  const relay = await startBridge(profile, '--relay-only')
  try {
    return await launched(async (browser) => {
      const visit = (context: BrowserContext, bridges: readonly string[]) =>
        visitTab(context, server.origin, { profile: devnet.profile, bridges, address: accountOf(devnet) })
      const cold: Shown[] = []
      const warm: Shown[] = []
      for (let i = 1; i <= VISITS; i++) {
        say(`chromium: tab ${i} of ${VISITS}, through a bridge`)
        const context = await contextOf(browser, server.origin)
        cold.push(await visit(context, bridge.addresses))
        // Chromium keeps compiled code from the second load on
        await visit(context, bridge.addresses)
        warm.push(await visit(context, bridge.addresses))
        if (!warm.at(-1)!.kept) throw new Error('the page shows nothing of what it proved at the visit before')
        await context.close()
      }
      const first = await contextOf(browser, server.origin)
      await visit(first, [...bridge.addresses, ...relay.addresses])
      await bridge.kill()
      const throughTab: Shown[] = []
      for (let i = 1; i <= VISITS; i++) {
        say(`chromium: tab ${i} of ${VISITS}, through another tab`)
        const context = await contextOf(browser, server.origin)
        const shown = await visit(context, relay.addresses)
        if (shown.carrier !== 'webrtc') throw new Error(`the proof came over ${shown.carrier}, not from the other tab`)
        throughTab.push(shown)
        await context.close()
      }
      return [
        row('chromium', NAMES.cold, medianOf(cold), 'ms', `Empty profile. ${stepsOf(cold)}`),
        row('chromium', NAMES.warm, median(warm.map(({ kept }) => kept!.milliseconds)), 'ms', WARM_NOTE),
        row('chromium', NAMES.renewed, medianOf(warm), 'ms', stepsOf(warm)),
        row(
          'chromium',
          NAMES.throughTab,
          medianOf(throughTab),
          'ms',
          `The only bridge has been killed; a relay signals. ${stepsOf(throughTab)}`,
        ),
      ]
    })
  } finally {
    await Promise.all([bridge.kill(), relay.kill()])
    await server.close()
    await devnet.close()
    await rm(folder, { recursive: true, force: true })
  }
}

const accountOf = (devnet: Devnet) => devnet.accounts[1]!.address

async function launched<T>(work: (browser: Browser) => Promise<T>): Promise<T> {
  const browser = await chromium.launch({ executablePath: await findChromium(), args: [...launchArguments] })
  try {
    return await work(browser)
  } finally {
    await browser.close()
  }
}

async function contextOf(browser: Browser, origin: string): Promise<BrowserContext> {
  const context = await browser.newContext()
  await context.grantPermissions([...PEER_CONNECTION_PERMISSIONS], { origin })
  return context
}

/** Leaves the tab open: it serves what it has proven. Tabs that were opened before in the same profile are closed. */
async function visitTab(context: BrowserContext, origin: string, visit: Visit): Promise<Shown> {
  await Promise.all(context.pages().map((page) => page.close()))
  const page = await context.newPage()
  const failed = new Promise<never>((_, reject) => page.on('pageerror', reject))
  failed.catch(() => {})
  await page.addInitScript(`window.tab = ${JSON.stringify(visit)}`)
  await page.goto(origin, { waitUntil: 'commit' })
  const shown = page.waitForFunction(() => window.tabShown, null, { timeout: 60_000, polling: 50 })
  const handle = await Promise.race([failed, shown])
  const found = (await handle.evaluate((value) => value!)) as Shown
  if (found.kept && found.kept.balance !== BALANCE) throw new Error(`the page has kept ${found.kept.balance}`)
  if (found.balance !== BALANCE) throw new Error(`the page shows ${found.balance}, the balance is ${BALANCE}`)
  return found
}

const medianOf = (visits: readonly Shown[]) => median(visits.map(({ milliseconds }) => milliseconds))

/** The steps of the median visit, for whoever wants to know where the time goes. */
function stepsOf(visits: readonly Shown[]): string {
  const middle = [...visits].sort((a, b) => a.milliseconds - b.milliseconds)[visits.length >> 1]!
  const steps = Object.entries({
    ...middle.steps,
    ...(middle.kept ? { 'kept balance shown': middle.kept.milliseconds } : {}),
  }).sort(([, a], [, b]) => a - b)
  return `Median visit: ${steps.map(([step, at]) => `${step} ${Math.round(at)}`).join(', ')}, balance ${Math.round(middle.milliseconds)} ms.`
}
