/**
 * The black-box cases of Coinspect's Wallet Security Benchmark that a browser extension can be asked, each under its own
 * name (github.com/coinspect/wallet-security-framework, WSB). What does not apply, or is not met, stands in
 * docs/provider.md. The tests build on each other.
 */
import type { Hex } from '@glowworm/light-client'
import type { Page } from '@playwright/test'
import { calldata, creation } from '../test/intent/deployed.ts'
import { dappOf } from './extension/acts.ts'
import { expect, PASSWORD, quiet, type ReadyWallet, say, test } from './extension/ready-wallet.ts'
import { make } from './stand/somebody.ts'

test.describe.configure({ mode: 'serial' })
test.use({ story: 'security-benchmark' })
test.beforeEach(({ ready }) => quiet(ready))

const NOBODY = '0x00000000000000000000000000000000000c0ffe'
/** A letter of the wrong case. */
const MISTYPED = '0x70997970C51812dc3A010C7d01b50e0d17dc79c8'
const UNAUTHORIZED = { ok: false, code: 4100 }
const UNSUPPORTED = { ok: false, code: 4200 }
const MAX = (2n ** 256n - 1n).toString()

let site: Page
let account: Hex

const ask = (method: string, params: unknown = []) => dappOf(site, 'request', method, params)

const typed = (chainId: number, message: object = { text: 'hello' }) => ({
  types: { Mail: [{ name: 'text', type: 'string' }] },
  primaryType: 'Mail',
  domain: { name: 'A site', chainId, verifyingContract: NOBODY },
  message,
})

/** What the benchmark lists as needing the person, and how each is asked. */
const sensitive = (): (readonly [method: string, params: unknown])[] => [
  ['eth_decrypt', ['0x00', account]],
  ['eth_getEncryptionPublicKey', [account]],
  ['eth_signTypedData', [[{ type: 'string', name: 'text', value: 'hello' }], account]],
  ['eth_signTypedData_v3', [account, typed(1337)]],
  ['eth_signTypedData_v4', [account, typed(1337)]],
  ['personal_sign', ['hello', account]],
  ['eth_sendTransaction', [{ from: account, to: NOBODY, value: '0x1' }]],
]
/** Of those, what this wallet does at all. */
const SERVED = /^(eth_signTypedData_v[34]|personal_sign|eth_sendTransaction)$/

test('WSB-PERM-008~Browser User consent for dApp access', async ({ ready, dapp }) => {
  site = await ready.context.newPage()
  await site.goto(dapp.url)
  account = await accountOf(ready, dapp.otherUrl)
  expect(await ask('eth_accounts')).toEqual({ ok: true, value: [] })
  for (const [method, params] of sensitive())
    expect(await ask(method, params), method).toMatchObject(SERVED.test(method) ? UNAUTHORIZED : UNSUPPORTED)
  await quiet(ready)
})

test('WSB-THRE-006 Full dApp URL display', async ({ ready, dapp }) => {
  const long = `http://${'wallet-connect-secure-login.'.repeat(5)}localhost:${new URL(dapp.url).port}`
  const page = await ready.context.newPage()
  await page.goto(long)
  const refused = dappOf(page, 'connect')
  const shown = (await ready.approval()).getByTestId('approval-origin')
  await expect(shown).toHaveText(long)
  // All of it, on the screen: not cut off, nor hidden at the side.
  const fits = await shown.evaluate((element) => element.scrollWidth <= element.clientWidth)
  expect(fits).toBe(true)
  await say(ready, 'reject')
  expect(await refused).toMatchObject({ ok: false, code: 4001 })
  await page.close()
})

test('WSB-THRE-004 dApp access disclosure dialog', async ({ ready }) => {
  const connected = dappOf(site, 'connect')
  const question = (await ready.approval()).getByTestId('approval')
  await expect(question).toContainText('The site learns the addresses you choose, and with them everything public')
  await expect(question).toContainText(/ask .*sign/)
  await say(ready, 'approve')
  expect(await connected).toMatchObject({ ok: true, value: [expect.stringMatching(new RegExp(account, 'i'))] })
})

test('WSB-PERM-010~Browser User confirmation before processing requests', async ({ ready }) => {
  for (const [method, params] of sensitive()) {
    if (!SERVED.test(method)) {
      expect(await ask(method, params), method).toMatchObject(UNSUPPORTED)
      continue
    }
    const answer = await ready.answering(['reject'], () => ask(method, params))
    expect(answer, method).toMatchObject({ ok: false, code: 4001 })
  }
  const chain = { chainId: '0x53a', chainName: 'Another', rpcUrls: ['https://rpc.example'] }
  expect(await ask('wallet_addEthereumChain', [chain])).toMatchObject({ ok: false, code: 4902 })
  await quiet(ready)
})

