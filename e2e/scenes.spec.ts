/**
 * Every screen as somebody with poor eyes, a keyboard or a screen reader meets it: axe finds nothing at three sizes,
 * light and dark (WCAG 2.2 AA), and nothing has to be scrolled sideways at 320 px (1.4.10).
 */
import { AxeBuilder } from '@axe-core/playwright'
import { PLACES } from '@glowworm/wallet-ui/dev/places'
import type { Page } from '@playwright/test'
import { test as base, expect } from '@playwright/test'
import { type FakeWallet, openPlace, SIZES, type Size, startFakeWallet } from './scenes/fake-wallet.ts'

const test = base.extend<object, { wallet: FakeWallet }>({
  wallet: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's dependencies from this pattern
    async ({}, use) => {
      const wallet = await startFakeWallet()
      await use(wallet)
      await wallet.close()
    },
    { scope: 'worker', timeout: 120_000 },
  ],
})
// A trace of every state would cost more than the checks.
test.use({ contextOptions: { reducedMotion: 'reduce' }, trace: 'off', screenshot: 'off' })

/** What depends on how much room there is. The rest was looked at on the phone. */
const LAYOUT = ['color-contrast', 'target-size', 'scrollable-region-focusable']

for (const size of Object.keys(SIZES) as Size[]) {
  test(`no screen at the size of a ${size} has a fault that axe knows, light or dark`, async ({ page, wallet }) => {
    test.setTimeout(420_000)
    const { surface, ...viewport } = SIZES[size]
    await page.setViewportSize(viewport)
    const faults: string[] = []
    for (const place of PLACES) {
      await page.emulateMedia({ colorScheme: 'light' })
      await openPlace(page, wallet, place, surface)
      const found = await faultsOf(page, size === 'phone' ? undefined : LAYOUT)
      // Only colours differ in the dark.
      await page.emulateMedia({ colorScheme: 'dark' })
      found.push(...(await faultsOf(page, ['color-contrast'])))
      faults.push(...found.map((fault) => `${place.name} ${fault}`))
    }
    expect(faults).toEqual([])
  })
}

for (const locale of ['en', 'ar'])
  test(`nothing has to be scrolled sideways at 320 px, in ${locale}`, async ({ browser, wallet }) => {
    test.setTimeout(240_000)
    const viewport = { width: 320, height: 640 }
    const page = await browser.newPage({ locale, viewport, reducedMotion: 'reduce' })
    const wide: string[] = []
    for (const place of PLACES) {
      await openPlace(page, wallet, place, 'page')
      const width = await page.evaluate(() => document.documentElement.scrollWidth)
      if (width > viewport.width) wide.push(`${place.name}: ${width}`)
    }
    expect(wide).toEqual([])
    await page.close()
  })

test('the language is chosen in the settings, and so is the side where lines begin; both stay', async ({
  page,
  wallet,
}) => {
  const settings = { name: 'settings', scene: 'home', route: 'settings' } as const
  await openPlace(page, wallet, settings, 'page')
  const html = page.locator('html')
  await expect(html).toHaveAttribute('dir', 'ltr')
  await page.getByTestId('language').selectOption('ar')
  await expect(html).toHaveAttribute('lang', 'ar')
  await expect(html).toHaveAttribute('dir', 'rtl')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('الإعدادات')
  await page.getByTestId('direction').selectOption('ltr')
  await expect(html).toHaveAttribute('dir', 'ltr')
  await openPlace(page, wallet, settings, 'page')
  await expect(html).toHaveAttribute('lang', 'ar')
  await expect(html).toHaveAttribute('dir', 'ltr')
  await page.getByTestId('direction').selectOption('auto')
  await expect(html).toHaveAttribute('dir', 'rtl')
})

async function faultsOf(page: Page, rules?: string[]): Promise<string[]> {
  // There are no frames here: without them axe needs no second page to put its results together.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ preload: false, resultTypes: ['violations'] })
  const { violations } = await (rules
    ? axe.withRules(rules)
    : axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
  ).analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(', ')}`)
}
