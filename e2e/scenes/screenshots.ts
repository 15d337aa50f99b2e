/**
 * Pictures of every screen at three sizes, light and dark: `npm run screenshots -w wallet-ui [-- FOLDER [NAME…]]`.
 * GLOWWORM_LANGUAGE=ar for another language, GLOWWORM_FORCED_COLORS=active as where the system chooses the colours.
 * They are for looking at; what is worth keeping stands in docs/pictures.
 */
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { PLACES } from '@glowworm/wallet-ui/dev/places'
import { chromium } from '@playwright/test'
import { findChromium, launchArguments } from '../../test/browser/chromium.ts'
import { openPlace, SIZES, type Size, startFakeWallet } from './fake-wallet.ts'

const [folder = 'screenshots', ...names] = process.argv.slice(2)
if (folder.startsWith('-')) throw new Error('expected: npm run screenshots -w wallet-ui [-- FOLDER [NAME…]]')
const language = process.env.GLOWWORM_LANGUAGE ?? 'en'
const forcedColors = process.env.GLOWWORM_FORCED_COLORS === 'active' ? 'active' : 'none'
const target = resolve(process.env.INIT_CWD ?? '.', folder)
const wanted = PLACES.filter(({ name }) => names.length === 0 || names.includes(name))
if (wanted.length === 0) throw new Error(`No screen is called ${names.join(', ')}`)
await mkdir(target, { recursive: true })
const wallet = await startFakeWallet()
const browser = await chromium.launch({ executablePath: await findChromium(), args: [...launchArguments] })
try {
  const context = await browser.newContext({
    locale: language,
    deviceScaleFactor: 2,
    reducedMotion: 'reduce',
    forcedColors,
  })
  const page = await context.newPage()
  for (const place of wanted) {
    for (const size of Object.keys(SIZES) as Size[]) {
      const { surface, ...viewport } = SIZES[size]
      await page.setViewportSize(viewport)
      await openPlace(page, wallet, place, surface)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        await page.screenshot({ path: join(target, `${place.name}-${size}-${colorScheme}.png`), fullPage: true })
      }
    }
    process.stdout.write(`${place.name}\n`)
  }
} finally {
  await browser.close()
  await wallet.close()
}