test('WSB-PERM-001 Mismatching SIWE domain detection', async ({ ready }) => {
  expect(await dappOf(site, 'signIn', 'bank.example')).toMatchObject({ ok: false, code: -32602 })
  await quiet(ready)
})

test('WSB-PERM-003 Mismatching EIP-712 chainId detection', async ({ ready }) => {
  expect(await ask('eth_signTypedData_v4', [account, typed(137)])).toMatchObject({ ok: false, code: 4901 })
  await quiet(ready)
})

test('WSB-PERM-006 eth_sign method disabled', async ({ ready }) => {
  expect(await ask('eth_sign', [account, `0x${'ab'.repeat(32)}`])).toMatchObject(UNSUPPORTED)
  await quiet(ready)
})

test('WSB-PERM-009 User confirmation before switching chains', async () => {
  for (const chainId of ['0x1', '0x89'])
    expect(await ask('wallet_switchEthereumChain', [{ chainId }])).toMatchObject({ ok: false, code: 4902 })
  expect(await ask('eth_chainId')).toEqual({ ok: true, value: '0x539' })
  expect((await dappOf(site, 'events')).filter(([name]) => name === 'chainChanged')).toEqual([])
})

test('WSB-VERI-001 Invalid address checksum detection', async ({ ready }) => {
  expect(await ask('eth_sendTransaction', [{ from: account, to: MISTYPED, value: '0x1' }])).toMatchObject({
    ok: false,
    code: -32602,
  })
  const { wallet } = ready
  await wallet.getByTestId('nav-home').click()
  await wallet.getByTestId('send').click()
  await wallet.getByTestId('send-to').fill(MISTYPED)
  await wallet.getByTestId('send-amount').fill('0.001')
  await wallet.getByTestId('review').click()
  await expect(wallet.getByTestId('send-screen')).toContainText(/checksum|capital/i)
  await expect(wallet.getByTestId('approval')).toHaveCount(0)
  await wallet.getByTestId('nav-home').click()
})

test('WSB-THRE-005 Unknown address detection', async ({ ready }) => {
  const sent = ask('eth_sendTransaction', [{ from: account, to: NOBODY, value: '0x1' }])
  await expect((await ready.approval()).getByTestId('first-time')).toBeVisible()
  await say(ready, 'reject')
  expect(await sent).toMatchObject({ ok: false, code: 4001 })
})

test('WSB-THRE-002 Malicious and poisoned address detection: look-alikes', async ({ ready }) => {
  const friend = MISTYPED.toLowerCase()
  const bait = `${friend.slice(0, 6)}${'5'.repeat(32)}${friend.slice(-4)}`
  const pay = (to: string) => ask('eth_sendTransaction', [{ from: account, to, value: '0x1' }])
  expect(await ready.answering(['approve'], () => pay(friend))).toMatchObject({ ok: true })
  await quiet(ready)
  const sent = pay(bait)
  await expect((await ready.approval()).getByTestId('recipient-looks-like')).toBeVisible()
  await say(ready, 'reject')
  expect(await sent).toMatchObject({ ok: false, code: 4001 })
  const { wallet } = ready
  await wallet.getByTestId('nav-home').click()
  await wallet.getByTestId('send').click()
  await wallet.getByTestId('send-to').fill(bait)
  await expect(wallet.getByTestId('recipient-looks-like')).toBeVisible()
  await wallet.getByTestId('nav-home').click()
})

test('WSB-VERI-005 Clear token approval dialog, WSB-VERI-003 Transaction simulation', async ({ ready, stand }) => {
  const token = await make(stand, { data: creation('Token', 'string, uint8, uint256', 'TST', 6, 10_000_000n) })
  const shop = await make(stand, { data: creation('Odd') })
  await make(stand, { to: token, data: calldata('transfer(address,uint256)', account, 5_000_000n) })
  for (const [amount, words] of [
    ['2500000', '2.5 TST'],
    [MAX, 'all TST'],
  ] as const) {
    const sent = dappOf(site, 'transact', token, 'approve(address,uint256)', [shop, amount])
    const question = await ready.approval()
    await expect(question.getByTestId('meaning')).toContainText(words)
    // Token and spender, in full.
    for (const party of [token, shop]) await expect(question.locator(`[data-value="${party}" i]`).first()).toBeVisible()
    if (amount === MAX) await expect(question.getByTestId('warn-unlimited')).toBeVisible()
    await say(ready, 'reject')
    expect(await sent).toMatchObject({ ok: false, code: 4001 })
    await quiet(ready)
  }
  const sent = dappOf(site, 'transact', token, 'transfer(address,uint256)', [NOBODY, '1000000'])
  await expect((await ready.approval()).getByTestId(`change-${token}`)).toContainText('− 1 TST')
  await say(ready, 'reject')
  expect(await sent).toMatchObject({ ok: false, code: 4001 })
})

