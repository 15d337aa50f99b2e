/** The wallet whose first account has funds on the devnet, brought by its phrase. */
import type { Page } from '@playwright/test'

export const PASSWORD = 'a long enough passphrase 42'
const FUNDED_PHRASE = 'test test test test test test test test test test test junk'

/** From the welcome, with the sources that the network suggests. */
export async function importWallet(page: Page): Promise<void> {
  await page.getByTestId('import-wallet').click()
  await bringPhrase(page)
}

/** From the choice of sources, as it stands there. */
export async function bringPhrase(page: Page): Promise<void> {
  await page.getByTestId('choose-sources-continue').click()
  await page.getByTestId('phrase').fill(FUNDED_PHRASE)
  await page.getByTestId('import-continue').click()
  await page.getByTestId('password').fill(PASSWORD)
  await page.getByTestId('password-confirm').fill(PASSWORD)
  await page.getByTestId('continue').click()
}
