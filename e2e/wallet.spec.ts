/** A newcomer's way through the built wallet: create, fund, see proven, send, see the receipt proven; and a lie. */
import { AxeBuilder } from '@axe-core/playwright'
import { UR, URDecoder, UREncoder } from '@ngraveio/bc-ur'
import type { Page } from '@playwright/test'
import { keccak256 } from 'viem'
import { sign } from 'viem/accounts'
import { expect, startStand, test } from './stand/stand.ts'

const PASSWORD = 'a long enough passphrase 42'
/** The devnet's accounts belong to this phrase, as everywhere. */
const FUNDED_PHRASE = 'test test test test test test test test test test test junk'
/** The second account of that phrase: what an offline device shows of it (EIP-4527), and its key there. */
const DEVICE_KEY =
  'ur:crypto-hdkey/oeaxhdclaordhgeetpylaschcfflcklbkbtbrhurchbtstbnswhssgahvalohncytalrwtispfamtaaddyoeadlecsdwykcsfnykaeykaewkadwkaocycmptfmtigakostfp'
const DEVICE_SECRET = '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d'
const OTHER_RECIPIENT = '0x00000000000000000000000000000000000c01d0'
const RECIPIENT = '0x00000000000000000000000000000000000c0ffe'

test('create, faucet, proven balance, send, proven receipt; the evidence came over WebRTC', async ({ page, stand }) => {
  const asked = recordHosts(page)
  const own = new URL(stand.walletUrl).host
  await page.goto(stand.walletUrl)
  await page.getByTestId('create-wallet').click()
  // Nothing but the page's own origin was contacted before the choice.
  expect(asked.filter((host) => host !== own)).toEqual([])
  await page.getByTestId('choose-sources-continue').click()
  await choosePassword(page)
  await page.getByTestId('backup-postpone').click()

  await expect(page.getByTestId('balance')).toContainText('0 ETH')
  await page.getByTestId('get-test-funds').click()
  await expect(page.getByTestId('balance')).toContainText('1 ETH')

  // The story behind the number names who carried the evidence.
  await page.getByTestId('balance').getByRole('button').first().click()
  const story = page.getByTestId('proof-story')
  await expect(story).toContainText('WebRTC')
  await page.getByTestId('dialog-close').first().click()
  await page.getByTestId('nav-network').click()
  await expect(page.getByTestId('source').first()).toContainText('WebRTC')
  // Evidence never came over HTTP: the faucet is the only other host the page has asked.
  expect([...new Set(asked.filter((host) => host !== own))]).toEqual([stand.faucetHost])

  await page.getByTestId('nav-home').click()
  await page.getByTestId('send').click()
  await page.getByTestId('send-to').fill(RECIPIENT)
  await page.getByTestId('send-amount').fill('0.25')
  await page.getByTestId('review').click()
  await expect(page.getByTestId('approval-outcome')).toContainText('0.25')
  await expect(page.getByTestId('approve')).toContainText('Send 0.25 ETH')
  await page.getByTestId('approve').click()

  await page.getByTestId('nav-activity').click()
  await page.getByTestId('activity-entry').first().click()
  await expect(page.getByTestId('receipt-proof')).toBeVisible()
  await expect(page.getByTestId('entry-state')).toContainText(/final/i, { timeout: 90_000 })
  expect(BigInt(await stand.rpc<string>('eth_getBalance', RECIPIENT, 'latest'))).toBe(250_000_000_000_000_000n)
})

test('a bridge that gives another account’s proof is refused and named: no number, the cause, the next step', async ({
  page,
  stand,
}) => {
  await page.goto(stand.deceivedWalletUrl)
  // An account that exists: of a fresh one, another account's proof may truly show that it does not.
  await page.getByTestId('import-wallet').click()
  await page.getByTestId('choose-sources-continue').click()
  await page.getByTestId('phrase').fill(FUNDED_PHRASE)
  await page.getByTestId('import-continue').click()
  await choosePassword(page)
  const balance = page.getByTestId('balance')
  await expect(balance).toContainText('Not proven')
  await expect(balance).not.toContainText(/\d ETH/)
  await page.getByTestId('nav-network').click()
  const liar = page.getByTestId('liar')
  await expect(liar).toHaveCount(1)
  await expect(liar).toContainText(`bridge ${stand.lyingBridge.slice(0, 4)}…${stand.lyingBridge.slice(-4)}`)
  await liar.getByTestId('liar-evidence').click()
  await expect(page.getByTestId('refused')).toContainText('INVALID_STATE_PROOF')
  await page.getByTestId('dialog-close').first().click()
  await page.getByTestId('nav-home').click()
  await expect(balance).toContainText('Not proven')
  await expect(balance).not.toContainText(/\d ETH/)
})

test('one tab at a time: the second says so, and goes on once the first is closed', async ({
  page,
  context,
  stand,
}) => {
  await page.goto(stand.walletUrl)
  await expect(page.getByTestId('create-wallet')).toBeVisible()
  const second = await context.newPage()
  await second.goto(stand.walletUrl)
  await expect(second.getByText('open in another tab or window')).toBeVisible()
  await page.close()
  await second.reload()
  await expect(second.getByTestId('create-wallet')).toBeVisible()
})

