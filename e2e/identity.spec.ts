/** Credentials in the built wallet: received, shown in part, taken back; and a bridge that keeps an event back. */

import type { Page } from '@playwright/test'
import { importWallet, PASSWORD } from './stand/import-wallet.ts'
import { expect, type Stand, test } from './stand/stand.ts'

interface Asked {
  readonly id: string
  readonly link: string
}
type Result = { readonly accepted: boolean; readonly claims?: Record<string, unknown>; readonly reason?: string } | null

async function post<T>(url: string, body: unknown): Promise<T> {
  return (await (await fetch(url, { method: 'POST', body: JSON.stringify(body) })).json()) as T
}

const offered = async (stand: Stand, options: object = {}) =>
  (await post<{ link: string }>(`${stand.issuerUrl}/offers`, options)).link
const asked = (stand: Stand, claims: string[][], options: object = {}) =>
  post<Asked>(`${stand.verifierUrl}/questions`, { claims, ...options })
const resultOf = async (stand: Stand, id: string) =>
  (await (await fetch(`${stand.verifierUrl}/results/${id}`)).json()) as Result

test('received from an issuer whose DID is proven, shown in part, then taken back and refused', async ({
  page,
  stand,
}) => {
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) errors.push(message.text())
  })
  await open(page, stand.walletUrl)
  await page.getByTestId('nav-identity').click()
  await expect(page.getByTestId('identity-screen')).toBeVisible()

  await read(page, await offered(stand, { code: '4711' }))
  await expect(page.getByTestId('offer-screen')).toContainText('Membership card')
  await page.getByTestId('offer-code').fill('4711')
  await page.getByTestId('offer-accept').click()
  const card = page.getByTestId('credential')
  await expect(card).toContainText('Membership card')
  await expect(card.getByTestId('trust')).toHaveAttribute('data-kind', 'proven')
  await expect(card.getByTestId('status')).toHaveAttribute('data-state', 'valid')

  const question = await asked(stand, [['age_over_18'], ['address', 'country']], { purpose: 'To lend you a book' })
  await read(page, question.link)
  await expect(page.getByTestId('consent-screen')).toContainText('Devnet library')
  await expect(page.getByTestId('consent-purpose')).toContainText('To lend you a book')
  await expect(page.getByTestId('consent-learn')).toContainText('age_over_18')
  await expect(page.getByTestId('consent-hide')).toContainText('birthdate')
  await expect(page.getByTestId('consent-hide')).not.toContainText('1964')
  expect(await resultOf(stand, question.id)).toBeNull()
  await page.getByTestId('consent-yes').click()
  await expect(page.getByTestId('consent-done')).toBeVisible()
  const result = await resultOf(stand, question.id)
  expect(result).toMatchObject({ accepted: true, claims: { age_over_18: true, address: { country: 'DE' } } })
  expect(result?.claims).not.toHaveProperty('given_name')

  await page.getByTestId('nav-identity').click()
  await page.getByTestId('identity-log').click()
  await expect(page.getByTestId('log-entry')).toContainText('age_over_18')
  await expect(page.getByTestId('log-entry').getByTestId('trust').first()).toHaveAttribute('data-kind', 'proven')

  await post(`${stand.issuerUrl}/revocations`, {})
  const again = await asked(stand, [['age_over_18']])
  await read(page, again.link)
  await page.getByTestId('consent-yes').click()
  await expect(page.getByTestId('problem')).toContainText('said no')
  expect(await resultOf(stand, again.id)).toMatchObject({ accepted: false })
  await page.getByTestId('nav-identity').click()
  await page.getByTestId('credential').click()
  await page.getByTestId('credential-check').click()
  await expect(page.getByTestId('problem')).toContainText('took this credential back')
  await expect(page.getByTestId('status')).toHaveAttribute('data-state', 'revoked')

  // It survives the page, in the vault.
  await page.reload()
  await page.getByTestId('password').fill(PASSWORD)
  await page.getByTestId('unlock').click()
  await page.getByTestId('nav-identity').click()
  await expect(page.getByTestId('credential')).toHaveCount(1)
  expect(errors).toEqual([])
})

test('each other format in the built wallet: a W3C credential that is derived from, and an ISO mdoc', async ({
  page,
  stand,
}) => {
  const errors: string[] = []
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) errors.push(message.text())
  })
  await open(page, stand.walletUrl)
  for (const [credential, name, path, hidden] of [
    ['residence', 'Residence card', ['credentialSubject', 'address', 'country'], 'birthdate'],
    ['licence', 'Driving licence', ['org.iso.18013.5.1', 'age_over_18'], 'document_number'],
  ] as const) {
    await read(page, await offered(stand, { credential }))
    await page.getByTestId('offer-accept').click()
    await expect(page.getByTestId('credential').filter({ hasText: name })).toBeVisible()
    const question = await asked(stand, [[...path]], { credential })
    await read(page, question.link)
    await expect(page.getByTestId('consent-learn')).toContainText(path.at(-1)!)
    await expect(page.getByTestId('consent-hide')).toContainText(hidden)
    await page.getByTestId('consent-yes').click()
    await expect(page.getByTestId('consent-done')).toBeVisible()
    expect(await resultOf(stand, question.id)).toMatchObject({ accepted: true })
  }
  // One that is bound to somebody's key is not taken as text.
  await page.getByTestId('nav-identity').click()
  await page.getByTestId('identity-add').click()
  await page.getByTestId('add-text').fill('{"not": "a credential"}')
  await page.getByTestId('add-take').click()
  await expect(page.getByTestId('problem')).toBeVisible()
  expect(errors).toEqual([])
})

test('by the issuer’s page: the wallet is left, opened again, unlocked, and takes what was offered', async ({
  page,
  stand,
}) => {
  await open(page, stand.walletUrl)
  await read(page, await offered(stand, { page: true }))
  await page.getByTestId('offer-accept').click()
  // The issuer's page leads straight back; a page's session ended with it.
  await page.getByTestId('password').fill(PASSWORD)
  await page.getByTestId('unlock').click()
  await page.getByTestId('return-take').click({ timeout: 30_000 })
  await expect(page.getByTestId('credential')).toContainText('Membership card')
})

test('a bridge that keeps an event of the issuer back is named, and nothing is received', async ({ page, stand }) => {
  await open(page, stand.withheldWalletUrl)
  await read(page, await offered(stand))
  await page.getByTestId('offer-accept').click()
  await expect(page.getByTestId('problem')).toBeVisible()
  await page.getByTestId('nav-identity').click()
  await expect(page.getByTestId('credential')).toHaveCount(0)
  await page.getByTestId('nav-network').click()
  const liar = page.getByTestId('liar')
  await expect(liar).toContainText(`bridge ${stand.withholdingBridge.slice(0, 4)}…${stand.withholdingBridge.slice(-4)}`)
  await liar.getByTestId('liar-evidence').click()
  await expect(page.getByTestId('refused')).toContainText('INVALID_BLOCK_CONTENT')
})

async function open(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await importWallet(page)
  await expect(page.getByTestId('balance')).toContainText(/\d ETH/)
}

async function read(page: Page, link: string): Promise<void> {
  await page.getByTestId('nav-identity').click()
  await page.getByTestId('identity-scan').click()
  await page.getByTestId('scan-text').fill(link)
  await page.getByTestId('scan-text-take').click()
}
