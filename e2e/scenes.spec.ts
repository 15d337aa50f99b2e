/**
 * Every screen as somebody with poor eyes, a keyboard or a screen reader meets it: axe finds nothing on a phone, in
 * light and dark, and on a desk (WCAG 2.2 AA), and nothing has to be scrolled sideways at 320 px (1.4.10).
 * `scenes.slow.ts` has the popup and the other colours.
 */
import { PLACES } from '@glowworm/wallet-ui/dev/places'
import { expect } from '@playwright/test'
import { openPlace } from './scenes/fake-wallet.ts'
import { COLOURS, LAYOUT, type Look, looksFaultless, test } from './scenes/faults.ts'

// A trace of every state would cost more than the checks.
test.use({ contextOptions: { reducedMotion: 'reduce' }, trace: 'off', screenshot: 'off' })

const LOOKS: readonly Look[] = [
  { size: 'phone', schemes: { light: null, dark: COLOURS } },
  // The rest is the same at every size.
  { size: 'desktop', schemes: { light: LAYOUT } },
]
for (const look of LOOKS)
  test(`no screen at the size of a ${look.size} has a fault that axe knows`, ({ page, wallet }) =>
    looksFaultless(page, wallet, look))

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

test('where the system chooses the colours, the act differs from its refusal, here from there, and lights are seen', async ({
  page,
  wallet,
}) => {
  await page.emulateMedia({ forcedColors: 'active' })
  const style = (testId: string, property: 'backgroundColor' | 'borderBlockEndStyle') =>
    page.getByTestId(testId).evaluate((element, name) => getComputedStyle(element)[name], property)
  await openPlace(page, wallet, { name: 'transfer', scene: 'phishing', route: '' }, 'page')
  await expect(page.getByTestId('approve')).toBeEnabled()
  expect(await style('approve', 'backgroundColor')).not.toBe(await style('reject', 'backgroundColor'))
  await openPlace(page, wallet, { name: 'home', scene: 'home', route: '' }, 'page')
  expect(await style('nav-home', 'borderBlockEndStyle')).toBe('solid')
  expect(await style('nav-network', 'borderBlockEndStyle')).toBe('none')
  const drawn = await page.locator('.light-ring, .light-dot').evaluateAll((lights) => {
    const ground = getComputedStyle(document.documentElement).backgroundColor
    return lights.map((light) => {
      const { fill, stroke } = getComputedStyle(light)
      return fill !== ground && stroke !== ground
    })
  })
  expect(drawn.length).toBeGreaterThan(0)
  expect(drawn).not.toContain(false)
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
