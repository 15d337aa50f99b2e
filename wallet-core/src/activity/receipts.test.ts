import type { Hex, Receipt } from '@glowworm/light-client'
import { describe, expect, test } from 'vitest'
import { fault, headAt } from '../../test/fake-chain.ts'
import { ADDRESS, fundedWallet, PASSWORD, settle, until, utf8 } from '../../test/wallet.ts'

const TO = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const password = () => utf8(PASSWORD)
const receiptOf = (hash: Hex): Receipt => ({
  transactionHash: hash,
  blockHash: headAt(11n).optimistic.blockHash,
  blockNumber: 11n,
  transactionIndex: 0,
  type: 2,
  success: true,
  gasUsed: 21_000n,
  cumulativeGasUsed: 21_000n,
  firstLogIndex: 0,
  baseFeePerGas: 7n,
  logs: [],
})

describe('receipts that cannot be proven again', () => {
  test('what was proven final stays final when its receipt cannot be proven again, and is asked for once', async () => {
    const t = await fundedWallet()
    const { approvalId: id } = await t.wallet.facade.prepareSend({ accountId: 'eth-0', to: TO, value: 1n })
    await t.wallet.facade.approve({ id, revision: 1 })
    const { hash } = await until(() => t.state.activity.find(({ state }) => state === 'sent'), 'sending')
    t.chain.receipts.set(hash!, { receipt: receiptOf(hash!), final: true })
    t.chain.accounts.set(ADDRESS, { balance: 10n ** 19n, nonce: 4n })
    t.chain.advance(13n)
    await until(() => t.state.activity[0]!.state === 'final', 'finality')
    const asked = () => t.chain.asked.filter((what) => what.startsWith('receipt')).length
    for (const answer of [fault('TOO_FAR_BACK', 'too far', 'unprovable'), null]) {
      await t.wallet.facade.lock()
      t.chain.receipts.clear()
      t.chain.receiptFault = answer
      const before = asked()
      await t.wallet.facade.unlock({ password: password() })
      for (const block of [20n, 21n, 22n]) {
        t.chain.advance(block)
        await settle()
      }
      expect(asked()).toBe(before + 1)
      expect(t.state.activity[0]).toMatchObject({ state: 'final', problem: null })
      if (answer) expect(t.state.activity[0]!.receipt).toMatchObject({ problem: { code: 'TOO_FAR_BACK' } })
      else expect(t.state.activity[0]!.receipt).toBeNull()
    }
  })

  test('what was included and lies too far back now keeps its state and says so', async () => {
    const t = await fundedWallet()
    const { approvalId: id } = await t.wallet.facade.prepareSend({ accountId: 'eth-0', to: TO, value: 1n })
    await t.wallet.facade.approve({ id, revision: 1 })
    const { hash } = await until(() => t.state.activity.find(({ state }) => state === 'sent'), 'sending')
    t.chain.receipts.set(hash!, { receipt: receiptOf(hash!), final: false })
    t.chain.advance(11n)
    await until(() => t.state.activity[0]!.state === 'included', 'inclusion')
    t.chain.accounts.set(ADDRESS, { balance: 10n ** 19n, nonce: 4n })
    t.chain.receiptFault = fault('TOO_FAR_BACK', 'too far', 'unprovable')
    t.chain.advance(9_000n)
    await until(() => t.state.activity[0]!.problem !== null, 'the problem')
    expect(t.state.activity[0]).toMatchObject({ state: 'included', problem: { code: 'TOO_FAR_BACK' } })
    t.chain.receiptFault = null
    t.chain.receipts.set(hash!, { receipt: receiptOf(hash!), final: true })
    t.chain.advance(9_001n)
    await until(() => t.state.activity[0]!.state === 'final', 'a source that has the proof')
    expect(t.state.activity[0]!.problem).toBeNull()
  })

  test('a nonce proven at a newer head than the receipt was asked at raises no suspicion', async () => {
    const t = await fundedWallet()
    const { approvalId: id } = await t.wallet.facade.prepareSend({ accountId: 'eth-0', to: TO, value: 1n })
    await t.wallet.facade.approve({ id, revision: 1 })
    await until(() => t.state.activity[0]?.state === 'sent', 'sending')
    const { receipt } = t.chain.client
    t.chain.client.receipt = async (hash) => {
      const none = await receipt(hash)
      // Meanwhile the chain moves on, and with it the finalized nonce.
      t.chain.client.receipt = receipt
      t.chain.accounts.set(ADDRESS, { balance: 10n ** 19n, nonce: 4n })
      t.chain.receipts.set(hash, { receipt: receiptOf(hash), final: true })
      t.chain.advance(30n)
      return none
    }
    const problems: unknown[] = []
    t.wallet.facade.subscribe(({ activity }) => problems.push(activity[0]?.problem?.code ?? null))
    t.chain.advance(11n)
    await settle()
    t.chain.advance(31n)
    await until(() => t.state.activity[0]!.state === 'final', 'the receipt')
    expect(problems).not.toContain('PROBABLY_REPLACED')
  })
})
