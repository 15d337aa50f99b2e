/**
 * The extension is updated while sites wait for answers; and several windows, the popup and the side panel look at the
 * same wallet at once. The tests build on each other.
 */
import type { Page } from '@playwright/test'
import { dappOf } from './extension/acts.ts'
import { letIn } from './extension/let-in.ts'
import { expect, PASSWORD, quiet, say, test } from './extension/ready-wallet.ts'

test.describe.configure({ mode: 'serial' })
test.use({ story: 'extension-update' })
test.beforeEach(({ ready }) => quiet(ready))

const RECIPIENT = '0x00000000000000000000000000000000000c0ffe'

let site: Page
let account: string

test('two windows ask at once: each gets its own answer', async ({ ready, dapp }) => {
  ;({ site, account } = await letIn(ready, dapp.url))
  await quiet(ready)
  const opened = ready.context.waitForEvent('page')
  await ready.openWindow(dapp.url)
  const other = await opened
  await other.waitForLoadState()
  expect(await dappOf(other, 'accounts')).toEqual({ ok: true, value: [account] })

  const [first, second] = [dappOf(site, 'sign', 'from one window'), dappOf(other, 'sign', 'from the other window')]
  const question = await ready.approval()
  const asks = async () => (await question.getByTestId('sign-message-text').textContent()) ?? ''
  const before = await asks()
  await say(ready, 'approve')
  await expect.poll(asks).not.toBe(before)
  await say(ready, 'reject')
  const outcomes = { 'from one window': await first, 'from the other window': await second }
  const [yes, no] = /other/.test(before)
    ? [outcomes['from the other window'], outcomes['from one window']]
    : [outcomes['from one window'], outcomes['from the other window']]
  expect(yes).toEqual({ ok: true, value: true })
  expect(no).toMatchObject({ ok: false, code: 4001 })
  await other.close()
})

test('popup, side panel and tab show one wallet: what one decides is gone from the others', async ({ ready }) => {
  const popup = await ready.context.newPage()
  await popup.goto(ready.page('popup.html'))
  const panel = await ready.context.newPage()
  await panel.goto(ready.page('popup.html?surface=panel'))
  await expect(panel.getByTestId('balance')).toContainText('1 ETH')
  const signed = dappOf(site, 'sign', 'Which of you shows this?')
  const window = await ready.approval()
  const views = [popup, panel, ready.wallet]
  for (const page of views) await expect(page.getByTestId('approval')).toContainText('Which of you shows this?')
  await panel.bringToFront()
  await panel.getByTestId('approve').click()
  expect(await signed).toEqual({ ok: true, value: true })
  for (const page of views) await expect(page.getByTestId('approval')).toHaveCount(0)
  await expect.poll(() => window.isClosed()).toBe(true)
  await popup.close()
  await panel.close()
})

test('an update while something waits: it is refused by 4900, nothing is carried out, the page says so once', async ({
  ready,
  stand,
  dapp,
}) => {
  const nonce = async () => Number(await stand.rpc<string>('eth_getTransactionCount', account, 'pending'))
  const before = await nonce()
  const payment = [{ from: account, to: RECIPIENT, value: '0x1' }]
  const waiting = [
    dappOf(site, 'sign', 'waits while the extension is updated'),
    dappOf(site, 'request', 'eth_sendTransaction', payment),
  ]
  const question = await ready.approval()
  await expect(question.getByTestId('approval')).toContainText('waits while')
  await ready.update()
  for (const answer of await Promise.all(waiting)) expect(answer).toMatchObject({ ok: false, code: 4900 })
  expect((await dappOf(site, 'events')).filter(([name]) => name === 'disconnect')).toEqual([['disconnect', 4900]])
  // A page of before does not come back to life by itself, and is told each time.
  expect(await dappOf(site, 'request', 'eth_chainId')).toMatchObject({ ok: false, code: 4900 })

  await site.goto(dapp.url)
  // The session ended with the old version: the wallet is locked, and shows nothing.
  expect(await dappOf(site, 'accounts')).toEqual({ ok: true, value: [] })
  const wallet = await ready.context.newPage()
  await wallet.goto(ready.page('popup.html?surface=page'))
  await wallet.getByTestId('password').fill(PASSWORD)
  await wallet.getByTestId('unlock').click()
  await expect(wallet.getByTestId('balance')).toContainText('1 ETH')
  await expect(wallet.getByTestId('approval')).toHaveCount(0)
  expect(await nonce()).toBe(before)

  const sent = await ready.answering(['approve'], () => dappOf(site, 'request', 'eth_sendTransaction', payment))
  expect(sent).toMatchObject({ ok: true, value: expect.stringMatching(/^0x[0-9a-f]{64}$/) })
  expect(await nonce()).toBe(before + 1)
})

test('an update right after the yes: carried out once, never twice', async ({ ready, stand, dapp }) => {
  const nonce = async () => Number(await stand.rpc<string>('eth_getTransactionCount', account, 'pending'))
  const before = await nonce()
  const outcome = dappOf(site, 'request', 'eth_sendTransaction', [{ from: account, to: RECIPIENT, value: '0x1' }])
  const question = await ready.approval()
  await expect(question.getByTestId('approve')).toBeEnabled()
  await question.getByTestId('approve').click({ noWaitAfter: true })
  await ready.update()
  const answer = await outcome
  // It may have been quick enough to say so.
  if (!answer.ok) expect(answer.code).toBe(4900)
  await site.goto(dapp.url)
  expect(await dappOf(site, 'request', 'eth_chainId')).toEqual({ ok: true, value: '0x539' })
  const after = await nonce()
  expect(after - before).toBeLessThanOrEqual(1)
  if (answer.ok) expect(after - before).toBe(1)
})
