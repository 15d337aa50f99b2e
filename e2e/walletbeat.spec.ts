/**
 * The benchmark transactions of Walletbeat, asked for by a site in the loaded extension: each is decoded, and its outcome
 * explained from its execution on proven state, without a click. docs/walletbeat.md lists what is shown where.
 */
import type { Hex } from '@glowworm/light-client'
import type { Page } from '@playwright/test'
import { concatHex, numberToHex, size } from 'viem'
import { calldata, creation } from '../test/intent/deployed.ts'
import { closed, dappOf } from './extension/acts.ts'
import { type ReadyWallet, say, test } from './extension/ready-wallet.ts'
import { make } from './stand/somebody.ts'
import { expect } from './stand/stand.ts'

test.describe.configure({ mode: 'serial' })
test.use({ story: 'walletbeat' })

const FRIEND = '0x00000000000000000000000000000000000c0ffe'
const SUPPLY = 'supply(address,uint256,address,uint16)'
const EXECUTE = 'execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes)'
const NOBODY = `0x${'00'.repeat(20)}` as const
const MILLION = 1_000_000n

let site: Page
let me: Hex
let token: Hex
let gallery: Hex
let items: Hex
let pool: Hex
let safe: Hex
let batcher: Hex
let lottery: Hex

test('set up: somebody with coin, tokens, items and a Safe', async ({ ready, stand, dapp }) => {
  site = await ready.context.newPage()
  await site.goto(dapp.url)
  const accounts = await ready.answering(['approve'], () => dappOf(site, 'connect'))
  if (!accounts.ok) throw new Error(accounts.message)
  me = accounts.value[0] as Hex
  token = await make(stand, { data: creation('Token', 'string, uint8, uint256', 'TST', 6, 100n * MILLION) })
  gallery = await make(stand, { data: creation('Gallery') })
  items = await make(stand, { data: creation('Items') })
  pool = await make(stand, { data: creation('Pool') })
  safe = await make(stand, { data: creation('Multisig', 'address', me) })
  batcher = await make(stand, { data: creation('MultiSend') })
  lottery = await make(stand, { data: creation('Lottery') })
  for (const owner of [me, safe, lottery])
    await make(stand, { to: token, data: calldata('transfer(address,uint256)', owner, 20n * MILLION) })
  await make(stand, { to: gallery, data: calldata('mint(address,uint256)', me, 7n) })
  await make(stand, { to: items, data: calldata('mint(address,uint256[],uint256[])', me, [3n], [5n]) })
})

test('coin: how much, to whom, what remains', async ({ ready }) => {
  const question = await asked(ready, { to: FRIEND, value: numberToHex(25n * 10n ** 16n) })
  await expect(question.getByTestId('approval-outcome')).toContainText('0.25 ETH')
  await expect(question.getByTestId('approval-to')).toHaveAttribute('data-value', new RegExp(FRIEND, 'i'))
  await expect(question.getByTestId('approve')).toHaveText('Send 0.25 ETH')
  await rejected(ready)
})

test('ERC-20: the amount in the token, and that it leaves', async ({ ready }) => {
  const data = calldata('transfer(address,uint256)', FRIEND, MILLION)
  const question = await asked(ready, { to: token, data })
  await expect(question.getByTestId('meaning')).toContainText('Moves 1 TST from Account 1 to')
  await expect(question.getByTestId(`change-${token}`)).toContainText('− 1 TST')
  await rejected(ready)
})

test('ERC-721: which item, and that it leaves', async ({ ready }) => {
  const data = calldata('safeTransferFrom(address,address,uint256)', me, FRIEND, 7n)
  const question = await asked(ready, { to: gallery, data })
  await expect(question.getByTestId('meaning')).toContainText('Moves item 7 of the collection')
  await expect(question.getByTestId('outcome')).toContainText('Item 7 of')
  await rejected(ready)
})

test('ERC-1155: which item and how many', async ({ ready }) => {
  const data = calldata('safeTransferFrom(address,address,uint256,uint256,bytes)', me, FRIEND, 3n, 2n, '0x')
  const question = await asked(ready, { to: items, data })
  await expect(question.getByTestId('meaning')).toContainText('Moves 2 × item 3 of the collection')
  await expect(question.getByTestId('outcome')).toContainText('Item 3 of')
  await rejected(ready)
})

