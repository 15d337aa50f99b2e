/** Credentials in the extension, whose worker has the keys and whose document does the rest; and sites that ask for them. */
import type { Page } from '@playwright/test'
import { closed, dappOf, faultsOf } from './extension/acts.ts'
import { expect, type ReadyWallet, test } from './extension/ready-wallet.ts'

test.use({ story: 'identity' })

const NONCE = 'n-0S6_WzA2Mj'

async function post<T>(url: string, body: unknown): Promise<T> {
  return (await (await fetch(url, { method: 'POST', body: JSON.stringify(body) })).json()) as T
}

async function read(wallet: Page, link: string): Promise<void> {
  await wallet.getByTestId('nav-identity').click()
  await wallet.getByTestId('identity-scan').click()
  await wallet.getByTestId('scan-text').fill(link)
  await wallet.getByTestId('scan-text-take').click()
}

async function receive(wallet: Page, issuerUrl: string, credential: string): Promise<void> {
  const { link } = await post<{ link: string }>(`${issuerUrl}/offers`, { credential })
  await read(wallet, link)
  await wallet.getByTestId('offer-accept').click()
}

async function siteOf(browser: ReadyWallet, url: string): Promise<Page> {
  const site = await browser.context.newPage()
  await site.goto(url)
  await expect.poll(() => dappOf(site, 'wallets').then(({ length }) => length)).toBe(1)
  return site
}

test('received, listed, shown to a verifier in part and to another unlinkably, checked, removed', async ({
  ready,
  stand,
}) => {
  const { wallet } = ready
  await receive(wallet, stand.issuerUrl, 'membership')
  const card = wallet.getByTestId('credential')
  await expect(card).toContainText('Membership card')
  await expect(card.getByTestId('trust')).toHaveAttribute('data-kind', 'proven')
  await expect(card.getByTestId('status')).toHaveAttribute('data-state', 'valid')
  await receive(wallet, stand.issuerUrl, 'residence')
  await expect(card).toHaveCount(2)
  expect(await faultsOf(wallet)).toEqual([])

  const question = { credential: 'residence', claims: [['credentialSubject', 'address', 'country']] }
  const { id, link } = await post<{ id: string; link: string }>(`${stand.verifierUrl}/questions`, question)
  await read(wallet, link)
  await expect(wallet.getByTestId('consent-learn')).toContainText('country')
  await expect(wallet.getByTestId('consent-hide')).toContainText('birthdate')
  await wallet.getByTestId('consent-yes').click()
  await expect(wallet.getByTestId('consent-done')).toBeVisible()
  const result = await (await fetch(`${stand.verifierUrl}/results/${id}`)).json()
  expect(result).toMatchObject({ accepted: true, claims: { credentialSubject: { address: { country: 'DE' } } } })
  expect(result.claims.credentialSubject).not.toHaveProperty('given_name')

  await wallet.getByTestId('nav-identity').click()
  await card.filter({ hasText: 'Membership card' }).click()
  await wallet.getByTestId('credential-check').click()
  await expect(wallet.getByTestId('status')).toHaveAttribute('data-state', 'valid')
})

test('a site is told a name of its own, another site another one; and no is no', async ({ ready, dapp }) => {
  const site = await siteOf(ready, dapp.url)
  const other = await siteOf(ready, dapp.otherUrl)
  const authenticate = (page: Page) => dappOf(page, 'request', 'glowworm_authenticate', [{ nonce: NONCE }])
  const first = await ready.answering(['approve'], () => authenticate(site))
  const again = await ready.answering(['approve'], () => authenticate(site))
  const stranger = await ready.answering(['approve'], () => authenticate(other))
  const didOf = (outcome: typeof first) => (outcome.ok ? (outcome.value as { did: string }).did : outcome.message)
  expect(didOf(first)).toMatch(/^did:key:zDn/)
  expect(didOf(again)).toBe(didOf(first))
  expect(didOf(stranger)).not.toBe(didOf(first))
  expect(await ready.answering(['reject'], () => authenticate(site))).toMatchObject({ ok: false, code: 4001 })
  await site.close()
  await other.close()
})

