/**
 * A site in one browser, the wallet in another: they connect with codes alone, or through a bridge's mailbox; the site
 * connects, signs and pays through viem, and what the phone takes back it hears of.
 */
import type { Browser, Page } from '@playwright/test'
import { PEER_CONNECTION_PERMISSIONS } from '../test/browser/chromium.ts'
import { dappOf, faultsOf } from './extension/acts.ts'
import { serveDapp } from './extension/serve-dapp.ts'
import { openPhone } from './stand/open-phone.ts'
import { expect, test } from './stand/stand.ts'

const RECIPIENT = '0x000000000000000000000000000000000000f0e1'

test('by text alone: connects, signs, pays, and hears that the phone has ended it', async ({ browser, stand }) => {
  const dapp = await serveDapp('phone-dapp.ts')
  const phone = await openPhone(browser, stand.walletUrl)
  const site = await openSite(browser)
  await site.goto(dapp.url)
  expect(await dappOf(site, 'wallets')).toMatchObject([
    { name: 'Glowworm on a phone', rdns: 'org.glowworm.wallet.phone', isEthereum: false },
  ])
  expect(await dappOf(site, 'accounts')).toEqual({ ok: true, value: [] })
  expect(await dappOf(site, 'request', 'eth_chainId')).toEqual({ ok: true, value: '0x1' })
  expect(await dappOf(site, 'request', 'eth_blockNumber')).toMatchObject({ ok: false, code: 4900 })

  const refused = dappOf(site, 'connect')
  const dialog = site.getByRole('dialog', { name: 'Connect a phone' })
  await expect(dialog).toBeVisible()
  await site.keyboard.press('Escape')
  expect(await refused).toMatchObject({ ok: false, code: 4001 })
  await expect(dialog).toHaveCount(0)

  const connected = dappOf(site, 'connect')
  await expect(dialog).toHaveAttribute('data-code', /^GLOWWORM-PAGE-1:/)
  expect(await faultsOf(site)).toEqual([])
  const offer = (await dialog.getAttribute('data-code'))!

  // Codes of the two kinds are never taken for each other.
  await phone.getByTestId('nav-network').click()
  await phone.getByTestId('network-pair').click()
  await phone.getByTestId('pair-scan').click()
  await phone.getByTestId('pair-text').fill(offer)
  await phone.getByTestId('pair-text-take').click()
  await expect(phone.getByTestId('problem')).toContainText('for something else')

  await openScanner(phone)
  await phone.getByTestId('phone-text').fill('GLOWWORM-PAIR-1:AAAA')
  await phone.getByTestId('phone-text-take').click()
  await expect(phone.getByTestId('problem')).toContainText('for something else')
  await phone.getByTestId('phone-text').fill(offer)
  await phone.getByTestId('phone-text-take').click()
  const answer = (await phone.getByTestId('pair-code').getAttribute('data-code'))!
  expect(await faultsOf(phone)).toEqual([])

  const field = dialog.getByRole('textbox')
  await field.fill(offer)
  await dialog.getByRole('button', { name: 'Connect' }).click()
  await expect(dialog.getByRole('alert')).toContainText('not the answer to the code')
  await field.fill(answer)
  await dialog.getByRole('button', { name: 'Connect' }).click()

  const question = phone.getByTestId('approval')
  await expect(question).toHaveAttribute('data-kind', 'connect')
  await expect(dialog).toHaveCount(0)
  await expect(phone.getByTestId('claimed-origin')).toContainText(`It says it is ${dapp.url}; nobody vouches`)
  await expect(phone.getByTestId('approval-origin')).toHaveText(dapp.url)
  expect(await faultsOf(phone)).toEqual([])
  await phone.getByTestId('approve').click()
  const [account] = had(await connected)
  expect(account).toMatch(/^0x[0-9a-fA-F]{40}$/)

  expect(await decided(phone, dappOf(site, 'sign', 'from the desk'))).toEqual({ ok: true, value: true })
  expect(await decided(phone, dappOf(site, 'signIn', new URL(dapp.url).host))).toEqual({ ok: true, value: true })
  expect(await dappOf(site, 'signIn', 'bank.example')).toMatchObject({ ok: false, code: -32602 })
  expect(await dappOf(site, 'request', 'glowworm_authenticate', [{ nonce: 'nonce-of-the-desk' }])).toMatchObject({
    ok: false,
    code: 4200,
  })
  const typed = JSON.stringify({
    domain: { name: 'desk', chainId: Number(had(await dappOf(site, 'request', 'eth_chainId'))) },
    primaryType: 'Note',
    types: {
      EIP712Domain: [
        { name: 'name', type: 'string' },
        { name: 'chainId', type: 'uint256' },
      ],
      Note: [{ name: 'text', type: 'string' }],
    },
    message: { text: 'typed' },
  })
  expect(had(await decided(phone, dappOf(site, 'request', 'eth_signTypedData_v4', [account, typed])))).toMatch(
    /^0x[0-9a-f]{130}$/,
  )

  const sent = dappOf(site, 'send', RECIPIENT, '0.25')
  await expect(question).toHaveAttribute('data-kind', 'send-transaction')
  await expect(question).toContainText('0.25 ETH')
  const hash = had(await decided(phone, sent))
  expect(had(await dappOf(site, 'receipt', hash))).toMatchObject({ status: 'success', to: RECIPIENT })

  const refusedByPhone = dappOf(site, 'sign', 'no')
  await expect(question).toBeVisible()
  await phone.getByTestId('reject').click()
  expect(await refusedByPhone).toMatchObject({ ok: false, code: 4001 })

  const session = phone.getByTestId('phone-session')
  if ((await session.count()) === 0) await openPhoneScreen(phone)
  await expect(session).toContainText(dapp.url)
  await expect(session).toContainText('A site')
  expect(await faultsOf(phone)).toEqual([])
  await phone.getByTestId('phone-end').click()
  await expect(session).toHaveCount(0)
  await expect.poll(() => dappOf(site, 'events')).toContainEqual(['disconnect', 4900])
  expect(await dappOf(site, 'events')).toContainEqual(['accountsChanged', []])
  expect(await dappOf(site, 'accounts')).toEqual({ ok: true, value: [] })
  expect(await dappOf(site, 'sign', 'too late')).toMatchObject({ ok: false })
  await dapp.close()
  await Promise.all([phone.context().close(), site.context().close()])
})

