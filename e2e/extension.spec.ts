/**
 * The loaded extension and a site that uses viem: set-up, connecting, signing, paying, refusing, the death of the
 * worker, locking. The tests build on each other, as a person's day does.
 */

import { FIXTURE_CONTRACT } from '@glowworm/devnet'
import type { Hex } from '@glowworm/light-client'
import type { Page } from '@playwright/test'
import { openSwarmPage } from '../test/browser/open-swarm-page.ts'
import { servePage } from '../test/browser/page-server.ts'
import { peerConnectionsSoFar } from '../test/browser/peer-connections.ts'
import { approve, choosePeersOnly, closed, dappOf, faultsOf } from './extension/acts.ts'
import { test } from './extension/wallet-browser.ts'
import { expect } from './stand/stand.ts'

test.describe.configure({ mode: 'serial' })
test.use({ story: 'extension' })

const PASSWORD = 'a long enough passphrase 42'
const RECIPIENT = '0x00000000000000000000000000000000000c0ffe'
const FIELDS = { rejected: 4001, unauthorized: 4100, unsupported: 4200, invalid: -32602 }

let wallet: Page
let site: Page

test('set up with peers alone: the balance is proven with evidence that came over WebRTC', async ({
  browserWithWallet: browser,
  stand,
}) => {
  // The extension opens itself when it is installed.
  const setUp = browser.page('popup.html?surface=page')
  await expect.poll(() => browser.context.pages().some((page) => page.url() === setUp)).toBe(true)
  wallet = browser.context.pages().find((page) => page.url() === setUp)!
  const asked = recordHosts(wallet)

  await expect(wallet.getByTestId('choose-network')).toBeVisible()
  await wallet.getByTestId('network-other').click()
  expect(await faultsOf(wallet)).toEqual([])
  await wallet.getByTestId('network-profile').fill('{"name": "not a profile"}')
  await wallet.getByTestId('network-profile-use').click()
  await expect(wallet.getByTestId('problem')).toBeVisible()
  expect(asked).toEqual([])
  await wallet.getByTestId('network-profile').fill(stand.networkUrl)
  await wallet.getByTestId('network-profile-use').click()

  await wallet.getByTestId('create-wallet').click()
  await choosePeersOnly(wallet)
  await wallet.getByTestId('password').fill(PASSWORD)
  await wallet.getByTestId('password-confirm').fill(PASSWORD)
  await wallet.getByTestId('continue').click()
  await wallet.getByTestId('backup-postpone').click()

  await expect(wallet.getByTestId('balance')).toContainText('0 ETH')
  await wallet.getByTestId('get-test-funds').click()
  await expect(wallet.getByTestId('balance')).toContainText('1 ETH')
  await wallet.getByTestId('nav-network').click()
  const sources = wallet.getByTestId('source')
  await expect(sources.first()).toContainText('WebRTC')
  await expect(sources).toHaveCount(1)
  await expect(sources.first()).toContainText(/[1-9]\d* answers/)
  expect(asked).toEqual([new URL(stand.networkUrl).host])
})

test('a site finds the wallet, asks, is refused, asks again and is let in', async ({
  browserWithWallet: browser,
  dapp,
}) => {
  site = await browser.context.newPage()
  await site.goto(dapp.url)
  const wallets = await dappOf(site, 'wallets')
  expect(wallets).toHaveLength(1)
  expect(wallets[0]).toMatchObject({ name: 'Glowworm', rdns: 'org.glowworm.wallet', isEthereum: true })
  expect(wallets[0]!.icon).toMatch(/^data:image\/svg\+xml,/)
  expect(await dappOf(site, 'accounts')).toEqual({ ok: true, value: [] })
  expect(await dappOf(site, 'sign', 'before I am let in')).toMatchObject({ ok: false })

  const refused = dappOf(site, 'connect')
  const question = await browser.approval()
  await expect(question.getByTestId('approval-origin')).toHaveText(dapp.url)
  expect(await faultsOf(question)).toEqual([])
  await question.getByTestId('reject').click()
  expect(await refused).toMatchObject({ ok: false, code: FIELDS.rejected })
  await closed(question)

  const connected = dappOf(site, 'connect')
  await approve(browser)
  expect(await connected).toMatchObject({ ok: true, value: [expect.stringMatching(/^0x[0-9a-fA-F]{40}$/)] })
  expect(await dappOf(site, 'events')).toEqual([
    ['connect', { chainId: '0x539' }],
    ['accountsChanged', [expect.any(String)]],
  ])
})

