/** A token in the built wallet: looked at, added, proven and sent; then found in proven blocks, and taken along. */
import { AxeBuilder } from '@axe-core/playwright'
import { DEV_ACCOUNTS } from '@glowworm/devnet/execution/accounts'
import type { Hex } from '@glowworm/light-client'
import type { Page } from '@playwright/test'
import { createWalletClient, http } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { calldata, creation } from '../test/intent/deployed.ts'
import { expect, type Stand, test } from './stand/stand.ts'

const PASSWORD = 'a long enough passphrase 42'
const FRIEND = '0x52908400098527886E0F7030069857D2E4169EE7'
const LIKE_FRIEND = `0x5290${'0'.repeat(32)}9ee7`
const maker = privateKeyToAccount(DEV_ACCOUNTS[3]!.privateKey)

test('a token: looked at, added, proven, sent, and found in proven blocks', async ({ page, stand }) => {
  test.setTimeout(180_000)
  await page.goto(stand.walletUrl)
  await page.getByTestId('create-wallet').click()
  await page.getByTestId('choose-sources-continue').click()
  await page.getByTestId('password').fill(PASSWORD)
  await page.getByTestId('password-confirm').fill(PASSWORD)
  await page.getByTestId('continue').click()
  await page.getByTestId('backup-postpone').click()
  await page.getByTestId('get-test-funds').click()
  await expect(page.getByTestId('balance')).toContainText('1 ETH')
  await page.getByTestId('receive').click()
  await page.getByTestId('receive-anyway').click()
  const me = (await page.getByTestId('account-address').getAttribute('data-value')) as Hex
  const token = await make(stand, { data: creation('Token', 'string, uint8, uint256', 'TST', 6, 10_000_000n) })
  await make(stand, { to: token, data: calldata('transfer(address,uint256)', me, 5_000_000n) })

  // Only what stands behind the # differs: the wallet stays open.
  await page.goto(`${stand.walletUrl}#/assets/add`)
  await page.getByTestId('asset-address').fill(token)
  // It is looked at where the newest proven block stands, which may be one before the contract.
  const preview = page.getByTestId('asset-preview')
  await expect(async () => {
    await page.getByTestId('asset-look').click({ timeout: 1_000 })
    await expect(preview).toContainText('TST', { timeout: 5_000 })
  }).toPass()
  expect(await faultsOf(page)).toEqual([])
  await page.getByTestId('asset-keep').click()
  const row = page.locator(`[data-key="${token}"]`)
  await expect(row).toContainText('5 TST')
  await expect(row.locator('[data-light]')).toHaveAttribute('data-light', /proven|final/)

  await row.click()
  await page.getByTestId('asset-send').click()
  await page.getByTestId('send-to').fill(FRIEND)
  await page.getByTestId('asset-send-amount').fill('1.5')
  await page.getByTestId('asset-review').click()
  await expect(page.getByTestId('approval-recipient')).toHaveAttribute('data-value', FRIEND)
  await expect(page.getByTestId(`change-${token}`)).toContainText('1.5 TST')
  await page.getByTestId('approve').click()
  await expect(page.getByTestId('activity-entry').first()).toContainText('1.5 TST')
  await expect.poll(async () => BigInt(await balanceOf(stand, token, FRIEND))).toBe(1_500_000n)

  // An address made to look like the one that is known now.
  await page.goto(`${stand.walletUrl}#/send`)
  await page.getByTestId('send-to').fill(LIKE_FRIEND)
  await expect(page.getByTestId('recipient-looks-like')).toBeVisible()

  await page.goto(`${stand.walletUrl}#/history`)
  await page.getByTestId('search-span').selectOption('300')
  await expect(async () => {
    await page.getByTestId('search-blocks').click()
    await expect(page.getByTestId('transfer')).toHaveCount(2, { timeout: 5_000 })
  }).toPass({ timeout: 90_000 })
  await expect(page.getByTestId('coverage')).toContainText(/blocks [\d,]+ to [\d,]+/)
  expect(await faultsOf(page)).toEqual([])
  const [table] = await Promise.all([page.waitForEvent('download'), page.getByTestId('export-csv').click()])
  expect(table.suggestedFilename()).toBe('activity.csv')
  const [log] = await Promise.all([page.waitForEvent('download'), page.getByTestId('export-log').click()])
  await page.getByTestId('compare-log').setInputFiles(await log.path())
  await expect(page.getByTestId('compare-result')).toContainText(me.toLowerCase())

  // Who signed what, on proven state: an account without code signs with its key.
  await page.goto(`${stand.walletUrl}#/safety/signature`)
  await page.getByTestId('signature-who').fill(maker.address)
  await page.getByTestId('signature-message').fill('I made this token.')
  await page.getByTestId('signature-text').fill(await maker.signMessage({ message: 'I made this token.' }))
  await page.getByTestId('signature-check').click()
  const result = page.getByTestId('signature-result')
  await expect(result).toContainText('Signed with the key of this account')
  await expect(result).toHaveAttribute('data-light', /proven|final/)
  expect(await faultsOf(page)).toEqual([])
  await page.getByTestId('signature-message').fill('I made that token.')
  await expect(result).toHaveCount(0)
  await page.getByTestId('signature-check').click()
  await expect(result).toContainText('Not a signature of this account')
})

async function faultsOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}

const balanceOf = (stand: Stand, token: Hex, of: string) =>
  stand.rpc<Hex>('eth_call', { to: token, data: calldata('balanceOf(address)', of) }, 'latest')

/** Sends from an account of the network and waits for its block. @returns the contract that was called or made */
async function make(stand: Stand, transaction: { to?: Hex; data: Hex }): Promise<Hex> {
  const client = createWalletClient({ account: maker, transport: http(stand.executionUrl) })
  const hash = await client.sendTransaction({ ...transaction, chain: null, gas: 2_000_000n })
  let receipt: { status: Hex; contractAddress: Hex | null } | null = null
  await expect
    .poll(async () => {
      receipt = await stand.rpc('eth_getTransactionReceipt', hash)
      return receipt?.status
    })
    .toBe('0x1')
  return transaction.to ?? (receipt!.contractAddress!.toLowerCase() as Hex)
}