test('WSB-VERI-004 EIP-712 message parsing', async ({ ready }) => {
  const field = (name: string, type: string) => ({ name, type })
  const permit = {
    types: {
      Permit: [
        field('owner', 'address'),
        field('spender', 'address'),
        field('value', 'uint256'),
        field('nonce', 'uint256'),
        field('deadline', 'uint256'),
      ],
    },
    primaryType: 'Permit',
    domain: { name: 'USD Coin', version: '2', chainId: 1337, verifyingContract: NOBODY },
    message: { owner: account, spender: MISTYPED.toLowerCase(), value: MAX, nonce: '0', deadline: '1900000000' },
  }
  const signed = ask('eth_signTypedData_v4', [account, permit])
  const question = await ready.approval()
  await expect(question.getByTestId('meaning')).toContainText(/take all/)
  await expect(question.getByTestId('warn-unlimited')).toBeVisible()
  await say(ready, 'reject')
  expect(await signed).toMatchObject({ ok: false, code: 4001 })
})

test('WSB-VERI-006 Clear message signing dialog', async ({ ready }) => {
  const text = `${'All of this is signed. '.repeat(200)}And this is its end.`
  const message = ask('personal_sign', [text, account])
  const shown = (await ready.approval()).getByTestId('sign-message-text')
  expect(await shown.textContent()).toContain(text)
  await shown.getByText('And this is its end.').scrollIntoViewIfNeeded()
  // No box of its own that scrolls, nor one that cuts off.
  expect(await shown.evaluate((element) => element.scrollHeight <= element.clientHeight + 1)).toBe(true)
  await say(ready, 'reject')
  expect(await message).toMatchObject({ ok: false, code: 4001 })
  await quiet(ready)

  const data = ask('eth_signTypedData_v4', [account, typed(1337, { text })])
  const question = await ready.approval()
  expect(await question.getByTestId('typed-message').textContent()).toContain(text)
  await question.getByTestId('approval').locator('summary').last().click()
  for (const line of ['A site', NOBODY]) await expect(question.getByTestId('typed-domain')).toContainText(line)
  await say(ready, 'reject')
  expect(await data).toMatchObject({ ok: false, code: 4001 })
})

test('WSB-VERI-007 Mandatory message review', async ({ ready }) => {
  await quiet(ready)
  const text = `${'All of this is signed. '.repeat(200)}And this is its end.`
  for (const [method, params] of [
    ['personal_sign', [text, account]],
    ['eth_signTypedData_v4', [account, typed(1337, { text })]],
  ] as const) {
    const signed = ask(method, params)
    const question = await ready.approval()
    const button = question.getByTestId('approve')
    await expect(question.getByTestId('approval')).toContainText('First scroll to the end.')
    await question.keyboard.press('PageDown')
    // Longer than it takes a button to wake that waits for stillness alone.
    await question.waitForTimeout(2_000)
    await expect(button, method).toBeDisabled()
    await expect(button).toHaveAccessibleDescription('First scroll to the end.')
    await question.keyboard.press('End')
    await expect(button).toBeEnabled()
    // Who has seen the end may look at the beginning again.
    await question.keyboard.press('Home')
    await expect.poll(() => question.evaluate(() => window.scrollY)).toBe(0)
    await expect(button).toBeEnabled()
    await button.focus()
    await question.keyboard.press('Enter')
    expect(await signed, method).toMatchObject({ ok: true, value: expect.stringMatching(/^0x[0-9a-f]{130}$/) })
    await quiet(ready)
  }
  // What waits behind it has as long a way, and is at its end from the start: that was not reading.
  const [first, second] = ['One.', 'Two.'].map((name) => ask('personal_sign', [`${name} ${text}`, account]))
  const question = await ready.approval()
  await expect(question.getByTestId('approval')).toContainText('One.')
  await question.keyboard.press('End')
  await expect(question.getByTestId('approve')).toBeEnabled()
  await question.getByTestId('approve').click()
  expect(await first).toMatchObject({ ok: true })
  const next = await ready.approval()
  await expect(next.getByTestId('approval')).toContainText('Two.')
  await next.waitForTimeout(2_000)
  await expect(next.getByTestId('approve')).toBeDisabled()
  await say(ready, 'approve')
  expect(await second).toMatchObject({ ok: true })
  await quiet(ready)
  const short = ask('personal_sign', ['Hello.', account])
  await expect((await ready.approval()).getByTestId('approve')).toBeEnabled()
  await say(ready, 'reject')
  expect(await short).toMatchObject({ ok: false, code: 4001 })
  await quiet(ready)
})

