/**
 * How long a page takes to load with the extension and without it, in turns: what differs is the scripts it puts there.
 * A second browser without it tells how much two that are alike differ: less than that is no delay anybody could measure.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from '@playwright/test'
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
  const open = async (name: string, more: readonly string[]): Promise<Page> => {
    const context = await chromium.launchPersistentContext(join(folder, name), {
      executablePath: await findChromium(),
      headless: true,
      args: [...launchArguments, ...more],
    })
    contexts.push(context)
    return context.newPage()
  }
  try {
    const plain = await open('plain', [])
    const alike = await open('alike', [])
    const wearing = await open('wearing', [`--disable-extensions-except=${extension}`, `--load-extension=${extension}`])
    const times = { without: [] as number[], again: [] as number[], with: [] as number[] }
    const turns = [['without', plain] as const, ['again', alike] as const, ['with', wearing] as const]
    for (let round = -WARM_UP; round < ROUNDS; round++) {
      // Who comes first changes, so that none always runs in the wake of the same other one.
      const first = (round + WARM_UP) % turns.length
      for (const [name, page] of [...turns.slice(first), ...turns.slice(0, first)]) {
        const time = await load(page, url)
        if (round >= 0) times[name].push(time)
      }
    }
    if (!(await wearing.evaluate(() => 'ethereum' in window))) throw new Error('the extension is not in the page')
    const [without, wearingIt] = [median(times.without), median(times.with)]
    const differences = (name: 'with' | 'again') =>
      round(median(times[name].map((time, i) => time - times.without[i]!)))
    const ratio = (of: number) => Math.round((of / without) * 1000) / 1000
    return [
      { name: 'page load without the extension, median', value: round(without), unit: 'ms', goal: null },
      { name: 'page load with it, median', value: round(wearingIt), unit: 'ms', goal: null },
      {
        name: 'page load with it, median of the differences in pairs',
        value: differences('with'),
        unit: 'ms',
        goal: null,
      },
      {
        name: 'twice without it, median of the differences in pairs',
        value: differences('again'),
        unit: 'ms',
        goal: null,
      },
      {
        name: 'page load with it, times that without it',
        value: ratio(wearingIt),
        unit: '×',
        goal: 1.05,
      },
      { name: 'twice without it, one times the other', value: ratio(median(times.again)), unit: '×', goal: null },
    ]
  } finally {
    for (const context of contexts) await context.close()
    server.close()
  }
}

/** From the start of the navigation to the end of the load event, as the browser says, in ms. */
async function load(page: Page, url: string): Promise<number> {
  await page.goto(url)
  return page.evaluate(
    () => (performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming).loadEventEnd,
  )
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
