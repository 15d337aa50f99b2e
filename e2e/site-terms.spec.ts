/** What a person lays down while letting a site in holds; and what a site is told it can prove to others, offline. */
import type { Hex } from '@glowworm/light-client'
import { verifyReceipt } from '@glowworm/light-client/application/receipt/verify-receipt'
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import { loadEngines } from '@glowworm/wasm-core'
import type { Page } from '@playwright/test'
import { dappOf } from './extension/acts.ts'
import { expect, quiet, say, test } from './extension/ready-wallet.ts'
import { make } from './stand/somebody.ts'

test.describe.configure({ mode: 'serial' })
test.use({ story: 'site-terms' })
test.beforeEach(({ ready }) => quiet(ready))

const RECIPIENT = '0x00000000000000000000000000000000000c0ffe'
const MILLI = 10n ** 15n

let site: Page
let account: Hex

const pay = (value: bigint) =>
  dappOf(site, 'request', 'eth_sendTransaction', [
    { from: account, to: RECIPIENT, value: `0x${value.toString(16)}`, gas: '0x5208', maxFeePerGas: '0x77359400' },
  ])

test('accounts, a limit and an end are chosen at connect, and listed', async ({ ready, dapp }) => {
  site = await ready.context.newPage()
  await site.goto(dapp.url)
  const connected = dappOf(site, 'connect')
  const question = await ready.approval()
  await question.getByTestId('connect-fresh').check()
  await question.getByTestId('connect-terms').click()
  await question.getByTestId('connect-end').selectOption('hour')
  await question.getByTestId('connect-limit').fill('0.01')
  await say(ready, 'approve')
  const accounts = await connected
  if (!accounts.ok) throw new Error(accounts.message)
  account = accounts.value[0] as Hex
  // A fresh one: not the one that others see.
  await ready.wallet.getByTestId('nav-settings').click()
  const listed = ready.wallet.getByTestId('site')
  await expect(listed).toContainText(dapp.url)
  await expect(listed.getByTestId('site-rule')).toContainText('0.01 ETH')
  await expect(listed.getByTestId('site-rule')).toContainText(/until/)
  expect(await dappOf(site, 'request', 'wallet_getPermissions')).toMatchObject({
    ok: true,
    value: [
      { parentCapability: 'eth_accounts', caveats: [{ value: [account.toLowerCase()] }] },
      { parentCapability: 'endowment:permitted-chains', caveats: [{ value: ['0x539'] }] },
    ],
  })
})

test('what is within the limit is asked; what is not is refused unasked, also together with what was sent', async ({
  ready,
  stand,
}) => {
  await make(stand, { to: account, value: 20n * MILLI })
  await expect
    .poll(async () => dappOf(site, 'balance', account))
    .toMatchObject({ ok: true, value: String(20n * MILLI) })
  expect(await pay(11n * MILLI)).toMatchObject({ ok: false, code: 4100 })
  const sent = await ready.answering(['approve'], () => pay(6n * MILLI))
  expect(sent).toMatchObject({ ok: true, value: expect.stringMatching(/^0x[0-9a-f]{64}$/) })
  expect(await pay(5n * MILLI)).toMatchObject({ ok: false, code: 4100 })
  expect(BigInt(await stand.rpc<string>('eth_getTransactionCount', account, 'pending'))).toBe(1n)
})

test('a proof receipt through the real light client is checked offline, and names what was asked', async ({
  ready,
}) => {
  const question = ['eth_getBalance', [RECIPIENT, 'finalized']]
  const proven = await dappOf(site, 'request', 'glowworm_prove', [question])
  if (!proven.ok) throw new Error(proven.message)
  const { receipt, answers } = proven.value as { receipt: string; answers: unknown[] }
  const profile = await ready.network()
  const file = new Uint8Array(Buffer.from(receipt, 'base64'))
  const checked = await verifyReceipt(file, profile.checkpoint ?? null, {
    profile,
    engines: await loadEngines(),
    clock: platformClock,
  })
  expect(checked.trusted).toBe(true)
  // The tag became the block it meant then.
  const number = expect.stringMatching(/^0x[0-9a-f]+$/)
  expect(checked.claims).toMatchObject([{ method: 'eth_getBalance', params: [RECIPIENT, number], result: answers[0] }])
  // A receipt costs the sources a whole start: only sites that are let in get one.
  await dappOf(site, 'request', 'wallet_revokePermissions', [{ eth_accounts: {} }])
  expect(await dappOf(site, 'request', 'glowworm_prove', [question])).toMatchObject({ ok: false, code: 4100 })
})