test('WSB-PERM-004 Connected dApp management', async ({ ready, dapp }) => {
  const other = await ready.context.newPage()
  await other.goto(dapp.otherUrl)
  await ready.answering(['approve'], () => dappOf(other, 'connect'))
  const { wallet } = ready
  await wallet.getByTestId('nav-settings').click()
  const listed = wallet.getByTestId('site')
  await expect(listed).toHaveCount(2)
  await listed.filter({ hasText: dapp.otherUrl }).getByTestId('disconnect').click()
  await expect(listed).toHaveCount(1)
  expect(await dappOf(other, 'accounts')).toEqual({ ok: true, value: [] })
  expect(await dappOf(other, 'request', 'personal_sign', ['hello', account])).toMatchObject(UNAUTHORIZED)
  expect(await ask('eth_accounts')).toMatchObject({ value: [expect.stringMatching(new RegExp(account, 'i'))] })
  await other.close()
})

test('WSB-PHYS-001, 003 and 005: the seed phrase takes a password, warns, and cannot be copied', async ({ ready }) => {
  const { wallet } = ready
  await wallet.getByTestId('nav-settings').click()
  await wallet.getByTestId('reveal-phrase').click()
  await expect(wallet.getByTestId('ask-password')).toContainText(/Whoever|anyone/i)
  await wallet.getByTestId('password').fill('not the password at all')
  await wallet.getByTestId('reveal').click()
  await expect(wallet.getByTestId('problem')).toBeVisible()
  await wallet.getByTestId('password').fill(PASSWORD)
  await wallet.getByTestId('reveal').click()
  await expect(wallet.getByTestId('phrase-word-1')).toHaveCount(0)
  await wallet.getByTestId('phrase-reveal').click()
  await wallet.getByTestId('phrase-word-1').waitFor()
  const copied = await wallet.evaluate(() => {
    const list = document.querySelector('.phrase')!
    getSelection()!.selectAllChildren(list)
    const event = new ClipboardEvent('copy', { bubbles: true, cancelable: true, clipboardData: new DataTransfer() })
    return { prevented: !list.dispatchEvent(event), text: event.clipboardData!.getData('text/plain') }
  })
  expect(copied).toEqual({ prevented: true, text: '' })
  await wallet.reload()
})

test('WSB-PHYS-006~Browser Automatic wallet lock', async ({ ready }) => {
  await ready.wallet.getByTestId('nav-settings').click()
  await expect(ready.wallet.getByTestId('auto-lock')).toHaveValue('15')
  const choices = await ready.wallet
    .getByTestId('auto-lock')
    .locator('option')
    .evaluateAll((all) => all.map((one) => Number((one as HTMLOptionElement).value)))
  expect(Math.min(...choices)).toBeGreaterThan(0)
})

test('WSB-PHYS-004 Manual wallet lock, WSB-PERM-002~Browser Wallet unlock before requests', async ({ ready }) => {
  await ready.wallet.getByTestId('nav-settings').click()
  await ready.wallet.getByTestId('lock').click()
  await expect(ready.wallet.getByTestId('unlock')).toBeVisible()
  expect(await ask('eth_accounts')).toEqual({ ok: true, value: [] })
  for (const [method, params] of sensitive())
    expect(await ask(method, params), method).toMatchObject(SERVED.test(method) ? UNAUTHORIZED : UNSUPPORTED)
  await quiet(ready)
})

test('WSB-PHYS-002~Browser Robust authentication', async ({ stand, browser }) => {
  const page = await browser.newPage()
  await page.goto(stand.walletUrl)
  await page.getByTestId('create-wallet').click()
  await page.getByTestId('choose-sources-continue').click()
  for (const weak of ['1234', '12345678', 'qwertyui', 'password']) {
    await page.getByTestId('password').fill(weak)
    await page.getByTestId('password-confirm').fill(weak)
    await page.getByTestId('continue').click()
    await expect(page.getByTestId('choose-password')).toBeVisible()
    await expect(page.locator('[aria-invalid="true"]').first(), weak).toBeVisible()
  }
  await page.close()
})

/** As another site is told, which then leaves. */
async function accountOf(ready: ReadyWallet, url: string): Promise<Hex> {
  const other = await ready.context.newPage()
  await other.goto(url)
  const connected = await ready.answering(['approve'], () => dappOf(other, 'connect'))
  if (!connected.ok) throw new Error(connected.message)
  await dappOf(other, 'request', 'wallet_revokePermissions', [{ eth_accounts: {} }])
  await other.close()
  return connected.value[0] as Hex
}
