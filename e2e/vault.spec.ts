/** The vault in a real browser: a passkey, the recovery file, the backup file, and the way back after everything is gone. */
import { readFile } from 'node:fs/promises'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from './stand/stand.ts'

const PASSWORD = 'a long enough passphrase 42'
const NEXT = 'another passphrase 43'
const PHRASE = 'test test test test test test test test test test test junk'
/** Two of three, from the vectors of SLIP-39. */
const SHARES = [
  'shadow pistol academic always adequate wildlife fancy gross oasis cylinder mustang wrist rescue view short owner flip making coding armed',
  'shadow pistol academic acid actress prayer class unknown daughter sweater depict flip twice unkind craft early superior advocate guest smoking',
] as const
const KEY = '4646464646464646464646464646464646464646464646464646464646464646'

test('the phrase of a new wallet is forgotten when nobody looks, comes back by password, and its drill counts', async ({
  page,
  stand,
}) => {
  await page.goto(stand.walletUrl)
  await page.getByTestId('create-wallet').click()
  await page.getByTestId('choose-sources-continue').click()
  await choosePassword(page, PASSWORD)
  const words = await shownWords(page)
  expect(words).toHaveLength(12)

  // Hidden, as behind another tab.
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, value: 'hidden' })
    document.dispatchEvent(new Event('visibilitychange'))
  })
  await expect(page.getByTestId('ask-password')).toBeVisible()
  await page.evaluate(() => {
    Reflect.deleteProperty(document, 'visibilityState')
    document.dispatchEvent(new Event('visibilitychange'))
  })
  await expect(page.getByTestId('phrase-word-1')).toHaveCount(0)
  await page.getByTestId('password').fill(PASSWORD)
  await page.getByTestId('reveal').click()
  expect(await shownWords(page)).toEqual(words)

  await page.getByTestId('backup-written').click()
  const fields = page.getByTestId(/^drill-input-/)
  await expect(fields).toHaveCount(3)
  for (const wrong of [true, false]) {
    for (const field of await fields.all()) {
      const place = Number((await field.getAttribute('data-testid'))!.replace('drill-input-', ''))
      await field.fill(wrong ? 'zebra zebra' : ` ${words[place - 1]!.toUpperCase()} `)
    }
    await page.getByTestId('drill-check').click()
    if (wrong) await expect(page.getByTestId('drill-wrong')).toBeVisible()
    if (wrong) for (const field of await fields.all()) await expect(field).toHaveValue('')
  }
  await expect(page.getByTestId('home')).toBeVisible()
})

async function shownWords(page: Page): Promise<string[]> {
  await page.getByTestId('phrase-reveal').click()
  return page.getByTestId(/^phrase-word-/).allTextContents()
}

