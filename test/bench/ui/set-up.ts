import type { Page } from '@playwright/test'
import { BALANCE } from './seen.ts'

export const PASSWORD = 'a long enough passphrase 42'
/** The devnet's accounts belong to this phrase, as everywhere. */
const FUNDED_PHRASE = 'test test test test test test test test test test test junk'

/** From the welcome to a proven balance, by what the profile of the network suggests. */
export async function setUpWallet(page: Page): Promise<void> {
  await page.getByTestId('import-wallet').click()
  await page.getByTestId('choose-sources-continue').click()
  await page.getByTestId('phrase').fill(FUNDED_PHRASE)
  await page.getByTestId('import-continue').click()
  await page.getByTestId('password').fill(PASSWORD)
  await page.getByTestId('password-confirm').fill(PASSWORD)
  await page.getByTestId('continue').click()
  await page.waitForSelector(BALANCE, { timeout: 60_000 })
}