test('messages are signed when approved; a sign-in for another site is refused unasked', async ({
  browserWithWallet: browser,
  dapp,
}) => {
  const signature = dappOf(site, 'sign', 'I agree to the rules of the test.')
  const question = await browser.approval()
  await expect(question.getByTestId('approval')).toContainText('I agree to the rules of the test.')
  await approve(browser)
  expect(await signature).toEqual({ ok: true, value: true })

  expect(await dappOf(site, 'signIn', 'bank.example')).toMatchObject({ ok: false, code: FIELDS.invalid })
  const signIn = dappOf(site, 'signIn', new URL(dapp.url).host)
  await approve(browser)
  expect(await signIn).toEqual({ ok: true, value: true })

  const rejected = dappOf(site, 'sign', 'No.')
  const no = await browser.approval()
  await no.getByTestId('reject').click()
  expect(await rejected).toMatchObject({ ok: false, code: FIELDS.rejected })
  await closed(no)

  // Closing the window is an answer, too.
  const ignored = dappOf(site, 'sign', 'Neither.')
  const window = await browser.approval()
  await expect(window.getByTestId('approval')).toContainText('Neither.')
  await window.close()
  expect(await ignored).toMatchObject({ ok: false, code: FIELDS.rejected })
})

test('what the wallet cannot prove or does not know is refused by its code', async () => {
  expect(await dappOf(site, 'request', 'eth_thisDoesNotExist')).toMatchObject({ ok: false, code: FIELDS.unsupported })
  expect(await dappOf(site, 'request', 'debug_traceTransaction', [`0x${'00'.repeat(32)}`])).toMatchObject({
    ok: false,
    code: FIELDS.unsupported,
  })
  expect(await dappOf(site, 'request', 'eth_sign', [RECIPIENT, '0x00'])).toMatchObject({
    ok: false,
    code: FIELDS.unsupported,
  })
})

test('a call is executed in the worker, on proven state', async () => {
  // The fixture contract gives back the storage slot that it is asked for.
  const call = { to: FIXTURE_CONTRACT, data: `0x${'1'.padStart(64, '0')}` }
  const answer = await dappOf(site, 'request', 'eth_call', [call, 'latest'])
  expect(answer).toEqual({ ok: true, value: `0x${'2a'.padStart(64, '0')}` })
})

test('a payment is approved, mined, and its receipt read through the provider', async ({
  browserWithWallet: browser,
  stand,
}) => {
  const before = BigInt(await stand.rpc<string>('eth_getBalance', RECIPIENT, 'latest'))
  const sent = dappOf(site, 'send', RECIPIENT, '0.125')
  const question = await browser.approval()
  await expect(question.getByTestId('approve')).toContainText('0.125 ETH')
  await approve(browser)
  const hash = await sent
  expect(hash).toMatchObject({ ok: true, value: expect.stringMatching(/^0x[0-9a-f]{64}$/) })
  if (!hash.ok) return
  const receipt = await dappOf(site, 'receipt', hash.value)
  expect(receipt).toMatchObject({ ok: true, value: { status: 'success', to: RECIPIENT } })
  expect(BigInt(await stand.rpc<string>('eth_getBalance', RECIPIENT, 'latest')) - before).toBe(125_000_000_000_000_000n)
  await expect
    .poll(() => dappOf(site, 'balance', RECIPIENT))
    .toEqual({
      ok: true,
      value: String(before + 125_000_000_000_000_000n),
    })
})

