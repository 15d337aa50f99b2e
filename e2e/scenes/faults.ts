/** What axe finds on the screens, and what it looks for. */
import { AxeBuilder } from '@axe-core/playwright'
import { PLACES } from '@glowworm/wallet-ui/dev/places'
import { test as base, expect, type Page } from '@playwright/test'
import { type FakeWallet, openPlace, SIZES, type Size, startFakeWallet } from './fake-wallet.ts'

export const test = base.extend<object, { wallet: FakeWallet }>({
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

export const COLOURS = ['color-contrast']
/** What depends on how much room there is. */
export const LAYOUT = ['color-contrast', 'target-size', 'scrollable-region-focusable']

export interface Look {
  readonly size: Size
  /** The rules to look by in each colour scheme; null: all of WCAG 2.2 AA and good practice. */
  readonly schemes: { readonly [scheme in 'light' | 'dark']?: readonly string[] | null }
}

/** Walks through every place. */
export async function looksFaultless(page: Page, wallet: FakeWallet, { size, schemes }: Look): Promise<void> {
  base.setTimeout(420_000)
  const { surface, ...viewport } = SIZES[size]
  await page.setViewportSize(viewport)
  const faults: string[] = []
  for (const place of PLACES) {
    await openPlace(page, wallet, place, surface)
    for (const [colorScheme, rules] of Object.entries(schemes)) {
      await page.emulateMedia({ colorScheme: colorScheme as 'light' | 'dark' })
      faults.push(...(await faultsOf(page, rules)).map((fault) => `${place.name}, ${colorScheme}: ${fault}`))
    }
  }
  expect(faults).toEqual([])
}

async function faultsOf(page: Page, rules: readonly string[] | null): Promise<string[]> {
  // There are no frames here: without them axe needs no second page to put its results together.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ preload: false, resultTypes: ['violations'] })
  const { violations } = await (rules
    ? axe.withRules([...rules])
    : axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
  ).analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(', ')}`)
}