test('passkey, recovery file, backup file: each opens the wallet by itself', async ({ page, stand }) => {
  await addAuthenticator(page)
  // A passkey belongs to a name, never to a number.
  const wallet = stand.walletUrl.replace('127.0.0.1', 'localhost')
  await page.goto(wallet)
  await page.getByTestId('import-wallet').click()
  await page.getByTestId('choose-sources-continue').click()
  await page.getByTestId('phrase').fill(PHRASE)
  await page.getByTestId('import-continue').click()
  await choosePassword(page, PASSWORD)
  await expect(page.getByTestId('home')).toBeVisible()

  // A key beside the phrase.
  await page.goto(`${wallet}#/import`)
  await expectAccessible(page)
  await page.getByTestId('private-key').fill(KEY)
  await page.getByTestId('import-more-continue').click()
  await expect(page.getByTestId('home')).toBeVisible()

  // Shares of SLIP-39, first too few of them.
  await page.goto(`${wallet}#/import`)
  await page.getByTestId('import-kind').selectOption('slip39')
  await page.getByTestId('shares').fill(SHARES[0])
  await page.getByTestId('import-more-continue').click()
  await expect(page.getByRole('alert')).toContainText('exactly 2 are needed')
  await page.getByTestId('shares').fill(SHARES.join('\n'))
  await page.getByTestId('passphrase').fill('TREZOR')
  await page.getByTestId('import-more-continue').click()
  await expect(page.getByTestId('home')).toBeVisible()
  await page.getByTestId('account-switcher').click()
  await expect(page.getByTestId('accounts-dialog').getByRole('listitem')).toHaveCount(3)
  await page.keyboard.press('Escape')

  // A passkey and a recovery file.
  await page.goto(`${wallet}#/unlock-methods`)
  await expectAccessible(page)
  await page.getByTestId('password').fill(PASSWORD)
  await page.getByTestId('add-passkey').click()
  await expect(page.getByTestId('method-passkey')).toBeVisible()
  const recovery = await downloaded(page, () => page.getByTestId('make-recovery-file').click())
  await expect(page.getByTestId('method-recovery-file')).toBeVisible()

  // The backup file, and its drill: another file is no backup.
  await page.goto(`${wallet}#/backup-file`)
  await expectAccessible(page)
  await page.getByTestId('password').fill(PASSWORD)
  const backup = await downloaded(page, () => page.getByTestId('backup-file-make').click())
  await page.getByTestId('backup-file-choose').setInputFiles(recovery)
  await page.getByTestId('backup-file-check').click()
  await expect(page.getByTestId('backup-file-problem')).toBeVisible()
  await page.getByTestId('backup-file-choose').setInputFiles(backup)
  await page.getByTestId('backup-file-check').click()
  await expect(page.getByTestId('backup-file-checked')).toContainText('tried out')

  // A reload locks. The passkey opens it.
  await page.goto(`${wallet}#/home`)
  await page.reload()
  await page.getByTestId('unlock-passkey').click()
  await expect(page.getByTestId('home')).toBeVisible()

  // The recovery file opens it, and sets another password.
  await page.reload()
  await page.getByTestId('unlock-screen').locator('summary').click()
  await page.getByTestId('unlock-recover').click()
  await page.getByTestId('recovery-file').setInputFiles(recovery)
  await choosePassword(page, NEXT)
  await expect(page.getByTestId('home')).toBeVisible()
  await page.reload()
  await page.getByTestId('password').fill(PASSWORD)
  await page.getByTestId('unlock').click()
  await expect(page.getByTestId('problem')).toBeVisible()
  await page.getByTestId('password').fill(NEXT)
  await page.getByTestId('unlock').click()
  await expect(page.getByTestId('home')).toBeVisible()

  // The browser loses everything; the backup file brings it back, with the password of then.
  await page.goto(`${wallet}#/settings`)
  await expect(page.getByTestId('storage-state')).not.toBeEmpty()
  await page.getByTestId('erase').click()
  await page.getByTestId('erase-confirm').fill('ERASE')
  await page.getByTestId('erase-now').click()
  await page.getByTestId('import-wallet').click()
  await page.getByTestId('choose-sources-continue').click()
  await page.getByTestId('import-kind').selectOption('backup')
  await expectAccessible(page)
  await page.getByTestId('import-file').setInputFiles(backup)
  await page.getByTestId('import-password').fill(NEXT)
  await page.getByTestId('import-continue').click()
  await expect(page.getByTestId('problem')).toBeVisible()
  await page.getByTestId('import-password').fill(PASSWORD)
  await page.getByTestId('import-continue').click()
  await expect(page.getByTestId('settings-screen')).toBeVisible()
  await page.goto(`${wallet}#/backup-file`)
  await expect(page.getByTestId('backup-file-checked')).toContainText('tried out')
})

/** An authenticator of the platform with PRF, whose owner always agrees. */
async function addAuthenticator(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      hasPrf: true,
      automaticPresenceSimulation: true,
    },
  })
}

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
}

async function choosePassword(page: Page, password: string): Promise<void> {
  await page.getByTestId('password').fill(password)
  await page.getByTestId('password-confirm').fill(password)
  await page.getByTestId('continue').click()
}

/** What the page offers as a download, ready to be chosen again. */
async function downloaded(page: Page, act: () => Promise<void>) {
  const coming = page.waitForEvent('download')
  await act()
  const download = await coming
  const buffer = await readFile(await download.path())
  return { name: download.suggestedFilename(), mimeType: 'application/octet-stream', buffer }
}