test('what is too large for peers, with peers alone, is said before it could be signed', async ({
  browserWithWallet: browser,
}) => {
  const accounts = await dappOf(site, 'accounts')
  if (!accounts.ok) throw new Error(accounts.message)
  // Init code that leaves a contract of one byte, and more bytes after it than fit into a question to a peer.
  const deploy = (length: number) =>
    dappOf(site, 'request', 'eth_sendTransaction', [
      { from: accounts.value[0], data: `0x60015ff3${'00'.repeat(length)}`, gas: '0x100000' },
    ])
  const refused = deploy(2_000)
  const question = await browser.approval()
  const why = question.getByTestId('approval-blocked')
  await expect(why).toContainText('This transaction is too large to be passed on by peers')
  await expect(why).toContainText('Choose an execution node as a source')
  await expect(question.getByTestId('approve')).toHaveCount(0)
  await question.getByTestId('reject').click()
  expect(await refused).toMatchObject({ ok: false, code: FIELDS.rejected })
  await closed(question)
  const sent = deploy(1_800)
  await approve(browser)
  const hash = await sent
  if (!hash.ok) throw new Error(hash.message)
  await expect.poll(() => dappOf(site, 'receipt', hash.value as Hex)).toMatchObject({ value: { status: 'success' } })
})

test('the death of the worker costs neither the session nor what is under way', async ({
  browserWithWallet: browser,
}) => {
  const before = await dappOf(site, 'accounts')
  expect(before).toMatchObject({ ok: true, value: [expect.any(String)] })
  await browser.killWorker()
  expect(await dappOf(site, 'accounts')).toEqual(before)
  await browser.killWorker()
  // The chain is followed anew, and the site does not notice.
  expect(await dappOf(site, 'request', 'eth_blockNumber')).toMatchObject({ ok: true })
  await wallet.getByTestId('nav-home').click()
  await expect(wallet.getByTestId('balance')).toContainText('ETH')

  const signature = dappOf(site, 'sign', 'The worker dies while this is read.')
  await expect((await browser.approval()).getByTestId('approval')).toContainText('The worker dies')
  await browser.killWorker()
  // A click on what the dead worker had asked comes to nothing; the same question then stands there anew.
  const question = await browser.approval()
  const approved = async () => {
    const click = question.getByTestId('approve').click({ timeout: 2_000, noWaitAfter: true })
    await click.catch(() => undefined)
    return question.isClosed()
  }
  await expect.poll(approved, { message: 'the window closes itself', intervals: [2_000] }).toBe(true)
  expect(await signature).toEqual({ ok: true, value: true })
})

test('another browser has its evidence from the extension alone; connections outlive the worker', async ({
  browserWithWallet: browser,
  browser: another,
}) => {
  // The evidence that the extension has begins with the checkpoint it was given.
  const network = await browser.network()
  const server = await servePage('swarm-page.ts')
  const errors: string[] = []
  const options = { profile: network, bridges: network.sources.peers, peersOnly: true }
  const page = await openSwarmPage(another, server.origin, options, (error) => errors.push(error))
  const peers = async () =>
    (await page.call('connections')).filter(
      ({ role, direct, carrier }) => role === 'peer' && direct && carrier === 'webrtc',
    )
  /** Once the extension has proven an account, the other browser proves it with what it gets from there. */
  const provenFromExtension = (address: Hex) =>
    expect.poll(
      async () => {
        const asked = await dappOf(site, 'request', 'eth_getBalance', [address, 'finalized'])
        const answer = await page.call('account', address).catch(() => null)
        if (!asked.ok || !answer) return null
        const from = new Set(answer.suppliers.map(({ carrier, id }) => `${carrier} ${id}`))
        return { same: BigInt(asked.value as Hex) === BigInt(answer.balance), from: [...from] }
      },
      { timeout: 60_000 },
    )
  try {
    await expect.poll(async () => (await peers()).length).toBe(1)
    const [extension] = await peers()
    const from = [`webrtc ${extension!.peerId}`]
    await expect.poll(() => page.call('head')).not.toBeNull()
    await provenFromExtension(RECIPIENT).toEqual({ same: true, from })

    const made = await peerConnectionsSoFar(page.page)
    await browser.killWorker()
    await provenFromExtension(FIXTURE_CONTRACT).toEqual({ same: true, from })
    // It is the connection of before, held by the document; over it the new worker has the other browser as a source.
    expect(await peers()).toEqual([extension])
    expect(await peerConnectionsSoFar(page.page)).toBe(made)
    await wallet.getByTestId('nav-network').click()
    await expect(
      wallet.getByTestId('source').filter({ hasText: `peer ${page.id.slice(0, 4)}…${page.id.slice(-4)}` }),
    ).toContainText('WebRTC')
  } finally {
    await page.page.context().close()
    await server.close()
  }
  expect(errors).toEqual([])
})

