/** Transactions that wait: their order, what takes their place, what fees they get, and that none is forgotten. */
import { parseTransaction } from 'viem'
import { describe, expect, test } from 'vitest'
import { fault, receiptOf } from '../../test/fake-chain.ts'
import { ADDRESS, fundedWallet, settle, type TestWallet, until } from '../../test/wallet.ts'
import type { Approval } from './facade.ts'

const TO = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'

async function send(t: TestWallet, value: bigint): Promise<string> {
  const before = t.state.activity.length
  const { approvalId: id } = await t.wallet.facade.prepareSend({ accountId: 'eth-0', to: TO, value })
  await t.wallet.facade.approve({ id, revision: approvalOf(t, id).revision })
  await until(() => t.state.activity.length > before && t.state.activity[0]!.state === 'sent', 'sending')
  return t.state.activity[0]!.id
}

function approvalOf(t: TestWallet, id: string): Extract<Approval, { kind: 'send-transaction' }> {
  const found = t.state.approvals.find((approval) => approval.id === id)
  if (found?.kind !== 'send-transaction') throw new Error('expected a transaction')
  return found
}

async function replace(t: TestWallet, id: string, how: 'speed-up' | 'cancel') {
  const { approvalId } = await t.wallet.facade.prepareReplacement({ id, how })
  const approval = approvalOf(t, approvalId)
  const sent = t.chain.sent.length
  await t.wallet.facade.approve({ id: approvalId, revision: approval.revision })
  await until(() => t.chain.sent.length > sent && t.state.activity[0]!.state === 'sent', 'the replacement')
  return approval
}

const entryOf = (t: TestWallet, id: string) => t.state.activity.find((entry) => entry.id === id)!

describe('what takes the place of a transaction', () => {
  test('speeding up sends the same with fees that nodes accept', async () => {
    const t = await fundedWallet()
    const id = await send(t, 5n)
    const first = parseTransaction(t.chain.sent[0]!)
    const approval = await replace(t, id, 'speed-up')
    expect(approval).toMatchObject({ replaces: { id, how: 'speed-up' }, value: 5n, nonce: { value: 3n } })
    const second = parseTransaction(t.chain.sent[1]!)
    expect(second).toMatchObject({ nonce: first.nonce, to: first.to, value: first.value, gas: first.gas })
    for (const fee of ['maxFeePerGas', 'maxPriorityFeePerGas'] as const)
      expect(8n * second[fee]!).toBeGreaterThanOrEqual(9n * first[fee]!)
    // Once more has to outbid the dearest of both.
    await replace(t, id, 'speed-up')
    expect(8n * parseTransaction(t.chain.sent[2]!).maxFeePerGas!).toBeGreaterThanOrEqual(9n * second.maxFeePerGas!)
    expect(t.state.activity).toHaveLength(3)
    const next = await t.wallet.facade.prepareSend({ accountId: 'eth-0', to: TO, value: 1n })
    expect(approvalOf(t, next.approvalId)).toMatchObject({ nonce: { value: 4n } })
  })

  test('cancelling sends nothing to oneself; the receipt of either tells which it was, also after a reorganisation', async () => {
    const t = await fundedWallet()
    const id = await send(t, 10n ** 19n - 10n ** 15n)
    await replace(t, id, 'cancel')
    const cancel = parseTransaction(t.chain.sent[1]!)
    expect(cancel).toMatchObject({ nonce: 3, to: ADDRESS, gas: 21_000n })
    expect([cancel.value ?? 0n, cancel.data ?? '0x']).toEqual([0n, '0x'])
    const winner = t.state.activity[0]!
    expect(winner.replaces).toEqual({ id, how: 'cancel' })
    t.chain.receipts.set(winner.hash!, { receipt: receiptOf(winner.hash!, 11n), final: false })
    t.chain.advance(11n)
    await until(() => entryOf(t, id).state === 'replaced', 'the replacement in a block')
    expect(entryOf(t, id)).toMatchObject({ replacedBy: winner.id, queue: null })
    await expect(t.wallet.facade.prepareReplacement({ id, how: 'speed-up' })).rejects.toMatchObject({
      problem: { code: 'NOT_UNDER_WAY' },
    })
    // The block is taken back, and the first one is in the next.
    t.chain.receipts.clear()
    t.chain.advance(13n)
    await until(() => entryOf(t, id).state === 'sent', 'the way back')
    const { hash } = entryOf(t, id)
    t.chain.receipts.set(hash!, { receipt: receiptOf(hash!, 14n), final: true })
    t.chain.advance(14n)
    await until(() => entryOf(t, winner.id).state === 'replaced', 'the other one')
    expect(entryOf(t, id)).toMatchObject({ state: 'final', replacedBy: null })
    const asked = t.chain.asked.filter((what) => what === `receipt ${winner.hash}`).length
    t.chain.advance(15n)
    await settle()
    expect(t.chain.asked.filter((what) => what === `receipt ${winner.hash}`)).toHaveLength(asked)
  })

  test('too late and too cheap are said before anything is signed', async () => {
    const t = await fundedWallet()
    const { facade } = t.wallet
    const id = await send(t, 5n)
    const { approvalId } = await facade.prepareReplacement({ id, how: 'cancel' })
    const { least } = await facade.feeOptions({ id: approvalId })
    const cheap = { maxFeePerGas: least!.maxFeePerGas - 1n, maxPriorityFeePerGas: least!.maxPriorityFeePerGas }
    await facade.setFees({ id: approvalId, ...cheap })
    expect(approvalOf(t, approvalId).blocked).toMatchObject({ code: 'REPLACEMENT_TOO_CHEAP' })
    await facade.setFees({ id: approvalId, ...least! })
    expect(approvalOf(t, approvalId).blocked).toBeNull()
    t.chain.accounts.set(ADDRESS, { balance: 10n ** 19n, nonce: 4n })
    t.chain.advance(11n)
    await until(() => approvalOf(t, approvalId).blocked, 'the block')
    expect(approvalOf(t, approvalId).blocked).toMatchObject({ code: 'NUMBER_USED' })
    expect(t.chain.sent).toHaveLength(1)
  })

  test('the order of what waits is shown, with what is missing before it', async () => {
    const t = await fundedWallet()
    const ids = [await send(t, 1n), await send(t, 2n), await send(t, 3n)]
    const queues = () => ids.map((id) => entryOf(t, id).queue)
    await until(() => queues()[0] === 'next', 'the proven number')
    expect(queues()).toEqual(['next', 'behind', 'behind'])
    // The first never happened: a source that is asked again refuses it for good.
    t.chain.accounts.set(ADDRESS, { balance: 10n ** 19n, nonce: 2n })
    t.chain.advance(11n)
    await until(() => queues()[0] === 'gap', 'the gap')
    expect(queues()).toEqual(['gap', 'gap', 'gap'])
    t.chain.accounts.set(ADDRESS, { balance: 10n ** 19n, nonce: 4n })
    t.chain.advance(12n)
    await until(() => queues()[1] === 'next', 'the next number')
    expect(queues()).toEqual([null, 'next', 'behind'])
  })
})