test('an approval: who may take how much from now on', async ({ ready }) => {
  const data = calldata('approve(address,uint256)', pool, 2n * MILLION)
  const question = await asked(ready, { to: token, data })
  await expect(question.getByTestId('meaning')).toContainText('take up to 2 TST')
  await expect(question.getByTestId('later')).toContainText('may take up to 2 TST')
  await expect(question.getByTestId('approve')).toHaveText('Allow up to 2 TST')
  await answered(ready, 'approve')
})

test('supplying to a lending pool: decoded, what leaves and what is owed in return', async ({ ready }) => {
  const question = await asked(ready, { to: pool, data: calldata(SUPPLY, token, MILLION, me, 0) })
  await expect(question.getByTestId('meaning')).toContainText('Supply to a lending pool')
  await expect(question.getByTestId('approval')).toContainText('1 TST')
  await expect(question.getByTestId(`change-${token}`)).toContainText('− 1 TST')
  await expect(question.getByTestId(`change-${pool}`)).toContainText('+ 1 aTST')
  await rejected(ready)
})

test('a batch through a Safe: each of its steps', async ({ ready }) => {
  const approval = packed(token, calldata('approve(address,uint256)', pool, 5n * MILLION))
  const supply = packed(pool, calldata(SUPPLY, token, MILLION, safe, 0))
  const batch = calldata('multiSend(bytes)', concatHex([approval, supply]))
  const question = await asked(ready, { to: safe, data: execution(batcher, batch, 1) })
  const steps = question.getByTestId('steps')
  await expect(question.getByTestId('approval')).toContainText('as the Safe')
  await expect(steps.first()).toContainText('take up to 5 TST')
  await expect(steps.first()).toContainText('Supply to a lending pool')
  await expect(question.getByTestId('outcome')).toHaveAttribute('data-outcome', 'proven')
  await answered(ready, 'approve')
})

test('supplying out of a Safe: what the Safe is made to do', async ({ ready }) => {
  const question = await asked(ready, { to: safe, data: execution(pool, calldata(SUPPLY, token, MILLION, safe, 0), 0) })
  await expect(question.getByTestId('approval')).toContainText('Makes the Safe')
  await expect(question.getByTestId('approval')).toContainText('Supply to a lending pool')
  await expect(question.getByTestId('outcome')).toHaveAttribute('data-outcome', 'proven')
  await expect(question.getByTestId('outcome-fails')).toHaveCount(0)
  await rejected(ready)
})

test('what would fail: that it does, and why, before the fee is paid', async ({ ready }) => {
  const data = calldata('transfer(address,uint256)', FRIEND, 1_000n * MILLION)
  const question = await asked(ready, { to: token, data })
  await expect(question.getByTestId('outcome-fails')).toContainText('not that much')
  await rejected(ready)
})

test('what depends on the block: the change is shown, and the button sleeps again', async ({ ready }) => {
  const question = await asked(ready, { to: lottery, data: calldata('play(address)', token) })
  await expect(question.getByTestId('outcome-changed')).toBeVisible()
  await rejected(ready)
})

/** What came of the request that is on the screen. */
let underWay: Promise<unknown>

async function asked(ready: ReadyWallet, transaction: { to: Hex; data?: Hex; value?: Hex }): Promise<Page> {
  underWay = dappOf(site, 'request', 'eth_sendTransaction', [{ from: me, ...transaction }])
  return ready.approval()
}

async function answered(ready: ReadyWallet, answer: 'approve' | 'reject'): Promise<void> {
  const question = await ready.approval()
  await say(ready, answer)
  // The next question opens a window of its own.
  await closed(question)
  const outcome = (await underWay) as { ok: boolean; value?: Hex; code?: number }
  expect(outcome).toMatchObject(answer === 'approve' ? { ok: true } : { ok: false, code: 4001 })
  // The next one is asked about the state that this one leaves.
  if (outcome.value)
    expect(await dappOf(site, 'receipt', outcome.value)).toMatchObject({ ok: true, value: { status: 'success' } })
}

const rejected = (ready: ReadyWallet) => answered(ready, 'reject')

const execution = (to: Hex, data: Hex, operation: 0 | 1): Hex =>
  calldata(EXECUTE, to, 0n, data, operation, 0n, 0n, 0n, NOBODY, NOBODY, '0x')

/** One call of Safe's MultiSend: operation, to, value, length, data. */
const packed = (to: Hex, data: Hex): Hex =>
  concatHex(['0x00', to, numberToHex(0n, { size: 32 }), numberToHex(size(data), { size: 32 }), data])
