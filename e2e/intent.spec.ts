/**
 * A site asks for what people lose money with, in the loaded extension: the approval says what it means and what it
 * does, and notices when that changes.
 */
import type { Hex } from '@glowworm/light-client'
import type { Page } from '@playwright/test'
import { concatHex, keccak256, numberToHex, size } from 'viem'
import { calldata, creation } from '../test/intent/deployed.ts'
import { approve, choosePeersOnly, closed, dappOf, faultsOf } from './extension/acts.ts'
import { test } from './extension/wallet-browser.ts'
import { make } from './stand/somebody.ts'
import { expect } from './stand/stand.ts'

test.describe.configure({ mode: 'serial' })
test.use({ story: 'intent' })

const PASSWORD = 'a long enough passphrase 42'
const MAX = (2n ** 256n - 1n).toString()

let site: Page
let token: Hex
let shop: Hex

test('set up: a wallet with coin and tokens, let in by a site', async ({ browserWithWallet: browser, stand, dapp }) => {
  const setUp = browser.page('popup.html?surface=page')
  await expect.poll(() => browser.context.pages().some((page) => page.url() === setUp)).toBe(true)
  const wallet = browser.context.pages().find((page) => page.url() === setUp)!
  await wallet.getByTestId('network-other').click()
  await wallet.getByTestId('network-profile').fill(stand.networkUrl)
  await wallet.getByTestId('network-profile-use').click()
  await wallet.getByTestId('create-wallet').click()
  await choosePeersOnly(wallet)
  await wallet.getByTestId('password').fill(PASSWORD)
  await wallet.getByTestId('password-confirm').fill(PASSWORD)
  await wallet.getByTestId('continue').click()
  await wallet.getByTestId('backup-postpone').click()
  await wallet.getByTestId('get-test-funds').click()
  await expect(wallet.getByTestId('balance')).toContainText('1 ETH')
  site = await browser.context.newPage()
  await site.goto(dapp.url)
  const connected = dappOf(site, 'connect')
  await approve(browser)
  const accounts = await connected
  if (!accounts.ok) throw new Error(accounts.message)
  const me = accounts.value[0] as Hex

  token = await make(stand, { data: creation('Token', 'string, uint8, uint256', 'TST', 6, 10_000_000n) })
  shop = await make(stand, { data: creation('Odd') })
  await make(stand, { to: token, data: calldata('transfer(address,uint256)', me, 5_000_000n) })
  await expect
    .poll(() =>
      dappOf(site, 'request', 'eth_call', [{ to: token, data: calldata('balanceOf(address)', me) }, 'latest']),
    )
    .toMatchObject({ ok: true, value: numberToHex(5_000_000n, { size: 32 }) })
})

test('a permission without limit is called that, and shown as what it leaves behind', async ({
  browserWithWallet: browser,
}) => {
  const sent = dappOf(site, 'transact', token, 'approve(address,uint256)', [shop, MAX])
  const question = await browser.approval()
  await expect(question.getByTestId('meaning')).toContainText('take all TST')
  await expect(question.getByTestId('token-symbol')).toContainText('TST')
  await expect(question.getByTestId('token-symbol')).toHaveAttribute('data-light', /proven|final/)
  await expect(question.getByTestId('warn-unlimited')).toBeVisible()
  await expect(question.getByTestId('change-none')).toContainText('No amount of yours changes')
  await expect(question.getByTestId('later')).toContainText('may take all your TST')
  await expect(question.getByTestId('approve')).toHaveText('Allow without limit')
  await question.getByTestId('approval-details').locator('summary').click()
  const data = calldata('approve(address,uint256)', shop, BigInt(MAX))
  const digest = keccak256(concatHex([numberToHex(size(data), { size: 32 }), data]))
  await expect(question.getByTestId('calldata-digest')).toHaveAttribute('data-value', digest)
  expect(await faultsOf(question)).toEqual([])
  await approve(browser)
  const hash = await sent
  if (!hash.ok) throw new Error(hash.message)
  expect(await dappOf(site, 'receipt', hash.value)).toMatchObject({ ok: true, value: { status: 'success' } })
})

test('what would fail is told before the fee is paid', async ({ browserWithWallet: browser }) => {
  const sent = dappOf(site, 'transact', token, 'transfer(address,uint256)', [shop, '99000000'])
  const question = await browser.approval()
  await expect(question.getByTestId('meaning')).toContainText('Moves 99 TST')
  await expect(question.getByTestId('outcome-fails')).toContainText('not that much')
  await question.getByTestId('reject').click()
  expect(await sent).toMatchObject({ ok: false, code: 4001 })
  await closed(question)
})

test('an outcome that changes while it is read must be agreed to anew', async ({
  browserWithWallet: browser,
  stand,
}) => {
  const sent = dappOf(site, 'transact', shop, 'buy(address)', [token])
  const question = await browser.approval()
  await expect(question.getByTestId(`change-${token}`)).toContainText('− 0.0001 TST')
  await expect(question.getByTestId('approve')).toBeEnabled()
  await make(stand, { to: shop, data: calldata('setPrice(uint256)', 4_000_000n) })
  await expect(question.getByTestId('outcome-changed')).toContainText('− 0.0001 TST')
  await expect(question.getByTestId(`change-${token}`)).toContainText('− 4 TST')
  await approve(browser)
  const hash = await sent
  if (!hash.ok) throw new Error(hash.message)
  expect(await dappOf(site, 'receipt', hash.value)).toMatchObject({ ok: true, value: { status: 'success' } })
})