test('what a source has learned is shown, and questions can be hidden among others', async ({ page, stand }) => {
  await page.goto(stand.walletUrl)
  await page.getByTestId('import-wallet').click()
  await page.getByTestId('choose-sources-continue').click()
  await page.getByTestId('phrase').fill(FUNDED_PHRASE)
  await page.getByTestId('import-continue').click()
  await choosePassword(page)
  await expect(page.getByTestId('balance')).toContainText(/\d…? ETH/)
  await page.getByTestId('nav-network').click()
  const learned = page.getByTestId('learned-by').first()
  await expect(learned).toContainText('your internet address')
  await learned.getByText('Show the addresses').click()
  await expect(learned).toContainText('Account 1')
  // The bridge is on this device: nobody else could keep anything back.
  await expect(page.getByTestId('one-hand')).toHaveCount(0)
  await page.getByTestId('padding').click() // the box follows the wallet's own state, which comes a moment later
  await expect(page.getByTestId('padding')).toBeChecked()
  await page.reload()
  await page.getByTestId('password').fill(PASSWORD)
  await page.getByTestId('unlock').click()
  await page.getByTestId('nav-network').click()
  await expect(page.getByTestId('padding')).toBeChecked()
})

test('accounts are added, named and watched; a transfer that waits is sped up and arrives once', async ({ page }) => {
  const stand = await startStand()
  try {
    await page.goto(stand.walletUrl)
    await page.getByTestId('import-wallet').click()
    await page.getByTestId('choose-sources-continue').click()
    await page.getByTestId('phrase').fill(FUNDED_PHRASE)
    await page.getByTestId('import-continue').click()
    await choosePassword(page)
    await expect(page.getByTestId('balance')).toContainText(/\d…? ETH/)

    await page.getByTestId('account-switcher').click()
    await page.getByTestId('manage-accounts').click()
    const rows = page.getByTestId('account-row')
    await page.getByTestId('add-account').click()
    await expect(rows).toHaveCount(2)
    // The devnet's ten accounts and its operator own something: nine are still to be found.
    await page.getByTestId('find-accounts').click()
    await expect(rows).toHaveCount(11, { timeout: 30_000 })
    await rows.nth(1).getByTestId('rename-account').click()
    await rows.nth(1).getByTestId('account-name').fill('Savings')
    await page.getByTestId('save-name').press('Enter')
    await expect(rows.nth(1)).toContainText('Savings')
    await rows.nth(2).getByTestId('hide-account').click()
    await expect(page.getByTestId('hidden-accounts')).toContainText('Account 3')
    await page.getByTestId('watch-address').click()
    await page.getByTestId('watch-field').fill(RECIPIENT)
    await page.getByTestId('account-name').fill('Coffee')
    await page.getByTestId('watch-add').click()
    await expect(rows.last()).toContainText('only watched')
    await expect(rows.last()).toContainText('0 ETH')
    await expectAccessible(page)

    // Nothing is included while the first one and what takes its place are sent.
    await stand.holdHead()
    await page.getByTestId('nav-home').click()
    await page.getByTestId('send').click()
    await page.getByTestId('send-to').fill(RECIPIENT)
    await page.getByTestId('send-amount').fill('0.5')
    await page.getByTestId('review').click()
    await page.getByTestId('change-fees').click()
    await page.getByTestId('fees-slow').check()
    await expectAccessible(page)
    await page.getByTestId('fees-apply').click()
    await page.getByTestId('approve').click()
    await page.getByTestId('activity-entry').first().click()
    await expect(page.getByTestId('pending')).toContainText('next one in line')
    await expectAccessible(page)
    await page.getByTestId('speed-up').click()
    await page.getByTestId('approve').click()
    await expect(page.getByTestId('activity-entry')).toHaveCount(2)
    stand.goOn()
    await expect(page.getByTestId('activity-entry').nth(1)).toHaveAttribute('data-state', 'replaced', {
      timeout: 60_000,
    })
    await page.getByTestId('activity-entry').first().click()
    await expect(page.getByTestId('entry-state')).toContainText(/final/i, { timeout: 90_000 })
    expect(BigInt(await stand.rpc<string>('eth_getBalance', RECIPIENT, 'latest'))).toBe(500_000_000_000_000_000n)
  } finally {
    await stand.stop()
  }
})