test('a crash of the document that carries peers is made good', async ({ browserWithWallet: browser }) => {
  await wallet.getByTestId('nav-network').click()
  const sources = wallet.getByTestId('source')
  await expect(sources).toHaveCount(1)
  await browser.loseCarrier()
  await expect.poll(() => sources.count(), { intervals: [50] }).toBe(0)
  await expect(sources).toHaveCount(1)
  await expect(sources.first()).toContainText('WebRTC')
  await expect(sources.first()).toContainText(/[1-9]\d* answers/)
})

test('frames of the same site see the wallet, frames of another do not', async ({
  browserWithWallet: browser,
  dapp,
}) => {
  const page = await browser.context.newPage()
  await page.goto(`${dapp.url}/frames`)
  const count = (name: string) => page.frame(name)?.evaluate(() => window.dapp.wallets().length)
  await expect.poll(() => count('own')).toBe(1)
  await expect.poll(() => count('other')).toBe(0)
  expect(await page.frame('other')?.evaluate(() => 'ethereum' in window)).toBe(false)
  // Nor does any page see the extension's own pages, whose address it could guess.
  const popup = browser.page('popup.html')
  expect(await page.evaluate((url) => fetch(url).then(Boolean, () => 'refused'), popup)).toBe('refused')
  await page.goto(dapp.otherUrl)
  // Another origin, which nobody has let in.
  expect(await dappOf(page, 'accounts')).toEqual({ ok: true, value: [] })
  await page.close()
})

test('a locked wallet shows a site nothing, and opens with the password', async ({ browserWithWallet: browser }) => {
  await wallet.getByTestId('nav-settings').click()
  await wallet.getByTestId('lock').click()
  await expect(wallet.getByTestId('unlock')).toBeVisible()
  expect(await dappOf(site, 'accounts')).toEqual({ ok: true, value: [] })
  expect((await dappOf(site, 'events')).at(-1)).toEqual(['accountsChanged', []])
  expect(await dappOf(site, 'request', 'personal_sign', ['0x00', RECIPIENT])).toMatchObject({
    ok: false,
    code: FIELDS.unauthorized,
  })
  await browser.killWorker()
  expect(await dappOf(site, 'accounts')).toEqual({ ok: true, value: [] })
  await wallet.getByTestId('password').fill(PASSWORD)
  await wallet.getByTestId('unlock').click()
  await expect.poll(() => dappOf(site, 'accounts')).toMatchObject({ ok: true, value: [expect.any(String)] })
})

test('a restart of the browser locks the wallet and loses nothing', async ({ browserWithWallet: browser, dapp }) => {
  const before = await dappOf(site, 'accounts')
  await browser.restart()
  site = await browser.context.newPage()
  await site.goto(dapp.url)
  expect(await dappOf(site, 'accounts')).toEqual({ ok: true, value: [] })
  // A question to a locked wallet waits behind the password.
  const connected = dappOf(site, 'connect')
  const window = await browser.approval()
  await window.getByTestId('password').fill(PASSWORD)
  await window.getByTestId('unlock').click()
  expect(await connected).toEqual(before)
  await closed(window)
})

/** Hosts a page asked over HTTP. */
function recordHosts(page: Page): string[] {
  const hosts: string[] = []
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (url.protocol.startsWith('http')) hosts.push(url.host)
  })
  return hosts
}