test('a site asks for a presentation: the window says what leaves; also after the worker and the document died', async ({
  ready,
  stand,
  dapp,
}) => {
  const { wallet } = ready
  await wallet.getByTestId('nav-identity').click()
  if ((await wallet.getByTestId('credential').filter({ hasText: 'Membership card' }).count()) === 0)
    await receive(wallet, stand.issuerUrl, 'membership')
  await expect(wallet.getByTestId('credential').filter({ hasText: 'Membership card' })).toBeVisible()
  const site = await siteOf(ready, dapp.url)
  const claims = [{ path: ['age_over_18'] }]
  const meta = { vct_values: ['https://devnet.example/membership'] }
  const query = { credentials: [{ id: 'card', format: 'dc+sd-jwt', meta, claims }] }
  const request = { nonce: NONCE, purpose: 'To lend you a book', dcql_query: query }
  const ask = async () => {
    const answer = dappOf(site, 'request', 'glowworm_present', [request])
    const window = await ready.approval()
    await expect(window.getByTestId('consent-learn')).toContainText('age_over_18')
    await expect(window.getByTestId('consent-hide')).toContainText('given_name')
    await expect(window.getByTestId('approval-origin')).toHaveText(dapp.url)
    await expect(window.getByTestId('consent-purpose')).toContainText('To lend you a book')
    return { answer, window }
  }
  const shown = async () => {
    const { answer, window } = await ask()
    await expect(window.getByTestId('consent-yes')).toBeEnabled()
    await window.getByTestId('consent-yes').click()
    await closed(window)
    const outcome = await answer
    if (!outcome.ok) throw new Error(outcome.message)
    return (outcome.value as { vp_token: { card: string[] } }).vp_token.card[0]!
  }
  const first = await shown()
  const binding = JSON.parse(Buffer.from(first.split('~').at(-1)!.split('.')[1]!, 'base64url').toString())
  expect(binding).toMatchObject({ aud: `origin:${dapp.url}`, nonce: NONCE })
  expect(first.split('~')).toHaveLength(3)

  const { answer, window } = await ask()
  await window.getByTestId('consent-no').click()
  expect(await answer).toMatchObject({ ok: false, code: 4001 })
  await closed(window)

  await ready.loseCarrier()
  expect(await shown()).toContain('~')
  await ready.killWorker()
  expect(await shown()).toContain('~')
  await site.close()
})

test('by the issuer’s page, in a window that the browser leads back from', async ({ ready, stand }) => {
  const { wallet } = ready
  const cards = wallet.getByTestId('credential').filter({ hasText: 'Membership card' })
  await wallet.getByTestId('nav-identity').click()
  await expect(wallet.getByTestId('identity-screen')).toBeVisible()
  const before = await cards.count()
  const { link } = await post<{ link: string }>(`${stand.issuerUrl}/offers`, { page: true })
  // As the popup does, which would close over it: on in a tab, with the offer at hand.
  const tab = await ready.context.newPage()
  await tab.goto(`${ready.page('popup.html?surface=page')}#/identity/open/${encodeURIComponent(link)}`)
  await tab.getByTestId('offer-accept').click()
  await expect(tab.getByTestId('identity-screen')).toBeVisible()
  await expect(cards).toHaveCount(before + 1)
  await tab.close()

  // A page that asks: closed, nothing is received; agreed to, it leads back.
  const asked = async () => {
    await read(wallet, (await post<{ link: string }>(`${stand.issuerUrl}/offers`, { page: 'asks' })).link)
    const window = ready.context.waitForEvent('page')
    await wallet.getByTestId('offer-accept').click()
    return window
  }
  const closing = await asked()
  await closing.getByText('I agree').waitFor()
  await closing.close()
  await expect(wallet.getByTestId('problem')).toContainText('not open any more')
  await (await asked()).getByText('I agree').click()
  await expect(cards).toHaveCount(before + 2)
  expect(await faultsOf(wallet)).toEqual([])
})
