/** What a device does wrong: no room left, a clock that is a day off. It is said, and nothing is lost. */

import type { CDPSession, Page } from '@playwright/test'
import { bringPhrase, importWallet, PASSWORD } from './stand/import-wallet.ts'
import { expect, test } from './stand/stand.ts'

const RECIPIENT = '0x00000000000000000000000000000000000fa017'
const DAY = 86_400_000

// The worker's file is changed on its way below; what a service worker has kept would not be.
test.use({ serviceWorkers: 'block' })

test('no room: nothing is done that cannot be kept, the wallet opens all the same, and goes on when there is room', async ({
  page,
  stand,
}) => {
  await page.goto(stand.walletUrl)
  // Already the first choice has to be kept.
  await leaveRoom(page, 1)
  await page.getByTestId('import-wallet').click()
  await page.getByTestId('choose-sources-continue').click()
  await expect(page.getByRole('alert')).toContainText('no room left')
  await expect(page.getByTestId('choose-sources')).toBeVisible()
  await leaveRoom(page, null)
  await bringPhrase(page)
  await expect(page.getByTestId('balance')).toContainText(/\d ETH/)
  await expect(page.getByTestId('final-balance')).toContainText(/\d ETH/)

  await leaveRoom(page, 1)
  // Chromium goes by the room it has seen until the database was closed for two seconds, or for half a minute.
  await page.goto('about:blank')
  await page.waitForTimeout(3_000)
  await page.goto(stand.walletUrl)
  await expect.poll(() => page.evaluate(TRY_TO_WRITE), { timeout: 60_000 }).toBe('QuotaExceededError')
  await page.getByTestId('password').fill(PASSWORD)
  await page.getByTestId('unlock').click()
  await expect(page.getByTestId('balance')).toContainText(/\d ETH/)
  await page.goto(`${stand.walletUrl}#/accounts`)
  await page.getByTestId('add-account').click()
  await expect(page.getByRole('alert')).toContainText('could not store this change')
  await expect(page.getByTestId('account-row')).toHaveCount(1)
  // Nor is anything sent that would not be known any more after the next start.
  await page.goto(`${stand.walletUrl}#/send`)
  await page.getByTestId('send-to').fill(RECIPIENT)
  await page.getByTestId('send-amount').fill('1')
  await page.getByTestId('review').click()
  await page.getByTestId('approve').click()
  await expect(page.getByRole('alert')).toContainText('could not store this change')
  await page.getByTestId('reject').click()
  expect(await stand.rpc('eth_getBalance', RECIPIENT, 'latest')).toBe('0x0')

  await leaveRoom(page, null)
  await page.goto(`${stand.walletUrl}#/accounts`)
  await addAndKeepAccount(page)
})

for (const [how, clear] of [
  ['the data of the site is cleared', clearSite],
  ['the database is deleted by another page', deleteDatabase],
] as const)
  test(`${how} under the open wallet: it is said, nothing is changed, and the wallet is stored again`, async ({
    page,
    stand,
  }) => {
    await page.goto(stand.walletUrl)
    await importWallet(page)
    await expect(page.getByTestId('balance')).toContainText('10,000 ETH')
    await clear(page)
    // Seen with the next head. What was proven is still right.
    await expect(page.getByTestId('vault-gone')).toContainText('deleted', { timeout: 30_000 })
    await expect(page.getByTestId('balance')).toContainText('10,000 ETH')
    await page.getByTestId('gone-backup').click()
    await page.getByTestId('password').fill(PASSWORD)
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByTestId('backup-file-make').click()])
    expect(await file.failure()).toBeNull()
    await page.goto(`${stand.walletUrl}#/accounts`)
    await page.getByTestId('add-account').click()
    await expect(page.getByTestId('problem')).toContainText('nothing was done')
    await expect(page.getByTestId('account-row')).toHaveCount(1)

    await page.getByTestId('put-back').click()
    await expect(page.getByTestId('vault-gone')).toHaveCount(0)
    await addAndKeepAccount(page)
  })

test('a clock a day behind: the proven block says so, and its number is right', async ({ page, stand }) => {
  await setClock(page, -DAY)
  await page.goto(stand.walletUrl)
  await importWallet(page)
  await expect(page.getByTestId('clock-behind')).toContainText('clock is behind')
  await expect(page.getByTestId('balance')).toContainText('10,000 ETH')
  await page.getByTestId('nav-network').click()
  await expect(page.getByTestId('network-screen').getByTestId('clock-behind')).toBeVisible()
})

test('a clock a day ahead: no number, and the time is asked about', async ({ page, stand }) => {
  await setClock(page, DAY)
  await page.goto(stand.walletUrl)
  await importWallet(page)
  await expect(page.getByTestId('clock-question')).toContainText('set its clock')
  await expect(page.getByTestId('balance')).not.toContainText(/\d ETH/)
  await page.getByTestId('nav-network').click()
  await expect(page.getByTestId('network-screen').getByTestId('clock-question')).toBeVisible()
})

/** As the settings of a browser do it. */
async function clearSite(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const { origin } = new URL(page.url())
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' })
}

/** As a page of the same address may. */
function deleteDatabase(page: Page): Promise<void> {
  return page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const deleting = indexedDB.deleteDatabase('glowworm-wallet')
        deleting.onsuccess = () => resolve()
        deleting.onerror = () => reject(deleting.error)
      }),
  )
}

/** Runs in the page: the name of the error, or that there was none. */
const TRY_TO_WRITE = `new Promise((resolve) => {
  const opening = indexedDB.open('glowworm-wallet')
  opening.onsuccess = () => {
    const database = opening.result
    const writing = database.transaction('bytes', 'readwrite')
    const end = (name) => (database.close(), resolve(name))
    writing.oncomplete = () => end('none')
    writing.onabort = () => end(writing.error.name)
    writing.objectStore('bytes').put(new Uint8Array(8), 'tried')
  }
})`

const sessions = new WeakMap<Page, CDPSession>()

/** @param bytes null: as much as there is */
async function leaveRoom(page: Page, bytes: number | null): Promise<void> {
  // What one session has set only it can lift.
  const session = sessions.get(page) ?? (await page.context().newCDPSession(page))
  sessions.set(page, session)
  const { origin } = new URL(page.url())
  await session.send('Storage.overrideQuotaForOrigin', { origin, ...(bytes === null ? {} : { quotaSize: bytes }) })
}

/** The page and its worker read a clock that is wrong by so many ms. */
async function setClock(page: Page, off: number): Promise<void> {
  const wrong = `{ const right = Date.now.bind(Date); Date.now = () => right() + ${off} };`
  await page.addInitScript(wrong)
  await page.route('**/assets/worker-*.js', async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, body: `${wrong}${await response.text()}` })
  })
}

/** A second account, which is there again after a start. */
async function addAndKeepAccount(page: Page): Promise<void> {
  await page.getByTestId('add-account').click()
  await expect(page.getByTestId('account-row')).toHaveCount(2)
  await page.reload()
  await page.getByTestId('password').fill(PASSWORD)
  await page.getByTestId('unlock').click()
  await expect(page.getByTestId('account-row')).toHaveCount(2)
}