describe('fees', () => {
  test('are the user’s when set, with what is odd about them said', async () => {
    const t = await fundedWallet()
    const { facade } = t.wallet
    const { approvalId: id } = await facade.prepareSend({ accountId: 'eth-0', to: TO, value: 1n })
    const { slow, normal, fast, least, history } = await facade.feeOptions({ id })
    expect(least).toBeNull()
    expect(normal).toEqual({ maxFeePerGas: 2_100_000_000n, maxPriorityFeePerGas: 100_000_000n })
    expect(slow.maxFeePerGas < normal.maxFeePerGas && normal.maxFeePerGas < fast.maxFeePerGas).toBe(true)
    expect(['proven', 'unproven']).toContain(history.kind)
    await facade.setFees({ id, ...fast })
    expect(approvalOf(t, id)).toMatchObject({
      revision: 2,
      maxFeePerGas: fast.maxFeePerGas,
      maxPriorityFeePerGas: { kind: 'attested', value: fast.maxPriorityFeePerGas, by: 'you' },
      warnings: [],
    })
    t.chain.baseFee = 50_000_000_000n
    t.chain.advance(11n)
    await until(() => approvalOf(t, id).warnings.length > 0, 'the warning')
    expect(approvalOf(t, id)).toMatchObject({ maxFeePerGas: fast.maxFeePerGas, warnings: [{ code: 'FEE_LOW' }] })
    for (const bad of [
      { maxFeePerGas: 1n, maxPriorityFeePerGas: 2n },
      { maxFeePerGas: -1n, maxPriorityFeePerGas: -1n },
      { maxFeePerGas: 1n << 70n, maxPriorityFeePerGas: 0n },
      { maxFeePerGas: 5 as never, maxPriorityFeePerGas: 0n },
    ])
      await expect(facade.setFees({ id, ...bad })).rejects.toMatchObject({ problem: { code: 'INVALID_FEES' } })
    await facade.approve({ id, revision: approvalOf(t, id).revision })
    await until(() => t.chain.sent.length === 1, 'sending')
    expect(parseTransaction(t.chain.sent[0]!)).toMatchObject(fast)
    await expect(facade.feeOptions({ id })).rejects.toMatchObject({ problem: { code: 'APPROVAL_GONE' } })
  })
})

describe('what is under way', () => {
  test('is handed over again after a while, and it is said when nobody takes it any more', async () => {
    const t = await fundedWallet()
    const id = await send(t, 5n)
    t.chain.advance(11n)
    await settle()
    t.chain.advance(30n)
    await settle()
    expect(t.chain.sent).toHaveLength(1)
    t.chain.advance(32n)
    await until(() => t.chain.sent.length === 2, 'the second time')
    expect(t.chain.sent[1]).toBe(t.chain.sent[0])
    t.chain.sendFault = fault('REJECTED', 'transaction underpriced')
    let head = 32n
    const dropped = () => {
      t.chain.advance(++head)
      return entryOf(t, id).problem?.code === 'DROPPED'
    }
    await until(dropped, 'the word')
    expect(head).toBeGreaterThan(50n)
    expect(entryOf(t, id)).toMatchObject({
      state: 'sent',
      problem: { message: expect.stringContaining('underpriced') },
    })
    t.chain.sendFault = null
    await t.wallet.facade.resend({ id })
    expect(entryOf(t, id)).toMatchObject({ state: 'sent', problem: null, takenBy: 'a test' })
  })
})
