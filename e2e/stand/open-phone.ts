import type { Browser, Page } from '@playwright/test'
import { PEER_CONNECTION_PERMISSIONS } from '../../test/browser/chromium.ts'
import { importWallet } from './import-wallet.ts'
import { expect } from './stand.ts'

/** The wallet in a browser of its own, of a phone's size, whose first account has funds. */
export async function openPhone(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } })
  await context.grantPermissions([...PEER_CONNECTION_PERMISSIONS])
  const page = await context.newPage()
  await page.goto(url)
  await importWallet(page)
  await expect(page.getByTestId('balance')).toContainText(/\d[…]? ETH/)
  return page
}