test('a key in a device without a connection: its account is scanned in, and it signs a transfer by codes', async ({
  page,
  stand,
}) => {
  await page.goto(stand.walletUrl)
  await page.getByTestId('create-wallet').click()
  await page.getByTestId('choose-sources-continue').click()
  await choosePassword(page)
  await page.getByTestId('backup-postpone').click()
  await expect(page.getByTestId('balance')).toContainText('0 ETH')
  await page.goto(`${stand.walletUrl}#/accounts/qr`)
  await page.getByTestId('pair-text').fill(DEVICE_KEY)
  await page.getByTestId('pair-text-take').click()
  await expectAccessible(page)
  await page.getByTestId('account-name').fill('Cold')
  await page.getByTestId('device-add').click()
  const row = page.getByTestId('account-row').last()
  await expect(row).toContainText('in a device with QR codes')
  await expect(row).toContainText(/\d ETH/)
  await row.getByRole('button').first().click()

  const before = BigInt(await stand.rpc<string>('eth_getBalance', OTHER_RECIPIENT, 'latest'))
  await page.getByTestId('nav-home').click()
  await page.getByTestId('send').click()
  await page.getByTestId('send-to').fill(OTHER_RECIPIENT)
  await page.getByTestId('send-amount').fill('0.125')
  await page.getByTestId('review').click()
  await expect(page.getByTestId('approve')).toContainText('Continue on the device')
  await page.getByTestId('approve').click()
  const shown = await page.getByTestId('device-request').getAttribute('data-parts')
  await expectAccessible(page)
  await page.getByTestId('device-signed').click()
  // A signature of another key is refused, and the right one can still come.
  await page.getByTestId('pair-text').fill(await answerOfDevice(shown!, `0x${'09'.repeat(32)}`))
  await page.getByTestId('pair-text-take').click()
  await expect(page.getByTestId('device-signing').getByTestId('problem')).toContainText('Another key signed')
  await page.getByTestId('pair-text').fill(await answerOfDevice(shown!, DEVICE_SECRET))
  await page.getByTestId('pair-text-take').click()
  await page.getByTestId('activity-entry').first().click()
  await expect(page.getByTestId('receipt-proof')).toBeVisible()
  expect(BigInt(await stand.rpc<string>('eth_getBalance', OTHER_RECIPIENT, 'latest')) - before).toBe(125n * 10n ** 15n)
})

test('wrong password, bad phrase and bad amounts say what is wrong and lose nothing', async ({ page, stand }) => {
  await page.goto(stand.walletUrl)
  await page.getByTestId('import-wallet').click()
  await page.getByTestId('choose-sources-continue').click()
  await page.getByTestId('phrase').fill('test test test test test test test test test test test test')
  await page.getByTestId('import-continue').click()
  await expect(page.getByRole('alert').first()).toBeVisible()
  await page.getByTestId('phrase').fill(FUNDED_PHRASE)
  await page.getByTestId('import-continue').click()
  await choosePassword(page)
  await expect(page.getByTestId('balance')).toContainText(/\d…? ETH/)

  await page.getByTestId('send').click()
  await page.getByTestId('send-to').fill('0x1234')
  await page.getByTestId('send-amount').fill('1')
  await page.getByTestId('review').click()
  await expect(page.getByRole('alert').first()).toBeVisible()
  await page.getByTestId('send-to').fill(RECIPIENT)
  await page.getByTestId('send-amount').fill('99999999')
  await page.getByTestId('review').click()
  await expect(page.getByRole('alert').first()).toBeVisible()

  await page.reload() // a page's session ends with it: the wallet is locked, not lost
  await page.getByTestId('password').fill('not the password')
  await page.getByTestId('unlock').click()
  await expect(page.getByTestId('problem')).toBeVisible()
  await page.getByTestId('password').fill(PASSWORD)
  await page.getByTestId('unlock').click()
  await page.getByTestId('nav-home').click()
  await expect(page.getByTestId('balance')).toContainText(/\d…? ETH/)
})

/** What the device does: it reads the codes, signs the transaction in them, and shows the signature as a code. */
async function answerOfDevice(parts: string, privateKey: `0x${string}`): Promise<string> {
  const decoder = new URDecoder()
  for (const part of parts.split(' ')) decoder.receivePart(part)
  const request = decoder.resultUR().cbor
  // a7 · 01: uuid d8 25 50 … · 02: bytes 58 length … is how an `eth-sign-request` of a short transaction begins.
  const id = request.subarray(1, 21)
  expect(request.subarray(21, 23).toString('hex')).toBe('0258')
  const unsigned = request.subarray(24, 24 + request[23]!)
  const signature = await sign({ hash: keccak256(unsigned), privateKey, to: 'bytes' })
  const answer = Buffer.concat([Buffer.from('a2', 'hex'), id, Buffer.from('025841', 'hex'), signature])
  return new UREncoder(new UR(answer, 'eth-signature')).nextPart()
}

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(', ')}`)).toEqual([])
}

async function choosePassword(page: Page): Promise<void> {
  await page.getByTestId('password').fill(PASSWORD)
  await page.getByTestId('password-confirm').fill(PASSWORD)
  await page.getByTestId('continue').click()
}

/** Hosts the page and its worker asked over HTTP. */
function recordHosts(page: Page): string[] {
  const hosts: string[] = []
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (url.protocol.startsWith('http')) hosts.push(url.host)
  })
  return hosts
}
