/** The built page. Its session ends when it is left, so what a returning person waits for begins with the password. */
import { fileURLToPath } from 'node:url'
import type { Devnet } from '@glowworm/devnet'
import { serveWallet } from '@glowworm/devnet/start/serve-wallet'
import { type BrowserContext, chromium } from '@playwright/test'
import { build } from 'vite'
import { findChromium, launchArguments } from '../../browser/chromium.ts'
import { median, type UiRow } from './rows.ts'
import { BALANCE, fromClick, slowDown } from './seen.ts'
import { PASSWORD, setUpWallet } from './set-up.ts'

const ROUNDS = 5
const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export async function measurePage(devnet: Devnet): Promise<UiRow[]> {
  const served = await serveWallet({
    folder: at('../../../wallet-ui/dist'),
    port: 0,
    profile: () => devnet.liveProfile(),
  })
  const browser = await chromium.launch({ executablePath: await findChromium(), args: [...launchArguments] })
  try {
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(served.url)
    await setUpWallet(page)
    const kdf = await measureKdf(context, served.url)
    await slowDown(page, 4)
    const unlocks: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      await page.reload()
      await page.getByTestId('password').fill(PASSWORD)
      unlocks.push(await fromClick(page, 'unlock', BALANCE))
    }
    return [
      { name: 'the chosen key derivation alone (Argon2id, 64 MiB, 3 passes)', value: kdf, unit: 'ms', goal: null },
      {
        name: 'from Unlock to the kept balance, proven again, page at 4× throttle',
        value: median(unlocks),
        unit: 'ms',
        goal: kdf + 500,
      },
    ]
  } finally {
    await browser.close()
    await served.close()
  }
}

/** The same function with the same parameters, in a page that has nothing else to do. */
async function measureKdf(context: BrowserContext, url: string): Promise<number> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    resolve: { conditions: ['source', 'module', 'browser', 'production'] },
    build: { write: false, target: 'es2023', lib: { entry: at('./derive-key.ts'), formats: ['iife'], name: 'bench' } },
  })
  const [output] = Array.isArray(built) ? built : [built]
  const code = output && 'output' in output ? output.output[0].code : ''
  const page = await context.newPage()
  try {
    await page.goto(new URL('network.json', url).href)
    const times: number[] = []
    for (let round = 0; round < ROUNDS; round++)
      times.push(await page.evaluate<number>(`(async () => { ${code}; return bench.derivation() })()`))
    return median(times)
  } finally {
    await page.close()
  }
}