test('through a bridge: the phone says to whom it speaks, and a page that is closed is gone', async ({
  browser,
  stand,
}) => {
  const dapp = await serveDapp('phone-dapp.ts')
  const phone = await openPhone(browser, stand.walletUrl)
  const site = await openSite(browser)
  await site.goto(`${dapp.url}/?bridge=${encodeURIComponent(stand.mailboxUrl)}`)
  const connected = dappOf(site, 'connect')
  const dialog = site.getByRole('dialog', { name: 'Connect a phone' })
  await expect(dialog).toContainText(new URL(stand.mailboxUrl).host)
  await expect(dialog).toHaveAttribute('data-code', /^GLOWWORM-PAGE-1:/)
  const asked: string[] = []
  phone.on('request', (request) => asked.push(new URL(request.url()).host))
  await openScanner(phone)
  await phone.getByTestId('phone-text').fill((await dialog.getAttribute('data-code'))!)
  await phone.getByTestId('phone-text-take').click()
  await expect(phone.getByTestId('phone-bridge')).toContainText(new URL(stand.mailboxUrl).host)
  expect(await faultsOf(phone)).toEqual([])
  // Nothing is said to a bridge that nobody agreed to.
  expect(asked).not.toContain(new URL(stand.mailboxUrl).host)
  await phone.getByTestId('phone-post').click()
  await decided(phone, connected)
  expect(had(await connected)).toHaveLength(1)
  expect(await decided(phone, dappOf(site, 'sign', 'through a bridge'))).toEqual({ ok: true, value: true })

  await openPhoneScreen(phone)
  await expect(phone.getByTestId('phone-session')).toHaveCount(1)
  await site.close()
  await expect(phone.getByTestId('phone-session')).toHaveCount(0)
  await dapp.close()
  await Promise.all([phone.context().close(), site.context().close()])
})

async function openSite(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  await context.grantPermissions([...PEER_CONNECTION_PERMISSIONS])
  return context.newPage()
}

async function openPhoneScreen(phone: Page): Promise<void> {
  await phone.getByTestId('nav-settings').click()
  await phone.getByTestId('settings-phone').click()
}

async function openScanner(phone: Page): Promise<void> {
  await openPhoneScreen(phone)
  await phone.getByTestId('phone-scan').click()
}

/** Says yes to what the phone shows next, having read to its end, once the button is awake. */
async function decided<T>(phone: Page, answer: Promise<T>): Promise<T> {
  const approve = phone.getByTestId('approve')
  await expect(approve).toBeVisible()
  await phone.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight))
  await approve.click()
  await expect(phone.getByTestId('approval')).toHaveCount(0)
  return answer
}

function had<T>(outcome: { readonly ok: true; readonly value: T } | { readonly ok: false; message: string }): T {
  if (!outcome.ok) throw new Error(outcome.message)
  return outcome.value
}
