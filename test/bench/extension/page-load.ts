/**
 * How long a page takes to load with the extension and without it, in turns: what differs is the scripts it puts there.
 * The clock tells what a person waits, and what else the machine does; the processor time of the page's main thread tells
 * what the scripts cost.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type BrowserContext, type CDPSession, chromium, type Page } from '@playwright/test'
import { findChromium, launchArguments } from '../../browser/chromium.ts'
import type { ExtensionRow } from './suite.ts'

/** Loads of each, after some that do not count. */
const ROUNDS = 60
const WARM_UP = 5

/** @param folder where the profiles of both browsers may lie */
export async function pageLoads(extension: string, folder: string): Promise<ExtensionRow[]> {
  const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end(SITE))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const contexts: BrowserContext[] = []
  const open = async (name: string, more: readonly string[]): Promise<Watched> => {
    const context = await chromium.launchPersistentContext(join(folder, name), {
      executablePath: await findChromium(),
      headless: true,
      args: [...launchArguments, ...more],
    })
    contexts.push(context)
    const page = await context.newPage()
    const session = await context.newCDPSession(page)
    await session.send('Performance.enable', { timeDomain: 'threadTicks' })
    return { page, session }
  }
  try {
    const plain = await open('plain', [])
    const wearing = await open('wearing', [`--disable-extensions-except=${extension}`, `--load-extension=${extension}`])
    const times = { without: [] as Load[], with: [] as Load[] }
    for (let round = -WARM_UP; round < ROUNDS; round++) {
      // Who comes first changes, so that neither always runs in the other's wake.
      const turns = [['without', plain] as const, ['with', wearing] as const]
      for (const [name, watched] of round % 2 === 0 ? turns : turns.toReversed()) {
        const time = await load(watched, url)
        if (round >= 0) times[name].push(time)
      }
    }
    if (!(await wearing.page.evaluate(() => 'ethereum' in window))) throw new Error('the extension is not in the page')
    const all = (which: keyof typeof times, what: keyof Load) => times[which].map((one) => one[what])
    return (['waited', 'worked'] as const).flatMap((what): ExtensionRow[] => {
      const words = what === 'waited' ? 'page load' : 'processor time of a page load'
      const [without, wearingIt] = [all('without', what), all('with', what)]
      const differences = wearingIt.map((time, i) => time - without[i]!)
      return [
        { name: `${words} without the extension, median`, value: round(median(without)), unit: 'ms', goal: null },
        { name: `${words} with it, median`, value: round(median(wearingIt)), unit: 'ms', goal: null },
        {
          name: `${words} with it, median of the differences`,
          value: round(median(differences)),
          unit: 'ms',
          goal: null,
        },
        {
          name: `${words} with it, times that without it`,
          value: Math.round((median(wearingIt) / median(without)) * 1000) / 1000,
          unit: '×',
          goal: what === 'worked' ? 1.05 : null,
        },
      ]
    })
  } finally {
    for (const context of contexts) await context.close()
    server.close()
  }
}

interface Watched {
  readonly page: Page
  readonly session: CDPSession
}

/** In ms. */
interface Load {
  /** From the start of the navigation to the end of the load event, as the browser says. */
  readonly waited: number
  /** Of the processor for the page's main thread. */
  readonly worked: number
}

async function load({ page, session }: Watched, url: string): Promise<Load> {
  const before = await tasks(session)
  await page.goto(url)
  const waited = await page.evaluate(
    () => (performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming).loadEventEnd,
  )
  return { waited, worked: (await tasks(session)) - before }
}

async function tasks(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics')
  const found = metrics.find(({ name }) => name === 'TaskDuration')
  if (!found) throw new Error('the browser does not say how long its tasks took')
  return found.value * 1000
}

/** The work of an ordinary small application: some thousand elements, made by a script. */
const SITE = `<!doctype html><title>A site</title><main></main><script>
  const main = document.querySelector('main')
  for (let i = 0; i < 4000; i++) {
    const row = document.createElement('section')
    row.innerHTML = '<h2>Row ' + i + '</h2><p>' + Math.sqrt(i) + '</p><button>Do</button>'
    main.append(row)
  }
</script>`

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!
const round = (value: number): number => Math.round(value * 10) / 10
