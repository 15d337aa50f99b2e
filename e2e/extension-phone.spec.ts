/**
 * The extension on a desk uses the wallet on a phone as its signer: paired by text, the account appears, a site's message
 * and its payment are signed on the phone, also after the extension's worker has died; without the phone it is said.
 */
import type { Page } from '@playwright/test'
import { closed, dappOf, faultsOf } from './extension/acts.ts'
import { expect, quiet, test } from './extension/ready-wallet.ts'
import { openPhone } from './stand/open-phone.ts'

test.use({ story: 'phone-signer' })

const RECIPIENT = '0x000000000000000000000000000000000000f0e2'
/** The first account of the phone's phrase. */
const ON_PHONE = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'

test('paired by text; a message and a payment are signed on the phone', async ({ ready, browser, stand, dapp }) => {
  test.setTimeout(180_000)
  const { wallet } = ready
  const phone = await openPhone(browser, stand.walletUrl)
  await pair(wallet, phone)
  await decide(phone, 'connect')
  const row = wallet.locator('[data-testid="account-row"][data-kind="phone"]')
  await expect(row).toContainText('in a wallet on a phone')
  expect(await faultsOf(wallet)).toEqual([])
  await row.getByRole('button').first().click()
  await expect(row).toContainText('In use')

  const site = await ready.context.newPage()
  await site.goto(dapp.url)
  await expect.poll(() => dappOf(site, 'wallets').then(({ length }) => length)).toBe(1)
  const connected = await ready.answering(['approve'], () => dappOf(site, 'connect'))
  expect(connected).toMatchObject({ ok: true, value: [expect.stringMatching(new RegExp(ON_PHONE, 'i'))] })

  // The session is the document's: it outlives the worker.
  await quiet(ready)
  await ready.killWorker()
  const signed = dappOf(site, 'sign', 'from the desk')
  const message = await askPhone(await ready.approval())
  await expect(phone.getByTestId('claimed-origin')).toContainText('chrome-extension://')
  await expect(phone.getByTestId('approval')).toContainText('from the desk')
  await expect(phone.getByTestId('approval')).not.toContainText('not encrypted')
  await decide(phone, 'sign-message')
  expect(await signed).toEqual({ ok: true, value: true })
  await closed(message)

  const sent = dappOf(site, 'send', RECIPIENT, '0.25')
  const payment = await askPhone(await ready.approval())
  await expect(phone.getByTestId('approval')).toContainText('0.25 ETH')
  await expect(phone.getByTestId('signed-only')).toBeVisible()
  await expect(phone.getByTestId('change-fees')).toHaveCount(0)
  expect(await faultsOf(phone)).toEqual([])
  await decide(phone, 'send-transaction')
  const hash = await sent
  if (!hash.ok) throw new Error(hash.message)
  await closed(payment)
  expect(await dappOf(site, 'receipt', hash.value)).toMatchObject({
    ok: true,
    value: { status: 'success', from: ON_PHONE, to: RECIPIENT },
  })

  const refused = dappOf(site, 'sign', 'no')
  const question = await askPhone(await ready.approval())
  await expect(phone.getByTestId('approval')).toBeVisible()
  await phone.getByTestId('reject').click()
  await expect(question.getByTestId('problem')).toContainText('rejected on the device')

  await phone.context().close()
  // It is gone without a word: that is noticed after a while, and then said of what waits.
  await question.getByTestId('phone-ask').click()
  await expect(question.getByTestId('problem')).toContainText('not connected', { timeout: 60_000 })
  await question.getByTestId('dialog-close').click()
  await question.getByTestId('reject').click()
  expect(await refused).toMatchObject({ ok: false, code: 4001 })
  await expect(wallet.locator('[data-testid="account-row"][data-kind="phone"]')).toHaveCount(1)
})

/** The codes go back and forth as texts. */
async function pair(wallet: Page, phone: Page): Promise<void> {
  await wallet.goto(`${wallet.url().split('#')[0]}#/accounts`)
  await wallet.getByTestId('add-phone').click()
  await wallet.getByTestId('phone-offer').click()
  const offer = await wallet.getByTestId('pair-code').getAttribute('data-code')
  expect(offer).toMatch(/^GLOWWORM-PAGE-1:/)
  expect(await faultsOf(wallet)).toEqual([])
  await phone.getByTestId('nav-settings').click()
  await phone.getByTestId('settings-phone').click()
  await phone.getByTestId('phone-scan').click()
  await phone.getByTestId('phone-text').fill(offer!)
  await phone.getByTestId('phone-text-take').click()
  const answer = (await phone.getByTestId('pair-code').getAttribute('data-code'))!
  await wallet.getByTestId('phone-answered').click()
  expect(await faultsOf(wallet)).toEqual([])
  await wallet.getByTestId('phone-text').fill(answer)
  await wallet.getByTestId('phone-text-take').click()
}

/** Says yes on the desk, which has the phone asked. */
async function askPhone(question: Page): Promise<Page> {
  await expect(question.getByTestId('approval')).toBeVisible()
  await question.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight))
  await question.getByTestId('approve').click()
  await expect(question.getByTestId('phone-asked')).toBeVisible()
  return question
}

/** Says yes on the phone to what it shows next, having read to its end. */
async function decide(phone: Page, kind: string): Promise<void> {
  await expect(phone.getByTestId('approval')).toHaveAttribute('data-kind', kind)
  await phone.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight))
  await phone.getByTestId('approve').click()
  await expect(phone.getByTestId('approval')).toHaveCount(0)
}
