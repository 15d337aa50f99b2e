import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from '@playwright/test'
import { findChromium, launchArguments } from '../../../browser/chromium.ts'
import { bundlePages } from '../../../pages/bundle.ts'
import { setClock } from '../do-job.mjs'
import type { ClientName, Job, Memory, Outcome } from '../job.ts'
import { memoryOf } from '../node/memory-of.mjs'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const THROTTLE = 4
/** Milliseconds after which a page that does nothing has what it takes. */
const SETTLING = 1000

export interface Pages {
  /** Where the bundled pages lie. */
  readonly folder: string
  /** The job in a browser of its own. */
  run(client: ClientName, job: Job): Promise<Outcome>
  /** Milliseconds from the navigation to a proven balance on the page, on a slow processor. */
  install(job: Job, hops: boolean): Promise<{ balance: string; milliseconds: number }>
  close(): Promise<void>
}

/** Bundles the pages; the server of the recording has to serve them. @throws {ChromiumNotFound} */
export async function preparePages(): Promise<Pages> {
  const executablePath = await findChromium()
  const { folder, remove } = await bundlePages(HERE, ['index.html', 'install.html'])
  const launched = async <T>(work: (browser: Browser) => Promise<T>): Promise<T> => {
    const browser = await chromium.launch({ executablePath, args: [...launchArguments] })
    try {
      return await work(browser)
    } finally {
      await browser.close()
    }
  }
  return {
    folder,
    run: (client, job) =>
      launched(async (browser) => {
        const page = await browser.newPage()
        const failed = new Promise<never>((_, reject) => page.on('pageerror', reject))
        const seen: Renderers[] = []
        await page.exposeFunction('memory', async () => void seen.push(await renderers(browser)))
        await page.goto(`${job.url}/index.html`)
        await page.waitForFunction(() => 'run' in window)
        await page.waitForTimeout(SETTLING)
        const ran = page.evaluate(([name, what]) => window.run(name, what), [client, job] as const)
        const outcome = await Promise.race([failed, ran])
        return { ...outcome, memory: addedMemory(seen) }
      }),
    install: (job, hops) =>
      launched(async (browser) => {
        const page = await browser.newPage()
        const failed = new Promise<never>((_, reject) => page.on('pageerror', reject))
        await page.addInitScript(`(${setClock})(${job.now}); window.visit = ${JSON.stringify({ job, hops })}`)
        const devtools = await page.context().newCDPSession(page)
        await devtools.send('Emulation.setCPUThrottlingRate', { rate: THROTTLE })
        await page.goto(`${job.url}/install.html`, { waitUntil: 'commit' })
        const shown = page.waitForFunction(() => window.shown, null, { timeout: 120_000 })
        return (await Promise.race([failed, shown])).evaluate((value) => value!)
      }),
    close: remove,
  }
}

/** By process id: bytes, and seconds of processor time so far. */
type Renderers = ReadonlyMap<number, { readonly memory: Memory; readonly processor: number }>

async function renderers(browser: Browser): Promise<Renderers> {
  const devtools = await browser.newBrowserCDPSession()
  const { processInfo } = await devtools.send('SystemInfo.getProcessInfo')
  const entries = processInfo
    .filter(({ type }) => type === 'renderer')
    .flatMap(({ id, cpuTime }) => {
      const memory = memoryOf(id)
      return memory ? [[id, { memory, processor: cpuTime }] as const] : []
    })
  return new Map(entries)
}

/** The page's renderer is the one that worked meanwhile; a browser has others. Null where the system does not tell. */
function addedMemory([before, after]: readonly Renderers[]): Outcome['memory'] {
  if (!before || !after) return null
  const worked = (id: number) => after.get(id)!.processor - (before.get(id)?.processor ?? Number.POSITIVE_INFINITY)
  const [id] = [...after.keys()].sort((a, b) => worked(b) - worked(a))
  const [from, to] = [before.get(id!)?.memory, after.get(id!)?.memory]
  return from && to ? { resident: to.resident - from.resident, own: to.own - from.own } : null
}
